"""The sentences that citizens are sent and a coordinator may word anew. Pure text: no database.

In the code a sentence has gaps as gettext knows them, %(day)s; a coordinator reads and writes them as {tanggal}.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kanal.channels import openly
from kanal.reports.wordings_javanese import JAVANESE

GAPS = {
    "code": "kode",
    "day": "tanggal",
    "agency": "dinas",
    "main": "laporan_utama",
    "reason": "alasan",
    "question": "pertanyaan",
    "answer": "jawaban",
    "link": "tautan",
    "regency": "kabupaten",
    "status": "keadaan",
    "choices": "pilihan",
    "example": "contoh",
    "site": "situs",
    "note": "catatan",
    "proof": "kode_bukti",
    "text": "isi",
}
"""What stands in the gaps of sentences: the name in the code, and the one that a coordinator writes."""
_IN_CODE = re.compile(r"%\((\w+)\)s")
_WRITTEN = re.compile(r"\{([^{}\s]*)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `needed` are the gaps (as written) without which the reader would miss what it is about.

    `framed`: the frame stands around it; a message without one says all by itself.
    `alone`: it is said in one language, never in Javanese below Indonesian; `line`: on one line, as the title of a
    letter is.
    `chat`: it is said to somebody of whom no report is named: in a conversation, or where everybody reads it.
    """

    key: str
    name: Promise
    text: Promise
    needed: frozenset[str] = frozenset()
    framed: bool = True
    chat: bool = False
    alone: bool = False
    line: bool = False

    @property
    def javanese(self) -> str:
        """The sentence of the code in Javanese, for those who chose it; "" when there is none."""
        return JAVANESE.get(self.key, "")

    @property
    def default(self) -> str:
        """The sentence of the code, with gaps as a coordinator writes them."""
        return _IN_CODE.sub(lambda gap: f"{{{GAPS[gap[1]]}}}", self.in_code).replace("%%", "%")

    @property
    def in_code(self) -> str:
        """The sentence of the code, in Indonesian."""
        with override("id"):
            return str(self.text)

    @property
    def gaps(self) -> list[str]:
        """The gaps that may be used, as written; the report's code always may, in a conversation the regency's name."""
        used = [GAPS[name] for name in _IN_CODE.findall(self.in_code)]
        return list(dict.fromkeys([*used, "kabupaten" if self.chat else "kode"]))


def _spoken(key: str, name: Promise, text: Promise, *needed: str) -> Sentence:
    """A sentence of the conversation on a chat."""
    return Sentence(f"chat_{key}", name, text, frozenset(needed), framed=False, chat=True)


def _openly(purpose: str, name: Promise) -> Sentence:
    """A sentence that everybody reads; its number keeps it apart from the same one to somebody else."""
    needed = frozenset({"tautan", "catatan"})
    return Sentence(f"public_{purpose}", name, openly.HINTS[purpose], needed, framed=False, chat=True)


