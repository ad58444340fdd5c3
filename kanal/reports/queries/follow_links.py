"""The signed links in messages to followers. They carry a row's number and no address, so a log tells nothing."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.models import Follower

CONFIRM_DAYS = 7
_CONFIRM, _STOP = "kanal.follow.confirm", "kanal.follow.stop"


def confirm_link(follower_id: int) -> str:
    """The full address that proves an e-mail address is one's own; good for CONFIRM_DAYS days."""
    return settings.BASE_URL + reverse("reports:follow_confirm", args=[signing.dumps(follower_id, salt=_CONFIRM)])


def stop_link(follower_id: int) -> str:
    """The full address that ends the messages; it never expires, an old message must still be stoppable."""
    return settings.BASE_URL + reverse("reports:unfollow", args=[signing.dumps(follower_id, salt=_STOP)])


def follower_to_confirm(token: str) -> Follower:
    """The follower of a confirm link.

    Raises Refused: 410 for an expired link, 404 for one that is not ours or whose report is no longer public.
    """
    follower = _follower(token, salt=_CONFIRM, max_age=CONFIRM_DAYS * 24 * 3600)
    if follower is None or not policy.is_public(follower.report):
        raise _unknown()
    return follower


def follower_to_stop(token: str) -> Follower | None:
    """The follower of a stop link, None when the messages have stopped already. Raises Refused (404) for a forgery."""
    return _follower(token, salt=_STOP, max_age=None)


def _follower(token: str, *, salt: str, max_age: int | None) -> Follower | None:
    try:
        pk = signing.loads(token, salt=salt, max_age=max_age)
    except signing.SignatureExpired as error:
        sentence = _("Tautan ini sudah lewat %(days)d hari. Buka laporannya, lalu minta dikabari sekali lagi.")
        raise Refused(sentence % {"days": CONFIRM_DAYS}, status=410, code="expired") from error
    except signing.BadSignature as error:
        raise _unknown() from error
    return Follower.objects.select_related("report").filter(pk=pk).first() if isinstance(pk, int) else None


def _unknown() -> Refused:
    return Refused(
        _("Tautan itu tidak berlaku. Mungkin terpotong; buka lagi dari pesannya."), status=404, code="hidden"
    )
