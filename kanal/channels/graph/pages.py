"""An account at Meta with private messages and comments that everybody reads: a Facebook Page, an Instagram account."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import (
    Adapter,
    FileRef,
    GoneError,
    Sender,
    Step,
)
from kanal.channels.graph import account
from kanal.channels.graph.faults import Menu
from kanal.channels.graph.sending import ASIDE, Postman, right_to_write
from kanal.channels.models import Inbound
from kanal.channels.openly import openly

ASIDE_UNTIL = timedelta(days=7) - timedelta(minutes=30)
"""How long after a comment its writer may be answered privately, once; the minutes are for the outbox."""
_NAME = re.compile(r"[\w.$:=+-]+")


class Page(Adapter):
    """What a Facebook Page and an Instagram account share. Threads of comments begin with comment, post or mention."""

    menu: Menu
    talks = proves = True
    night = False
    echoes = False
    longest: ClassVar[Mapping[bool, int]] = {}
    """The most that a public (True) or private message may be long."""

    @property
    def have(self) -> dict[str, Any]:
        """The account's settings."""
        found: dict[str, Any] = getattr(settings, self.medium.name)
        return found

    def steps(self) -> list[Step]:
        """What must be set up."""
        number = _("Isi %(name)s: nomor ID akunnya, dari Meta Business Suite.") % {"name": self.menu.setting + "_ID"}
        token = _("token pengguna sistem yang tidak kedaluwarsa")
        return account.steps(self.medium, number=Step(number, bool(self.have["id"])), token=token)

    def sending(self) -> AbstractContextManager[Sender] | None:
        """A line to the Graph API."""
        return Postman(self) if self.is_configured else None

    @property
    def door(self) -> str:
        """The chat with the account."""
        return self.have["door"] or super().door

    def aside(self, message: Inbound) -> str | None:
        """A private answer to a comment: once, within seven days, under our own posts only."""
        kind = message.thread.partition(":")[0]
        if kind not in {"comment", "post"} or timezone.now() - message.received_at > ASIDE_UNTIL:
            return None
        return f"{ASIDE}:{kind}_id:{message.external_id}"

    def cut(self, words: str, *, public: bool) -> str:
        """Words as long as the platform takes them; what everybody reads has nobody's data in it."""
        return calling.shortened(openly(words) if public else words, self.longest[public])

    def reaches(self, heard_at: datetime | None, purpose: str) -> bool:
        """Whoever wrote in private not long ago."""
        return right_to_write(heard_at, purpose, human_agent=bool(self.have["human_agent"])) is not None

    def under(self, thread: str, words: str) -> tuple[str, dict[str, str]]:
        """Where a public answer is posted, and what."""
        raise NotImplementedError

    def fetch(self, file: FileRef) -> bytes:
        """A file in two steps: what the Graph API tells of the message, then the file from where Meta keeps it."""
        kind, _colon, rest = file.external_id.partition(":")
        at, name = rest.split(":", 1) if kind == "message" else ("0", rest)
        if not _NAME.fullmatch(name):
            raise GoneError(_("Nomor berkasnya tidak sah."))
        fields = {"message": "attachments", "comment": "attachment", "post": "full_picture"}
        with calling.client(self.have["api"]) as line:
            wanted = fields.get(kind, "id")
            told = account.told_of(line, name, self.have, self.menu, fields=wanted, elsewhere=kind != "message")
            url, size = _where(kind, int(at), told, self.menu.platform)
            return account.content_at(line, url, self.have, self.menu, size=size)


def _where(kind: str, at: int, told: dict[str, Any], platform: str) -> tuple[str, int]:
    """Address and size of a file, by what is told of its message, comment or post. Raises GoneError."""
    try:
        if kind == "post":
            return str(told["full_picture"]), 0
        if kind == "comment":
            return str(told["attachment"]["media"]["image"]["src"]), 0
        part = told["attachments"]["data"][at]
        found = part.get("image_data") or part.get("video_data") or {"url": part.get("file_url")}
        return str(found["url"] or ""), int(part.get("size") or 0)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise GoneError(_("Berkasnya sudah tidak ada di %(platform)s.") % {"platform": platform}) from None
