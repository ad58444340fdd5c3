"""What stands above the parts of a brief and below them, whatever was counted."""

from django.utils.translation import gettext as _

from kanal.brief.figures import Figures
from kanal.brief.models import Edition
from kanal.common.few import LEAST


def words(figures: Figures) -> dict[str, str]:
    """The headings of a brief, what stands in an empty part, and the heads of its tables."""
    return _titles(figures) | _heads()


def _titles(figures: Figures) -> dict[str, str]:
    regency = figures.scope == Edition.Scope.REGENCY
    return {
        "decisions": _("Perlu keputusan Bupati"),
        "decided": _("Diputus:"),
        "no_decisions": _("Tidak ada yang harus diputuskan pekan ini."),
        "issues": _("Lima isu teratas") if regency else _("Isu teratas"),
        "no_issues": _("Belum ada isu dengan %(least)s suara atau lebih.") % {"least": LEAST},
        "no_voices": "" if figures.summary.reports else _("Tidak ada laporan pekan ini."),
        "sudden": _("Muncul tiba-tiba") if regency else _("Muncul tiba-tiba di kabupaten"),
        "no_sudden": _("Tidak ada selain yang di atas.") if figures.sudden else _("Tidak ada yang melonjak."),
        "solved": _("Selesai pekan ini"),
        "no_solved": _("Belum ada isu yang dinyatakan selesai."),
        "promises": _("Janji"),
        "no_promises": _("Tidak ada janji yang lewat atau jatuh dalam tujuh hari."),
        "others": _("Isu berikutnya"),
        "fields": _("Menurut bidang"),
        "no_fields": _("Belum ada bidang dengan %(least)s suara atau lebih.") % {"least": LEAST},
        "districts": _("Menurut kecamatan"),
        "agencies": _("Menurut dinas") if regency else _("Dinas yang masih harus menjawab"),
        "villages": _("Menurut desa, delapan pekan"),
        "no_villages": _("Belum ada desa dengan %(least)s suara atau lebih.") % {"least": LEAST},
        "cases": _("Paling lama lewat tenggat"),
        "no_cases": _("Tidak ada laporan yang lewat tenggat."),
        "returned": _("Dikembalikan pekan ini"),
        "no_returned": _("Tidak ada laporan yang dikembalikan."),
        "legend": _("Batang: suara delapan pekan. Garis: putih dijawab, abu-abu belum, hitam lewat tenggat."),
        "legend_page": _("Batang: suara delapan pekan. Garis: hijau dijawab, kuning belum, merah lewat tenggat."),
        "pen": _("Catatan rapat"),
        "notes": _("Cara membaca"),
    }


def _heads() -> dict[str, str]:
    return {
        "head_issue": _("Isu"),
        "head_field": _("Bidang"),
        "head_week": _("Pekan ini"),
        "head_year": _("Setahun"),
        "head_change": _("Berubah"),
        "head_weeks": _("Delapan pekan"),
        "head_open": _("Terbuka"),
        "head_overdue": _("Lewat"),
        "head_in_time": _("Tepat waktu"),
        "head_rate": _("Per 10.000"),
        "head_district": _("Kecamatan"),
        "head_agency": _("Dinas"),
        "head_village": _("Desa"),
        "head_voices": _("Suara"),
        "head_code": _("Kode"),
        "head_report": _("Laporan"),
        "head_rank": _("Urutan"),
        "head_days": _("Lewat"),
        "answered": _("dijawab"),
        "waiting": _("belum"),
        "overdue": _("lewat tenggat"),
    }


def notes(figures: Figures) -> list[str]:
    """How the brief is counted and read, sentence by sentence."""
    regency = figures.scope == Edition.Scope.REGENCY
    order = {
        Edition.Scope.REGENCY.value: _(
            "Urutan isu menurut peringkat yang bobot dan hitungannya tampil di halaman Isu."
        ),
        Edition.Scope.AGENCY.value: _(
            "Isu yang dipimpin dinas ini dihitung seluruhnya; dari isu dinas lain hanya laporan di sini."
        ),
        Edition.Scope.DISTRICT.value: _("Urutan isu menurut suara dari kecamatan ini dalam empat pekan terakhir."),
    }
    found = [
        _("Pekan berjalan dari Jumat sampai Kamis. Satu orang satu suara, berapa kali pun ia menyampaikan."),
        order[figures.scope],
        _("Kelompok di bawah %(least)s suara tidak diceritakan, supaya tidak ada yang dikenali.") % {"least": LEAST},
        _("Kutipan berasal dari laporan yang terbuka untuk umum, tanpa nama dan nomor, dipilih yang paling khas."),
        _("Laporan pengawasan tidak dihitung sama sekali; laporan rahasia hanya ikut dalam jumlah laporan dan tenggat.")
        if regency
        else _("Laporan rahasia dan laporan pengawasan tidak dihitung."),
    ]
    if figures.candidates:
        found.append(_("Calon isu diusulkan mesin dan belum diperiksa koordinator."))
    return found
