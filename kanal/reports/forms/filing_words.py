"""What the script of the form says; it travels with the page, so that it is translated like the rest."""

from django.utils.translation import gettext as _


def script_words(regency: str) -> dict[str, str]:
    """Each sentence by the name under which the scripts of the form know it."""
    return {
        "saved": _("Draf tersimpan %(time)s") % {"time": "{time}"},
        "short": _("Terlalu pendek untuk ditindaklanjuti. Tambahkan: jalan mana, seberapa parah, sejak kapan."),
        "long": _("Panjangnya %(actual)s huruf, paling banyak 20.000. Ringkas dulu, atau kirim sisanya nanti.")
        % {"actual": "{actual}"},
        "refused": _("Kiriman ini tidak bisa kami terima. Kurangi fotonya, atau muat ulang halaman ini."),
        "offline": _("Tidak ada sambungan. Laporan Anda tersimpan di HP ini dan dikirim sendiri begitu tersambung."),
        "trouble": _("Maaf, kami sedang bermasalah. Laporan Anda tersimpan di HP ini dan dikirim ulang otomatis."),
        "whistle": _("Belum terkirim. Jangan tutup halaman ini: kami mencoba lagi sendiri."),
        "sending": _("Sedang dikirim…"),
        "not_photo": _("%(name)s bukan foto. Kirim foto saja, atau ceritakan isinya.") % {"name": "{name}"},
        "too_many": _("Paling banyak %(most)s foto.") % {"most": "{most}"},
        "too_large": _("%(name)s terlalu besar. Paling besar 20 MB.") % {"name": "{name}"},
        "remove": _("Hapus %(name)s") % {"name": "{name}"},
        "ready": _("%(name)s, siap dikirim") % {"name": "{name}"},
        "pin_at": _("Pin di %(place)s") % {"place": "{place}"},
        "pin_bare": _("Pin sudah ditaruh."),
        "accuracy": _("ketelitian %(metres)s meter") % {"metres": "{metres}"},
        "tap": _("Ketuk tempat kejadiannya."),
        "outside": _("Titik itu di luar %(regency)s. Geser pinnya, atau tulis tempatnya di bawah.")
        % {"regency": regency},
        "gps_failed": _("Lokasi HP tidak terbaca. Pilih di peta, atau tulis di bawah."),
        "map_failed": _("Peta belum bisa dibuka. Pilih desanya di bawah."),
        "choices": _("Pilihan desa"),
        "no_village": _("Tidak ada desa dengan nama itu. Tulis saja di patokan."),
        "supported": _("Terima kasih, suara Anda dihitung. Ikuti perkembangannya di halaman laporan itu."),
        "not_supported": _("Belum tercatat. Coba lagi sebentar lagi."),
    }
