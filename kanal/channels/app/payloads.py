"""What programs of the regency send and are answered: written once here, checked by it, shown by it in the OpenAPI."""

import re
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=4000, description="Kata-kata warga, seperti yang ditulisnya.")]
Line = Annotated[str, Meta(max_length=200)]
Latitude = Annotated[float, Meta(ge=-90, le=90, description="Derajat WGS84; selalu bersama lon.")]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="Derajat WGS84; selalu bersama lat.")]
Code = Annotated[str, Meta(min_length=1, max_length=40, description="Kode laporan, misalnya BJN-7K4M-9Q2X.")]
Identifier = Annotated[str, Meta(pattern="^[A-Za-z0-9._~:-]{1,100}$", description="webhook-id kiriman Anda.")]
Files = Annotated[
    list[Annotated[str, Meta(max_length=280, pattern="^https?://")]],
    Meta(max_length=5, description="Alamat foto, pesan suara, atau PDF di situs yang sudah didaftarkan."),
]


class Sender(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Warga yang berkata. Semua boleh dikosongkan; e-mail menerima kabar laporannya."""

    id: Annotated[str, Meta(max_length=100, description="Nomor orang ini di aplikasi Anda.")] = ""
    name: Annotated[str, Meta(max_length=120)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=30)] = ""


class ReportIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Laporan baru."""

    type: Literal["report"]
    text: Text
    kind: Literal["complaint", "aspiration", "information"] = "complaint"
    category: Annotated[str, Meta(max_length=80, description="service_code dari daftar Open311.")] = ""
    region: Annotated[str, Meta(max_length=13, description="Kode desa atau kecamatan dari Kemendagri.")] = ""
    place: Line = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    anonymous: Annotated[bool, Meta(description="Nama disembunyikan dari dinas yang menangani.")] = True
    sender: Sender = msgspec.field(default_factory=Sender)
    files: Files = []


class MessageIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Pesan: dengan code menambah keterangan pada laporan dari aplikasi Anda, tanpa code dibaca petugas."""

    type: Literal["message"]
    text: Text
    code: Annotated[str, Meta(max_length=40)] = ""
    sender: Sender = msgspec.field(default_factory=Sender)
    files: Files = []


class StatusIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Pertanyaan kabar: dengan kode laporan, atau dengan webhook-id kiriman Anda dulu."""

    type: Literal["status"]
    code: Code | None = None
    id: Identifier | None = None


class Taken(msgspec.Struct, kw_only=True):
    """Apa jadinya sebuah kiriman."""

    id: str
    state: Annotated[
        Literal["filed", "added", "waiting", "accepted", "dropped"],
        Meta(description="accepted: tersimpan dan segera dibaca; tanyakan lewat /status."),
    ]
    repeated: Annotated[bool, Meta(description="Kiriman dengan webhook-id ini sudah pernah diterima.")]
    code: str | None = None
    url: str | None = None
    due_on: date | None = None


class StatusOut(msgspec.Struct, kw_only=True):
    """Kabar sebuah laporan. Jawaban hanya ada pada laporan yang tampil untuk umum."""

    code: str
    status: str
    status_word: str
    kind: str
    received_at: datetime
    changed_at: datetime
    url: str
    category: str | None = None
    agency: str | None = None
    due_on: date | None = None
    answer: str | None = None


class Fault(msgspec.Struct, kw_only=True):
    """Satu hal yang keliru; field kosong bila menyangkut seluruh kiriman."""

    field: str
    message: str


class Faults(msgspec.Struct, kw_only=True):
    """Sebab sebuah kiriman ditolak."""

    errors: list[Fault]


INCOMING: dict[str, type[ReportIn | MessageIn | StatusIn]] = {
    "reports": ReportIn,
    "messages": MessageIn,
    "status": StatusIn,
}
Incoming = ReportIn | MessageIn | StatusIn
_WHERE = re.compile(r" - at `\$?\.?([^`]*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")
_UNKNOWN = re.compile(r"contains unknown field `([^`]+)`")


def read(call: str, body: bytes | str) -> Incoming | Fault:
    """What a body says, or what is wrong with it in a sentence that names the field."""
    try:
        return msgspec.json.decode(body, type=INCOMING[call])
    except msgspec.ValidationError as fault:
        return _fault(str(fault))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Fault(field="", message=_("Isinya bukan JSON yang utuh dalam UTF-8."))


def _fault(told: str) -> Fault:
    found = _WHERE.search(told)
    where = found[1] if found else ""
    if missing := _MISSING.search(told):
        return Fault(field=_joined(where, missing[1]), message=_("Wajib diisi."))
    if unknown := _UNKNOWN.search(told):
        return Fault(field=_joined(where, unknown[1]), message=_("Isian ini tidak dikenal."))
    return Fault(field=where, message=_("Jenis, panjang, atau pilihannya tidak cocok dengan dokumen OpenAPI."))


def _joined(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
