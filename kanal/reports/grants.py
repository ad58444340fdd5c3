"""Short-lived leave to see an identity: a signed note in the session of the person who gave a reason."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.utils import timezone

from kanal.agencies.queries import Actor
from kanal.channels.models import Contact
from kanal.reports.models import Report

MINUTES = 15
SALT = "reports.identity"
KEY = "identitas"
CONTACT_SALT = "reports.contact"
CONTACT_KEY = "kontak"


def grant(session: SessionBase, actor: Actor, report: Report) -> None:
    """Let this person see this reporter for a quarter of an hour. Call it after `actions.open_identity` alone."""
    until = timezone.now() + timedelta(minutes=MINUTES)
    note = signing.dumps([report.pk, actor.user_id, int(until.timestamp())], salt=SALT)
    kept = {code: old for code, old in session.get(KEY, {}).items() if _until(old) > timezone.now().timestamp()}
    session[KEY] = {**kept, report.tracking_code: note}


def granted_until(session: SessionBase, actor: Actor, report: Report) -> datetime | None:
    """Until when this person may see this reporter; None without a grant or with one that ran out or was forged."""
    note = session.get(KEY, {}).get(report.tracking_code)
    try:
        pk, user_id, until = signing.loads(note or "", salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    moment = datetime.fromtimestamp(until, tz=timezone.get_default_timezone())
    return moment if (pk, user_id) == (report.pk, actor.user_id) and moment > timezone.now() else None


def revoke(session: SessionBase, report: Report) -> None:
    """Close it again before its time."""
    session[KEY] = {code: note for code, note in session.get(KEY, {}).items() if code != report.tracking_code}


def grant_contact(session: SessionBase, actor: Actor, contact: Contact) -> None:
    """Let this person see this contact for a quarter of an hour. Call it after `actions.open_contact` alone.

    One contact at a time: whoever opens the next one closes the last.
    """
    now = timezone.now()
    session[CONTACT_KEY] = signing.dumps([contact.pk, actor.user_id, now.timestamp()], salt=CONTACT_SALT)


def contact_granted_at(session: SessionBase, actor: Actor, contact: Contact) -> datetime | None:
    """When this person opened this contact; None without a grant or with one that ran out or was forged."""
    try:
        pk, user_id, since = signing.loads(session.get(CONTACT_KEY) or "", salt=CONTACT_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    moment = datetime.fromtimestamp(since, tz=timezone.get_default_timezone())
    fresh = moment + timedelta(minutes=MINUTES) > timezone.now()
    return moment if (pk, user_id) == (contact.pk, actor.user_id) and fresh else None


def revoke_contact(session: SessionBase) -> None:
    """Close it again before its time."""
    session.pop(CONTACT_KEY, None)


def _until(note: str) -> float:
    try:
        return float(signing.loads(note, salt=SALT)[2])
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        return 0.0
