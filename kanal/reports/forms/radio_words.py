"""What the script of the radio desk says; it travels with the page, so that it is translated like the rest."""

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    """Each sentence by the name under which the scripts know it."""
    return {
        "choices": _("Pilihan desa"),
        "no_village": _("Bukan nama desa: disimpan sebagai patokan."),
        "which_village": _("Pilih desanya dari daftar: tombol panah, lalu Enter."),
        "categories": _("Pilihan kategori"),
        "no_category": _("Kategori itu tidak ada. Ketik nomor atau hurufnya, atau kosongkan."),
        "short": _("Terlalu pendek untuk ditindaklanjuti. Tambahkan: jalan mana, seberapa parah, sejak kapan."),
        "saved": _("%(name)s tersimpan. Bacakan kodenya: %(code)s") % {"name": "{name}", "code": "{code}"},
        "unsent": _("%(count)s telepon belum terkirim") % {"count": "{count}"},
        "offline": _("Tidak ada sambungan. Terus mencatat saja: dikirim sendiri begitu tersambung."),
        "trouble": _("Kanal sedang bermasalah. Terus mencatat saja: dikirim ulang otomatis."),
        "session": _("Anda perlu masuk lagi. Teleponnya aman di peramban ini: masuk di tab lain, lalu muat ulang."),
        "sending": _("Sedang dikirim…"),
        "not_kept": _("Peramban ini tidak bisa menyimpan. Jangan tutup halaman sampai semua terkirim."),
        "mend": _("Perbaiki"),
        "drop": _("Buang"),
        "finish": _("Simpan atau kosongkan dulu isian ini."),
        "nameless": _("Tanpa nama"),
        "gone": _("Siaran itu tidak ditemukan."),
    }
