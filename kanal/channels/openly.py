"""What is said where everybody reads it: short, without anybody's data, and with the place to go on in private."""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kanal.common.codes import ALPHABET
from kanal.common.masking import mask

HINTS: Mapping[str, Promise] = {
    "receipt": gettext_lazy(
        "Terima kasih, laporan Anda sudah kami catat. Kode dan kabarnya tidak kami tulis di kolom umum. "
        "Lanjutkan di %(link)s (catatan %(note)s)"
    ),
    "answered": gettext_lazy(
        "Laporan Anda sudah dijawab. Yang boleh dibaca umum ada di %(site)s. Lanjutkan di %(link)s (catatan %(note)s)"
    ),
}
"""What a reporter is told in public, by purpose, where no private message reaches them. The rest stays unsaid."""
Say = Callable[[str, Promise, Mapping[str, str]], str]
say: list[Say] = [lambda _purpose, text, values: str(text) % values]
"""Who words a hint, by purpose, sentence of the code and values; the room above that lets people word it is last."""
_DASH = "[-\u2010-\u2015]"
_GROUP = f"[{ALPHABET}]{{4}}"
CODE = re.compile(rf"(?<![/\w])[A-Z]{{2,5}}{_DASH}{_GROUP}{_DASH}{_GROUP}\b", re.IGNORECASE)
_SECRET_PART = re.compile(r"/[\w-]{20,}")


def way_on() -> str:
    """Where somebody who wrote in public goes on unseen by others: an address, or words."""
    return str(settings.PUBLIC_CONTINUE or f"{settings.BASE_URL}/lapor/")


def openly(text: str) -> str:
    """A text as it may stand in public: numbers and addresses of people, tracking codes and private links are gone."""
    with override("id"):
        text = CODE.sub(_("[kode disembunyikan]"), text)
    pieces = re.split(r"(https?://\S+)", text)
    return "".join(_link(piece) if at % 2 else mask(piece).text for at, piece in enumerate(pieces))


def _link(link: str) -> str:
    """Other people's links and our public pages stay; what has a secret in it becomes the way to go on."""
    ours = link.startswith(f"{settings.BASE_URL}/") or link == settings.BASE_URL
    if ours and _SECRET_PART.search(link[len(settings.BASE_URL) :]):
        return way_on()
    return link


def hint(purpose: str, key: str) -> str:
    """What stands in public for a message that belongs to one person alone. Its number keeps two of them apart."""
    note = int(sha256(key.encode()).hexdigest()[:8], 16) % 9000 + 1000
    values = {"link": way_on(), "site": settings.BASE_URL, "note": str(note)}
    with override("id"):
        return say[-1](purpose, HINTS[purpose], values)


def kept_back(purpose: str, thread: str) -> str:
    """Why a message is not sent where everybody reads and nobody can be reached alone, or ""."""
    if thread or purpose in HINTS:
        return ""
    return _("Saluran ini dibaca umum, jadi kabar ini tidak ditulis di sana.")