NOTICES: tuple[Sentence, ...] = (
    Sentence(
        "receipt",
        _("Tanda terima"),
        _("Laporan Anda sudah kami terima. Diteruskan ke dinas paling lambat %(day)s."),
    ),
    Sentence(
        "receipt_later",
        _("Alamat baru ditambahkan"),
        _("Mulai sekarang kabar tentang laporan Anda dikirim ke alamat ini."),
    ),
    Sentence(
        "assigned",
        _("Laporan diteruskan"),
        _("Laporan Anda sudah diteruskan ke %(agency)s. Paling lambat mulai ditangani %(day)s."),
    ),
    Sentence(
        "started",
        _("Mulai ditangani"),
        _("%(agency)s mulai menangani laporan Anda. Paling lambat selesai %(day)s."),
    ),
    Sentence(
        "question",
        _("Pertanyaan kepada pelapor"),
        _("Petugas perlu keterangan dari Anda:\n\n%(question)s\n\nHitungan waktu berhenti sampai Anda menjawab."),
        frozenset({"pertanyaan"}),
    ),
    Sentence(
        "answered",
        _("Jawaban"),
        _(
            "Jawaban %(agency)s:\n\n%(answer)s\n\n"
            "Belum beres? Katakan dalam 10 hari kerja lewat tautan di bawah, laporan bisa dibuka lagi."
        ),
        frozenset({"jawaban"}),
    ),
    Sentence(
        "merged",
        _("Laporan digabung"),
        _(
            "Sudah ada laporan lain tentang hal yang sama. Laporan Anda digabung dengan %(main)s; "
            "Anda tetap dikabari sampai selesai."
        ),
        frozenset({"laporan_utama"}),
    ),
    Sentence(
        "archived",
        _("Laporan diarsipkan"),
        _("Laporan Anda tidak dapat kami lanjutkan: %(reason)s."),
        frozenset({"alasan"}),
    ),
    Sentence(
        "reopened",
        _("Laporan dibuka lagi"),
        _("Laporan Anda dibuka lagi. Paling lambat ditangani %(day)s."),
    ),
    Sentence(
        "confirm_follow",
        _("Tautan untuk mengikuti"),
        _("Tekan tautan ini untuk mulai dikabari:\n\n%(link)s\n\nBukan Anda yang meminta? Abaikan saja pesan ini."),
        frozenset({"tautan"}),
        framed=False,
    ),
)
"""In the order in which a reporter meets them."""
TALK: tuple[Sentence, ...] = (
    _spoken(
        "greeting",
        _("Balasan sapaan"),
        _("Salam. Ini layanan aduan %(regency)s. Ada yang perlu diperbaiki? Ceritakan apa yang terjadi dan di mana."),
    ),
    _spoken(
        "what",
        _("Apa yang terjadi?"),
        _("Terima kasih. Ceritakan apa yang terjadi dan di mana. Foto, pesan suara, dan lokasi boleh menyusul."),
    ),
    _spoken(
        "what_again",
        _("Apa yang terjadi? (sekali lagi)"),
        _("Ceritakan sedikit lagi: apa yang rusak atau salah, dan sejak kapan? BATAL bila tidak jadi."),
    ),
    _spoken(
        "where",
        _("Di mana tempatnya?"),
        _("Di mana tempatnya? Kirim lokasi, atau tulis desa dan kecamatannya."),
    ),
    _spoken(
        "which",
        _("Desa yang mana?"),
        _("Ada beberapa tempat dengan nama itu. Yang mana? Balas nomornya.\n%(choices)s"),
        "pilihan",
    ),
    _spoken(
        "receipt",
        _("Tanda terima di percakapan"),
        _(
            "Laporan Anda kami terima.\nKode: %(code)s\nDiteruskan ke dinas paling lambat %(day)s.\n\n"
            "Lihat dan tambah keterangan: %(link)s\nJangan bagikan tautan ini. Tanya kabarnya kapan pun: CEK %(code)s"
        ),
        *("kode", "tautan"),
    ),
    _spoken(
        "silent",
        _("Diteruskan apa adanya (di atas tanda terima)"),
        _("Kami teruskan apa adanya. Ada tambahan? Balas saja di sini."),
    ),
    _spoken(
        "added",
        _("Ditambahkan ke laporan"),
        _("Kami tambahkan ke laporan %(code)s. Ini soal lain? Tulis lagi dengan LAPOR di depannya."),
        "kode",
    ),
    _spoken("status", _("Balasan CEK"), _("Laporan %(code)s: %(status)s."), "keadaan"),
    _spoken(
        "status_due",
        _("Balasan CEK dengan batas waktu"),
        _("Laporan %(code)s: %(status)s. Paling lambat %(day)s."),
        "keadaan",
    ),
    _spoken("unknown_code", _("Kode tidak ditemukan"), _("Kode itu belum kami temukan. Contoh: CEK %(example)s")),
    _spoken("cancelled", _("Tidak jadi melapor"), _("Baik, tidak jadi. Kalau perlu, tulis saja lagi kapan pun.")),
    _spoken(
        "nothing_to_cancel",
        _("BATAL tanpa laporan"),
        _("Tidak ada laporan yang sedang ditulis. Laporan yang sudah masuk bisa dicabut lewat tautannya."),
    ),
    _spoken(
        "thanks",
        _("Balasan terima kasih"),
        _("Sama-sama. Kalau ada yang perlu dilaporkan, tulis saja di sini. BANTUAN untuk petunjuk."),
    ),
    _spoken(
        "help",
        _("Balasan BANTUAN"),
        _(
            "Ini layanan aduan %(regency)s.\n\n"
            "• Melapor: ceritakan apa yang terjadi dan di mana. Foto, pesan suara, dan lokasi boleh.\n"
            "• CEK dan kode: melihat kabar laporan.\n"
            "• BATAL: tidak jadi melapor.\n"
            "• BERHENTI: tidak dikabari lagi.\n"
            "• GABUNG dan nomor HP atau e-mail Anda: menyatukannya dengan percakapan ini.\n"
            "• BASA JAWA, BAHASA INDONESIA atau ENGLISH: bahasa kabar untuk Anda.\n\n"
            "Melaporkan penyelewengan pegawai? Pakai halaman situs, supaya hanya Inspektorat yang membacanya."
        ),
    ),
    _spoken(
        "comment",
        _("Di bawah komentar"),
        _(
            "Terima kasih, laporan Anda sudah kami terima. Kode dan kabarnya kami kirim lewat pesan pribadi. "
            "Belum ada? Tulis ke kami: %(link)s"
        ),
        "tautan",
    ),
    _spoken(
        "comment_write",
        _("Di bawah komentar, tanpa pesan pribadi"),
        _("Terima kasih, laporan Anda sudah kami terima. Supaya bisa kami kabari, tulis ke kami: %(link)s"),
        "tautan",
    ),
    _spoken(
        "comment_answered",
        _("Di bawah komentar, setelah dijawab"),
        _("Laporan ini sudah dijawab. Jawabannya kami kirim lewat pesan pribadi. Belum ada? Tulis ke kami: %(link)s"),
        "tautan",
    ),
    _spoken(
        "comment_told_write",
        _("Di bawah komentar, setelah dijawab, tanpa pesan pribadi"),
        _("Laporan ini sudah dijawab. Supaya jawabannya bisa kami kirim, tulis ke kami: %(link)s"),
        "tautan",
    ),
    _spoken("language", _("Bahasa diganti"), _("Baik, mulai sekarang Anda kami kabari dalam bahasa ini.")),
    _spoken(
        "join_how",
        _("GABUNG tanpa alamat"),
        _(
            "Tulis GABUNG lalu nomor HP atau e-mail Anda yang lain, misalnya GABUNG nama@contoh.id. "
            "Kami kirim kode ke sana, supaya pasti itu milik Anda."
        ),
    ),
    _spoken(
        "join_sent",
        _("Kode dikirim"),
        _(
            "Kami kirim kode ke alamat itu, berlaku 15 menit. Balas di sini: %(example)s. "
            "Tidak sampai? Periksa tulisannya."
        ),
        "contoh",
    ),
    _spoken(
        "join_no_numbers",
        _("Nomor HP belum bisa disatukan"),
        _("Kode belum bisa dikirim ke nomor HP. Pakai e-mail: GABUNG nama@contoh.id."),
    ),
    _spoken(
        "proof_code",
        _("Kode bukti alamat"),
        _(
            "Kode Anda: %(proof)s\n\nKetik di tempat Anda memintanya, dalam 15 menit. Bukan Anda yang meminta? "
            "Abaikan, dan jangan beri tahu siapa pun kodenya."
        ),
        "kode_bukti",
    ),
    _spoken(
        "join_done",
        _("Alamat terbukti"),
        _("Terima kasih. Alamat itu terbukti milik Anda dan disatukan dengan percakapan ini."),
    ),
    _spoken(
        "join_wrong",
        _("Kode tidak cocok"),
        _("Kode itu tidak cocok atau tidak berlaku lagi. Minta yang baru: GABUNG dan alamatnya."),
    ),
    _spoken(
        "join_often",
        _("Kode terlalu sering diminta"),
        _("Kode sudah diminta beberapa kali hari ini. Coba lagi besok."),
    ),
)
"""What the conversation says, roughly in the order of a conversation."""
PUBLIC: tuple[Sentence, ...] = (
    _openly("receipt", _("Tanda terima di kolom umum")),
    _openly("answered", _("Kabar bahwa laporan dijawab, di kolom umum")),
)
"""What stands under a post or comment where no private message reaches its writer. No code is known there."""
FRAMES: tuple[Sentence, ...] = (
    Sentence(
        "frame",
        _("Bingkai setiap kabar"),
        _("%(text)s\n\nSelengkapnya: %(link)s\n\nKode laporan: %(code)s\nKanal %(regency)s"),
        frozenset({"isi", "tautan", "kode"}),
        framed=False,
        alone=True,
    ),
    Sentence(
        "frame_stop",
        _("Di bawah kabar kepada pengikut"),
        _("Tidak ingin dikabari lagi? %(link)s"),
        frozenset({"tautan"}),
        framed=False,
        alone=True,
    ),
)
"""What stands around a notice: greeting, link, code and signature; and how a follower ends the messages."""


