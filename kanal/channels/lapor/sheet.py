"""The columns in which the administrators of SP4N-LAPOR! know a report, for rows that a person keys in there."""

from typing import Final

COLUMNS: Final = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Klasifikasi Laporan", "ID Kategori", "Kategori"),
    *("Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir", "Tipe Laporan (Anonim/Rahasia)", "Sumber Laporan"),
    *("Instansi Induk", "ID Instansi Terdisposisi", "Instansi Terdisposisi", "Status Laporan", "Alasan Tunda/Arsip"),
    *("Provinsi", "Kota/Kabupaten", "Kecamatan", "Kelurahan"),
)
"""The 20 columns of the newer "Laporan Ringkas", in its order. These are names of that system, not of our pages."""


def privacy(*, anonymous: bool, secret: bool) -> str:
    """Both switches in one cell, as exports write them."""
    return "|".join(word for word, on in (("Anonim", anonymous), ("Rahasia", secret)) if on)
