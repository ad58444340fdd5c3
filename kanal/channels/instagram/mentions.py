"""Who names the account below somebody else's post: the webhook brings numbers, the words must be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import GoneError, Item, Said, TryLaterError, UnreachableError
from kanal.channels.graph.account import told_of
from kanal.channels.graph.faults import Menu
from kanal.channels.graph.payload import misshapen


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody names the account: in a comment, or in the words below their own picture when there is no comment."""

    media: str
    comment: str
    at: datetime


def asked(mention: Mention, have: Mapping[str, Any], menu: Menu) -> Item:
    """What was said there. Raises UnreachableError; where Instagram tells nothing it stays for a person to look at."""
    part = f"mentioned_comment.comment_id({mention.comment})" if mention.comment else ""
    part = part or f"mentioned_media.media_id({mention.media})"
    words = "text" if mention.comment else "caption"
    number, thread = mention.comment or mention.media, f"mention:{mention.media}:{mention.comment}"
    if not number.isdigit() or not mention.media.isdigit():
        return misshapen({"media_id": mention.media, "comment_id": mention.comment}, menu.platform)
    try:
        with calling.client(have["api"]) as line:
            wanted = f"{part}{{id,{words},username,timestamp}}"
            told = told_of(line, str(have["id"]), have, menu, elsewhere=True, fields=wanted)
        found = told[part.partition(".")[0]]
        name, text = str(found.get("username") or number), str(found[words])
    except UnreachableError:
        raise
    except (GoneError, TryLaterError, KeyError, TypeError, AttributeError):
        what = _("Seseorang menyebut akun ini di Instagram, tetapi isinya tidak terbaca.")
        return Said.unreadable(f"mention:{number}", number, mention.at, what, thread=thread, public=True)
    # Instagram gives the name alone, not the number by which the writer could be sent anything privately.
    return Said(f"mention:{number}", f"@{name}", mention.at, text=text, name=name, thread=thread, public=True)
