"""The small words of invented complaints: spots of a village, times, greetings, names, and how people really type."""

from typing import Final

SPOTS: Final = (
    *("depan balai desa", "pertigaan pasar", "sebelah SD", "depan masjid", "jembatan kecil", "perempatan balai RW"),
    *("tikungan makam", "depan kantor desa", "gang musala", "belakang pasar", "pinggir bengawan", "depan puskesmas"),
    *("lapangan desa", "jalan poros", "dekat poskamling", "samping SMP", "depan warung Bu Tini", "RT 03 RW 02"),
    *("RT 01 RW 05", "dusun krajan", "dekat toko bangunan", "gapura masuk", "perempatan utama", "dekat gudang bulog"),
    *("jalan menuju sawah", "depan TK", "dekat tower", "pertigaan gardu", "RT 12 RW 01", "utara rel kereta"),
)
SINCE: Final = (
    *("sejak dua minggu", "sudah sebulan", "sejak kemarin", "sudah hampir setengah tahun", "sejak tiga hari lalu"),
    *("sejak habis lebaran", "sudah lama sekali", "sejak musim hujan kemarin", "wis telung dina", "wis sesasi"),
    *("sejak minggu lalu", "sudah lima hari", "sudah 2 minggu", "sejak bulan lalu", "sejak tadi malam", "wis suwe"),
)
GREETINGS: Final = (
    *("Assalamualaikum.", "Selamat pagi.", "Selamat siang.", "Mohon maaf sebelumnya.", "Kulo nuwun."),
    *("Yth. Bapak Bupati,", "Pak Bupati,", "Maaf min.", "Halo admin.", "Permisi, mau lapor.", "Dengan hormat."),
)
THANKS: Final = (
    *("Terima kasih.", "Matur nuwun.", "Suwun.", "Makasih min.", "Terima kasih sebelumnya.", "Wassalam."),
    *("Mohon jawabannya.", "Semoga cepat ditanggapi.", "Matur nuwun sanget.", "Salam sehat."),
)
REPEATED: Final = (
    *(
        "Sudah pernah lapor ke desa tapi belum ada tindakan.",
        "Ini laporan saya yang kedua.",
        "Katanya sudah dianggarkan.",
    ),
    *("Tetangga juga mengeluhkan hal yang sama.", "Kami siap membantu gotong royong.", "Foto terlampir."),
    *(
        "Kalau tidak salah tahun lalu sudah diusulkan.",
        "Ngapunten menawi lepat.",
        "Tolong jangan cuma dijawab koordinasi.",
    ),
)
CALL_ME: Final = ("Hubungi saya di {phone}.", "WA {phone} ya.", "Nomor saya {phone}.", "cp {phone}")

SHORT_FORMS: Final = {
    "yang": "yg",
    "tidak": "gak",
    "sudah": "sdh",
    "dengan": "dgn",
    "untuk": "utk",
    "jalan": "jln",
    "karena": "krn",
    "sampai": "sampe",
    "kalau": "klo",
    "saja": "aja",
    "sangat": "bgt",
    "belum": "blm",
    "mohon": "mhn",
    "banyak": "byk",
    "segera": "sgr",
    "tolong": "tlg",
    "dari": "dr",
    "kami": "kmi",
    "bisa": "bs",
    "tahun": "thn",
}
JAVANESE: Final = {
    "tidak": "ora",
    "sudah": "wis",
    "jalan": "dalan",
    "air": "banyu",
    "rumah": "omah",
    "besar": "gedhe",
    "sampai": "tekan",
    "belum": "durung",
    "orang": "wong",
    "malam": "bengi",
    "di": "neng",
    "sekali": "tenan",
    "kalau": "yen",
    "dekat": "cedhak",
    "anak": "bocah",
    "mohon": "nyuwun",
    "segera": "ndang",
    "gelap": "peteng",
}

FIRST_NAMES: Final = (
    *("Siti", "Sri", "Slamet", "Sutrisno", "Wahyu", "Eko", "Dwi", "Tri", "Agus", "Bambang", "Endang", "Lilik"),
    *("Nur", "Muhammad", "Ahmad", "Yuni", "Rini", "Suparman", "Kasiyem", "Parti", "Joko", "Hadi", "Mujiono"),
    *("Khoirul", "Fitri", "Ratna", "Yanto", "Sumarni", "Wiwik", "Budi", "Indah", "Rohmat", "Ngatini", "Arif"),
)
LAST_NAMES: Final = (
    *("Wahyuni", "Lestari", "Santoso", "Prasetyo", "Utami", "Hidayat", "Handayani", "Susanto", "Rahayu", "Setiawan"),
    *("Aminah", "Kurniawan", "Purnomo", "Wibowo", "Astuti", "Saputra", "Mulyono", "Zulaikah", "Hartono", "Maulana"),
    *("Puspita", "Nugroho", "Fauzi", "Anggraini", "Sukardi", "Suryani", "Widodo", "Kusuma"),
)

QUESTIONS: Final = (
    "Mohon sebutkan RT atau patokan terdekat supaya petugas tidak salah tempat.",
    "Boleh kirim satu foto dari lokasi?",
    "Sejak kapan kejadiannya, dan siapa yang bisa kami temui di sana?",
    "Mohon nomor pelanggan atau nomor berkasnya.",
)
REPLIES: Final = (
    "Di sebelah warung, RT 02. Saya ada di rumah kalau sore.",
    "Ini pak, persis di depan musala. Kalau bingung tanya Pak RT.",
    "Kejadiannya sejak Senin. Silakan datang kapan saja.",
    "Sudah saya kirim fotonya, matur nuwun.",
)
STILL_WRONG: Final = (
    "Baru ditambal sebagian, yang dekat tikungan masih bolong.",
    "Petugas sudah datang tetapi sampai sekarang belum dikerjakan.",
    "Dua hari beres, sekarang kembali seperti semula.",
    "Jawabannya tidak sesuai dengan yang saya laporkan.",
)
DECLINED: Final = (
    "Petugas sudah mengecek ulang dan pekerjaan sesuai laporan. Bila ada lokasi lain, silakan buat laporan baru.",
    "Bagian yang tersisa adalah kewenangan desa dan sudah kami teruskan.",
)
NOTES: Final = (
    "Sudah ditelepon, perangkat desa membenarkan.",
    "Alat berat sedang dipakai di tempat lain, giliran minggu depan.",
    "Titik ini pernah dilaporkan tahun lalu.",
    "Menunggu bahan datang.",
)
COMMENTS: Final = (
    "",
    "",
    "",
    "Cepat, matur nuwun.",
    "Petugasnya ramah.",
    "Semoga awet.",
    "Masih kurang, tetapi lumayan.",
)
