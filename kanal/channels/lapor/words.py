"""The words of SP4N-LAPOR! exports and what they mean in Kanal: data only."""

import re
from typing import Final

_NOT_ALNUM = re.compile(r"[\W_]+")


def plain(word: str) -> str:
    """Return the word without case, spaces, underscores and punctuation, for comparing only."""
    return _NOT_ALNUM.sub("", word.casefold())


# Field of a row -> the column names seen or likely, the official one first. Compared through plain().
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "tracking_id": ("Tracking ID", "TrackingID", "ID Tracking", "ID Laporan", "Nomor Laporan", "No Laporan"),
    "received_on": ("Tanggal Laporan Masuk", "Tanggal Masuk", "Tanggal Laporan", "Tgl Laporan Masuk", "Tanggal"),
    "received_time": ("Waktu Laporan Masuk", "Waktu Masuk", "Jam Laporan Masuk", "Jam Masuk", "Waktu", "Jam"),
    "reporter_name": ("Nama Pelapor", "Pelapor"),
    "kind": ("Klasifikasi Laporan", "Klasifikasi", "Jenis Laporan"),
    "category_id": ("ID Kategori", "Kategori ID"),
    "category_name": ("Kategori", "Nama Kategori", "Kategori Laporan"),
    "title": ("Judul Laporan", "Judul"),
    "body_original": ("Isi Laporan Awal", "Isi Laporan", "Isi Awal", "Isi"),
    "body_final": ("Isi Laporan Akhir", "Isi Akhir"),
    "privacy": ("Tipe Laporan (Anonim/Rahasia)", "Tipe Laporan", "Tipe", "Anonim/Rahasia"),
    "source_name": ("Sumber Laporan", "Sumber"),
    "parent_agency": ("Instansi Induk",),
    "agency_external_id": ("ID Instansi Terdisposisi", "ID Instansi"),
    "agency_name": ("Instansi Terdisposisi", "Dinas Tujuan", "Instansi Tujuan", "Instansi", "OPD"),
    "status": ("Status Laporan", "Status"),
    "archive_reason": ("Alasan Tunda/Arsip", "Alasan Tunda", "Alasan Arsip", "Alasan"),
    "province": ("Provinsi", "Propinsi"),
    "regency": ("Kota/Kabupaten", "Kabupaten/Kota", "Kabupaten", "Kota"),
    "district": ("Kecamatan", "Kecamatan Final"),
    "village": ("Kelurahan", "Desa/Kelurahan", "Kelurahan/Desa", "Desa"),
}
FIELD_OF: Final[dict[str, str]] = {plain(name): field for field, names in COLUMNS.items() for name in names}
TEXT_FIELDS: Final = ("title", "body_original", "body_final")

BANNER_LABELS: Final[dict[str, str]] = {
    plain("Nama Instansi"): "agency_name",
    plain("Periode Masuk"): "period",
    plain("Periode"): "period",
    plain("Tanggal Generate"): "generated",
    plain("Pengelola"): "manager",
}

# Status words seen in exports come first in each group; the README holds the same table.
_STATUS_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "received": ("Belum Terverifikasi", "Belum Diverifikasi", "Menunggu Verifikasi", "Laporan Masuk"),
    "assigned": (
        "Terverifikasi",
        "Terdisposisi",
        "Terverifikasi dan Terdisposisi",
        "Terverifikasi & Didisposisi",
        "Didisposisikan",
        "Belum Ditindaklanjuti",
    ),
    "in_progress": ("Sedang Diproses", "Diproses", "Dalam Proses", "Proses", "Proses Tindak Lanjut"),
    "needs_info": ("Menunggu Kelengkapan Informasi", "Menunggu Kelengkapan", "Ditunda", "Tunda"),
    "answered": ("Sudah Ditindaklanjuti", "Telah Ditindaklanjuti", "Ditindaklanjuti", "Sudah Ditanggapi"),
    "closed": ("Ditutup oleh Sistem", "Ditutup oleh Admin", "Ditutup oleh Pelapor", "Ditutup", "Selesai"),
    "archived": (
        "Diarsipkan oleh Admin",
        "Diarsipkan oleh Sistem",
        "Diarsipkan oleh Pelapor",
        "Diarsipkan",
        "Konten Terblokir",
        "Dihapus",
    ),
}
STATUS_OF: Final[dict[str, str]] = {plain(word): status for status, words in _STATUS_GROUPS.items() for word in words}
STATUSES: Final = frozenset(_STATUS_GROUPS)

# The other way round: the word in which a status of ours is told there.
WORD_OF: Final[dict[str, str]] = {
    "received": "Belum Terverifikasi",
    "assigned": "Terdisposisi",
    "in_progress": "Sedang Diproses",
    "needs_info": "Menunggu Kelengkapan Informasi",
    "answered": "Sudah Ditindaklanjuti",
    "closed": "Ditutup oleh Admin",
    "archived": "Diarsipkan oleh Admin",
    "merged": "Diarsipkan oleh Admin",
}

# Classification -> (kind, supervision). An empty classification is a report that nobody has classified yet.
KIND_OF: Final[dict[str, tuple[str, bool]]] = {
    "": ("complaint", False),
    plain("Pengaduan"): ("complaint", False),
    plain("Pengaduan Berkadar Pengawasan"): ("complaint", True),
    plain("Pengaduan Tidak Berkadar Pengawasan"): ("complaint", False),
    plain("Aspirasi"): ("aspiration", False),
    plain("Permintaan Informasi"): ("information", False),
    plain("Permohonan Informasi"): ("information", False),
    plain("Whistle-blowing"): ("whistleblowing", True),
    plain("Whistleblowing System"): ("whistleblowing", True),
    plain("Whistleblower"): ("whistleblowing", True),
    plain("WBS"): ("whistleblowing", True),
}

# (kind, supervision) -> the classification as its form offers it. Whistle-blowing is never written there.
CLASSIFICATION_OF: Final[dict[tuple[str, bool], str]] = {
    ("complaint", False): "Pengaduan Tidak Berkadar Pengawasan",
    ("complaint", True): "Pengaduan Berkadar Pengawasan",
    ("aspiration", False): "Aspirasi",
    ("aspiration", True): "Aspirasi",
    ("information", False): "Permintaan Informasi",
    ("information", True): "Permintaan Informasi",
}

# One cell holds both switches ("Anonim|Rahasia"); these words say that a switch is off.
OPEN_WORDS: Final = frozenset({"terbuka", "publik", "normal", "biasa", "umum", "tidak", ""})

# What programs write for an empty cell, and what people write for an unknown place or agency.
NOTHING: Final = frozenset({"nan", "none", "null", "nat", "n/a", "#n/a"})
UNKNOWN: Final = frozenset({"-", "--", "tidak diketahui", "tidak ada", "kosong"})

_MONTHS: Final = (
    ("january", "januari", "jan"),
    ("february", "februari", "pebruari", "feb", "peb"),
    ("march", "maret", "mar", "mrt"),
    ("april", "apr"),
    ("may", "mei"),
    ("june", "juni", "jun"),
    ("july", "juli", "jul"),
    ("august", "agustus", "aug", "agu", "ags", "agt", "agst"),
    ("september", "sep", "sept"),
    ("october", "oktober", "oct", "okt"),
    ("november", "nopember", "nov", "nop"),
    ("december", "desember", "dec", "des"),
)
MONTH_OF: Final[dict[str, int]] = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
