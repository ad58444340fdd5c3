"""Messages in the desk's inbox, as people write them where nobody leads them through a report."""

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from kanal.channels import actions, files, mailroom
from kanal.channels.models import Inbound
from tests.support.media import PlainMedium
from tests.support.media import delivery as posted

PHONE = "+6281234567890"
STORY = "Lampu jalan di depan balai desa mati sejak tiga hari, hubungi 081234567890."
OGG = b"OggS" + b"\0" * 200
PDF = b"%PDF-1.4" + b"\0" * 100


def jpeg(colour: str = "red") -> bytes:
    """A small photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def arrives(medium: PlainMedium, text: str = STORY, number: int = 1, **more: Any) -> Inbound:
    """Somebody writes where nobody leads people through a report; the worker reads and fetches what came along."""
    medium.talks = False  # type: ignore[misc]  # of this one object
    item = {
        "is": "said",
        "external_id": f"m{number}",
        "handle": PHONE,
        "at": datetime(2026, 11, 20, 3, number % 60, tzinfo=UTC).isoformat(),
        "text": text,
        "thread": "chat-1",
        "name": "Sari Utami",
        **more,
    }
    actions.store_delivery(medium=medium.medium, payload=posted(item))
    mailroom.read_deliveries(lambda: True)
    files.fetch_files(lambda: True)
    return Inbound.objects.get(external_id=item["external_id"])