def _title(key: str, name: Promise, text: Promise, *, chat: bool = False) -> Sentence:
    """The title of a letter, where the medium has one."""
    named = format_lazy(_("Judul “{name}”"), name=name)
    return Sentence(f"subject_{key}", named, text, framed=False, chat=chat, alone=True, line=True)


SUBJECTS: tuple[Sentence, ...] = (
    _title("receipt", _("Tanda terima"), _("Laporan %(code)s kami terima")),
    _title("assigned", _("Laporan diteruskan"), _("Laporan %(code)s diteruskan")),
    _title("started", _("Mulai ditangani"), _("Laporan %(code)s mulai ditangani")),
    _title("question", _("Pertanyaan kepada pelapor"), _("Ada pertanyaan tentang laporan %(code)s")),
    _title("answered", _("Jawaban"), _("Laporan %(code)s sudah dijawab")),
    _title("merged", _("Laporan digabung"), _("Laporan %(code)s digabung")),
    _title("archived", _("Laporan diarsipkan"), _("Laporan %(code)s tidak dilanjutkan")),
    _title("reopened", _("Laporan dibuka lagi"), _("Laporan %(code)s dibuka lagi")),
    _title("reopen_declined", _("Tetap selesai"), _("Laporan %(code)s tetap selesai")),
    _title("confirm_follow", _("Tautan untuk mengikuti"), _("Ikuti laporan %(code)s?")),
    _title("proof_code", _("Kode bukti alamat"), _("Kode untuk membuktikan alamat Anda"), chat=True),
    _title("message_answer", _("Balasan atas pesan"), _("Jawaban dari %(regency)s"), chat=True),
)
SENTENCES = (*NOTICES, *TALK, *PUBLIC, *FRAMES, *SUBJECTS)
BY_KEY: Mapping[str, Sentence] = {sentence.key: sentence for sentence in SENTENCES}


@cache
def _by_code() -> Mapping[str, Sentence]:
    return {sentence.in_code: sentence for sentence in SENTENCES}


def sentence_of(in_code: str) -> Sentence | None:
    """The sentence with this text in the code; None for one that is not a coordinator's to word."""
    return _by_code().get(in_code)


def gaps_in(text: str) -> list[str]:
    """The gaps of a text as a coordinator wrote it, each once."""
    return list(dict.fromkeys(_WRITTEN.findall(text)))


def filled(text: str, values: Mapping[str, object]) -> str:
    """A coordinator's text with its gaps filled. `values` go by the names of the code; an unknown gap stays."""
    known = {GAPS[name]: str(value) for name, value in values.items() if name in GAPS}
    return _WRITTEN.sub(lambda gap: known.get(gap[1], gap[0]), text)


def joined(texts: Iterable[str]) -> str:
    """The texts of several languages as one."""
    return "\n\n".join(filter(None, texts))
