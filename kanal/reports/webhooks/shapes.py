"""What is told to programs that subscribed: a CloudEvent in structured JSON, with facts and never words or persons."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

PREFIX = "id.kanal.report."
PING = "id.kanal.ping"
TYPES: dict[str, Promise] = {
    f"{PREFIX}filed": _("laporan masuk"),
    f"{PREFIX}assigned": _("diteruskan ke dinas"),
    f"{PREFIX}returned": _("dikembalikan dinas"),
    f"{PREFIX}started": _("mulai ditangani"),
    f"{PREFIX}asked": _("pelapor dimintai keterangan"),
    f"{PREFIX}replied": _("pelapor menambah keterangan"),
    f"{PREFIX}answered": _("dijawab"),
    f"{PREFIX}rated": _("dinilai pelapor"),
    f"{PREFIX}closed": _("selesai"),
    f"{PREFIX}reopened": _("dibuka lagi"),
    f"{PREFIX}merged": _("digabung"),
    f"{PREFIX}archived": _("diarsipkan atau dicabut"),
    f"{PREFIX}escalated": _("naik ke atasan"),
}
"""Every type of event and what it is called on the desk."""
OF_VERB = {
    verb: PREFIX + name
    for verb, name in {
        "assign": "assigned",
        "return_": "returned",
        "recall": "returned",
        "start": "started",
        "ask_info": "asked",
        "reply": "replied",
        "publish_answer": "answered",
        "feedback": "rated",
        "close": "closed",
        "reopen": "reopened",
        "merge": "merged",
        "archive": "archived",
        "withdraw": "archived",
        "take_back": "archived",
        "escalate": "escalated",
    }.items()
}
"""Which deed is which event; notes, drafts and openings of an identity are nobody else's business."""
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


class ReportFacts(msgspec.Struct, kw_only=True):
    """Keadaan laporan sesaat sesudah kejadian. version naik tiap kejadian, jadi urutannya bisa dikenali."""

    code: str
    version: int
    status: str
    kind: str
    category: Annotated[str | None, Meta(description="service_code Open311")]
    agency: Annotated[str | None, Meta(description="kode dinas")]
    region: Annotated[str | None, Meta(description="kode Kemendagri; hanya pada laporan yang tampil untuk umum")]
    received_at: datetime
    due_on: date | None
    url: str


class Ping(msgspec.Struct, kw_only=True):
    """Isi kiriman uji coba."""

    message: str


class Envelope(msgspec.Struct, kw_only=True):
    """CloudEvents 1.0, mode terstruktur. id tetap sama tiap kali dikirim ulang."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    time: datetime
    subject: str
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str


class CloudEvent(Envelope, kw_only=True):
    """Kejadian sebuah laporan sebagai CloudEvents 1.0, mode terstruktur. id tetap sama tiap kali dikirim ulang."""

    data: ReportFacts


class PingEvent(Envelope, kw_only=True):
    """Uji coba sebagai CloudEvents 1.0."""

    data: Ping
