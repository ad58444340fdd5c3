"""Telling those who look after the media that a platform has been out of reach for long: once for each outage."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.models import Membership
from kanal.channels.actions import Message, queue
from kanal.channels.models import Medium
from kanal.channels.queries import Outage, outages
from kanal.common import formats
from kanal.reports import policy
from kanal.reports.actions.notices import THEIRS

PURPOSE = "outage"


@override(THEIRS)
def tell_of_outages() -> int:
    """Queue a letter about each outage. Returns how many are owed; those that were queued before are passed over.

    That letters do not leave cannot be told by letter; the page of the media shows it.
    """
    told = [one for one in outages() if one.looking or one.medium != Medium.EMAIL]
    if not told:
        return 0
    keepers = Membership.objects.filter(role__in=policy.MEDIA_KEEPERS, user__is_active=True)
    people = list(keepers.values_list("user_id", "user__email").distinct())
    letters = [_letter(one, user_id, email) for one in told for user_id, email in people]
    queue(letters)
    return len(letters)


def _letter(outage: Outage, user_id: int, email: str) -> Message:
    when, link = formats.short_day_time(outage.since), settings.BASE_URL + reverse("reports:desk_media")
    parts = (
        _("Sejak %(when)s %(medium)s tidak bisa dihubungi. %(trouble)s"),
        _(
            "Kanal terus mencoba sendiri, dan tidak ada pesan yang hilang. Periksa internet server. Bila saluran lain "
            "berjalan, tunggu sampai platformnya pulih; yang mendesak sampaikan lewat jalan lain."
        ),
        _("Keadaan sekarang: %(link)s"),
    )
    words = {"when": when, "medium": outage.medium.label, "trouble": outage.trouble, "link": link}
    return Message(
        purpose=PURPOSE,
        dedupe_key=f"{PURPOSE}:{outage.medium}:{outage.since:%Y%m%dT%H%M%S}:{user_id}",
        subject=_("%(medium)s tidak bisa dihubungi") % words,
        body="\n\n".join((part % words).strip() for part in parts) + "\n",
        to_staff=email,
    )
