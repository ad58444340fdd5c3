"""The sentences of the code in Javanese, for those who chose it: polite krama, short, as a village clerk writes.

By key of the sentence, with gaps as a coordinator writes them. Dates and states stand in them in Indonesian, as people
say them there. A coordinator's own Javanese text goes before these; a sentence that is missing here is Indonesian.
"""

from collections.abc import Mapping

JAVANESE: Mapping[str, str] = {
    "receipt": "Matur nuwun, laporan panjenengan sampun dipun tampi. "
    "Badhe dipun terasaken dhateng dinas paling lambat {tanggal}.",
    "assigned": "Laporan panjenengan sampun dipun terasaken dhateng {dinas}. "
    "Paling lambat wiwit dipun garap {tanggal}.",
    "started": "{dinas} sampun wiwit nggarap laporan panjenengan. Paling lambat rampung {tanggal}.",
    "question": "Petugas mbetahaken katrangan saking panjenengan:\n\n{pertanyaan}\n\n"
    "Petangan wekdalipun kendel ngantos panjenengan paring wangsulan.",
    "answered": "Wangsulan saking {dinas}:\n\n{jawaban}\n\n"
    "Dereng beres? Mangga paring kabar ing salebeting 10 dinten kerja lumantar tautan ing ngandhap, "
    "laporan saged dipun bikak malih.",
    "reopened": "Laporan panjenengan dipun bikak malih. Paling lambat dipun garap {tanggal}.",
    "chat_greeting": "Sugeng rawuh. Menika layanan aduan {kabupaten}. Wonten ingkang prelu dipun dandosi? "
    "Mangga dipun cariosaken menapa ingkang kedadosan lan wonten pundi.",
    "chat_what": "Matur nuwun. Mangga dipun cariosaken menapa ingkang kedadosan lan wonten pundi. "
    "Foto, pesen swanten, lan lokasi saged nyusul.",
    "chat_what_again": "Nyuwun tulung dipun cariosaken sekedhik malih: menapa ingkang risak utawi klentu, "
    "lan wiwit kapan? BATAL menawi mboten sios.",
    "chat_where": "Panggenanipun wonten pundi? Mangga ngintun lokasi, utawi nyerat desa lan kecamatanipun.",
    "chat_which": "Wonten sawetawis panggenan kanthi nami menika. Ingkang pundi? "
    "Mangga dipun wangsuli nomeripun.\n{pilihan}",
    "chat_receipt": "Matur nuwun, laporan panjenengan sampun dipun tampi.\nKode: {kode}\n"
    "Badhe dipun terasaken dhateng dinas paling lambat {tanggal}.\n\n"
    "Mirsani lan nambahi katrangan: {tautan}\n"
    "Tautan menika sampun ngantos dipun paringaken dhateng tiyang sanes. Badhe mirsani kabaripun: CEK {kode}",
    "chat_silent": "Laporanipun dipun terasaken menapa wontenipun. Badhe nambahi? Mangga dipun wangsuli wonten mriki.",
    "chat_added": "Sampun dipun tambahaken dhateng laporan {kode}. Menawi prekawis sanes, "
    "mangga nyerat malih mawi LAPOR wonten ngajengipun.",
    "chat_unknown_code": "Kode menika dereng kepanggih. Tuladhanipun: CEK {contoh}",
    "chat_cancelled": "Inggih, mboten sios. Menawi prelu, mangga nyerat malih kapan kemawon.",
    "chat_nothing_to_cancel": "Mboten wonten laporan ingkang saweg dipun serat. "
    "Laporan ingkang sampun mlebet saged dipun cabut lumantar tautanipun.",
    "chat_thanks": "Sami-sami. Menawi wonten ingkang prelu dipun laporaken, mangga nyerat wonten mriki. "
    "BANTUAN kangge pitedah.",
    "chat_help": "Menika layanan aduan {kabupaten}.\n\n"
    "• Lapor: cariosaken menapa ingkang kedadosan lan wonten pundi. Foto, pesen swanten, lan lokasi saged.\n"
    "• CEK lan kode: mirsani kabar laporan.\n"
    "• BATAL: mboten sios lapor.\n"
    "• BERHENTI: mboten dipun kabari malih.\n"
    "• GABUNG lan nomer HP utawi e-mail panjenengan: dipun satunggalaken kaliyan pacelathon menika.\n"
    "• BASA JAWA, BAHASA INDONESIA utawi ENGLISH: basa kangge kabar panjenengan.\n\n"
    "Badhe nglaporaken penyelewengan pegawai? Mangga lumantar halaman situs, "
    "supados namung Inspektorat ingkang maos.",
    "chat_language": "Inggih, wiwit samenika panjenengan dipun kabari mawi basa menika.",
    "frame": "{isi}\n\nJangkepipun: {tautan}\n\nKode laporan: {kode}\nKanal {kabupaten}",
    "frame_stop": "Mboten kersa dipun kabari malih? {tautan}",
    "subject_receipt": "Laporan {kode} sampun dipun tampi",
    "subject_assigned": "Laporan {kode} dipun terasaken",
    "subject_started": "Laporan {kode} wiwit dipun garap",
    "subject_question": "Wonten pitakenan babagan laporan {kode}",
    "subject_answered": "Laporan {kode} sampun dipun wangsuli",
    "subject_reopened": "Laporan {kode} dipun bikak malih",
}
