"""The programmes that episodes belong to."""

import re

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor, reference
from kanal.channels.candidates import wants_silence
from kanal.common.refusal import Refused
from kanal.dialogue import policy
from kanal.dialogue.actions.deed import told
from kanal.dialogue.models import WORD, Programme
from kanal.reports.talk_words import Wish, meant

_SHAPE = re.compile(r"[A-Z]{3,12}")


@transaction.atomic
def keep_programme(
    *, programme: Programme | None, name: str, about: str, place: str, active: bool, by: Actor, word: str = WORD
) -> Programme:
    """Begin a programme (None), or say anew what is known of one. Its code, once given, stays.

    `word` is what messages begin with that ask it something. Raises Refused for one that means something else already.
    """
    policy.check_programmes(by)
    kept = programme or Programme()
    kept.name = told(Programme, "name", name, missing=_("Beri nama acaranya."))
    kept.about, kept.place, kept.active = told(Programme, "about", about), told(Programme, "place", place), active
    kept.word = _word(word)
    kept.code = kept.code or slugify(kept.name)[:40] or "acara"
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise Refused(_("Acara dengan nama itu sudah ada."), code="known") from None
    return kept


def _word(typed: str) -> str:
    word = told(Programme, "word", typed).upper() or WORD
    if not _SHAPE.fullmatch(word):
        raise Refused(_("Kata kunci itu satu kata, 3 sampai 12 huruf A sampai Z."), status=400, code="word")
    prefix = reference().regency.code_prefix
    taken = any(meant(text, prefix).wish is not Wish.MATTER for text in (word, f"{word} {prefix}", f"{word} 123456"))
    if taken or wants_silence(word):
        raise Refused(_("Kata itu sudah punya arti lain di percakapan. Pilih yang lain."), code="word")
    return word
