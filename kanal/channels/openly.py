"""What is said where everybody reads it: short, without anybody's data, and with the place to go on in private."""

import re
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.common.codes import ALPHABET
from kanal.common.masking import mask

POSTED = frozenset({"receipt", "answered"})
"""What a reporter is told in public, in general words, where no private message reaches them. The rest stays unsaid."""
_DASH = "[-\u2010-\u2015]"
_GROUP = f"[{ALPHABET}]{{4}}"
_CODE = re.compile(rf"(?<![/\w])[A-Z]{{2,5}}{_DASH}{_GROUP}{_DASH}{_GROUP}\b", re.IGNORECASE)
_SECRET_PART = re.compile(r"/[\w-]{20,}")


def way_on() -> str:
    """Where somebody who wrote in public goes on unseen by others: an address, or words."""
    return str(settings.PUBLIC_CONTINUE or f"{settings.BASE_URL}/lapor/")


def openly(text: str) -> str:
    """A text as it may stand in public: numbers and addresses of people, tracking codes and private links are gone."""
    with override("id"):
        text = _CODE.sub(_("[kode disembunyikan]"), text)
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
    number = int(sha256(key.encode()).hexdigest()[:8], 16) % 9000 + 1000
    with override("id"):
        said = (
            _("Laporan Anda sudah dijawab. Yang boleh dibaca umum ada di %(site)s.") % {"site": settings.BASE_URL}
            if purpose == "answered"
            else _("Terima kasih, laporan Anda sudah kami catat. Kode dan kabarnya tidak kami tulis di kolom umum.")
        )
        further = _("Lanjutkan di %(link)s (catatan %(number)s)")
        return f"{said} {further % {'link': way_on(), 'number': number}}"


def kept_back(purpose: str, thread: str) -> str:
    """Why a message is not sent where everybody reads and nobody can be reached alone, or ""."""
    if thread or purpose in POSTED:
        return ""
    return _("Saluran ini dibaca umum, jadi kabar ini tidak ditulis di sana.")
