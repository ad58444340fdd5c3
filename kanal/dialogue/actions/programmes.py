"""The programmes that episodes belong to."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused
from kanal.dialogue import policy
from kanal.dialogue.actions.deed import told
from kanal.dialogue.models import Programme


@transaction.atomic
def keep_programme(
    *, programme: Programme | None, name: str, about: str, place: str, active: bool, by: Actor
) -> Programme:
    """Begin a programme (None), or say anew what is known of one. Its code, once given, stays."""
    policy.check_programmes(by)
    kept = programme or Programme()
    kept.name = told(Programme, "name", name, missing=_("Beri nama acaranya."))
    kept.about, kept.place, kept.active = told(Programme, "about", about), told(Programme, "place", place), active
    kept.code = kept.code or slugify(kept.name)[:40] or "acara"
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise Refused(_("Acara dengan nama itu sudah ada."), code="known") from None
    return kept
