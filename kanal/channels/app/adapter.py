"""Other apps of the regency as a medium: what they posted is stored as an envelope and read from there."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from kanal.channels import outside
from kanal.channels.adapters import (
    Adapter,
    FileRef,
    GoneError,
    Item,
    Said,
    Step,
    TryLaterError,
    UnreachableError,
    unknown_shape,
)
from kanal.channels.app import payloads, shelf
from kanal.channels.app.payloads import MessageIn, ReportIn
from kanal.channels.app.shelf import Upload
from kanal.channels.calling import download
from kanal.channels.files import LARGEST
from kanal.channels.models import InboundFile, Medium

_SHELF = "shelf:"
steps_of_rooms_above: list[Callable[[], list[Step]]] = []
"""The apps and their keys belong to the room above, which says here what is still to be done."""


def message_id(app: int, identifier: str) -> str:
    """The id under which a message of an app is known in the mailroom."""
    return f"{app}:{identifier}"


def envelope(*, app: int, identifier: str, call: str, body: bytes, at: datetime, uploads: Sequence[Upload]) -> str:
    """A call as it is stored: who sent it, what, and where on the shelf its files lie."""
    files = [{"name": one.name, "mime": one.mime, "token": one.token} for one in uploads]
    told = {"app": app, "id": identifier, "call": call, "at": at.isoformat(), "body": body.decode(), "files": files}
    return json.dumps(told)


class OtherApps(Adapter):
    """Programs that sign what they post; nothing is sent to people there."""

    medium = Medium.APP

    def steps(self) -> list[Step]:
        """What must be set up."""
        return [step for say in steps_of_rooms_above for step in say()]

    def read(self, payload: bytes) -> Iterable[Item]:
        """The message of one call."""
        try:
            told = json.loads(payload)
            call, app, identifier = told["call"], int(told["app"]), str(told["id"])
            said = payloads.read(call, told["body"])
            at = datetime.fromisoformat(told["at"])
            uploads = [Upload(str(one["name"]), str(one["mime"]), str(one["token"])) for one in told["files"]]
        except (ValueError, KeyError, TypeError) as fault:
            raise unknown_shape(type(fault).__name__) from fault
        if not isinstance(said, ReportIn | MessageIn):
            raise unknown_shape(call)
        yield _said(said, app=app, identifier=identifier, at=at, uploads=uploads)

    def fetch(self, file: FileRef) -> bytes:
        """A file that came along, from the call that brought it; or one at an address, from its own site alone."""
        if file.external_id.startswith(_SHELF):
            return shelf.take(file.external_id.removeprefix(_SHELF))
        return _fetched(file.external_id)


def _fetched(url: str) -> bytes:
    """A file from the very site of its address. A site that is away holds up nobody else's files."""
    try:
        with outside.client() as line:
            return download(line, url, platform=urlsplit(url).hostname or "", base=url, hosts=(), most=LARGEST)
    except outside.InsideError as inside:
        raise GoneError(inside.sentence) from None
    except UnreachableError as away:
        raise TryLaterError(away.sentence) from None


def _said(told: ReportIn | MessageIn, *, app: int, identifier: str, at: datetime, uploads: Sequence[Upload]) -> Said:
    who = message_id(app, told.sender.id or identifier)
    brought = [FileRef(_SHELF + one.token, _kind(one.mime), one.mime[:80], one.name[:200]) for one in uploads]
    linked = [FileRef(url, InboundFile.Kind.IMAGE) for url in dict.fromkeys(told.files)]
    return Said(
        external_id=message_id(app, identifier),
        handle=who if told.sender.id else f"{who}:",
        at=at,
        text=told.text,
        name=told.sender.name,
        files=(*brought, *linked),
        lat=told.lat if isinstance(told, ReportIn) else None,
        lon=told.lon if isinstance(told, ReportIn) else None,
        place=told.place if isinstance(told, ReportIn) else "",
        details=_details(app, told),
    )


def _details(app: int, told: ReportIn | MessageIn) -> dict[str, Any]:
    """What the room above needs to know to file or add it; empty for a message that a person reads."""
    if isinstance(told, MessageIn) and not told.code:
        return {}
    return {"app": app, **msgspec.to_builtins(told)}


def _kind(mime: str) -> str:
    """What a file claims to be; what it is, its content tells when it is kept."""
    claimed = mime.partition("/")[0]
    return claimed if claimed in InboundFile.Kind.values else InboundFile.Kind.DOCUMENT.value


ADAPTER = OtherApps()
