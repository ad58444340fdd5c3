"""Short-lived leave to see a reporter's identity: a signed note in the session of the person who gave a reason."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.utils import timezone

from kanal.agencies.queries import Actor
from kanal.reports.models import Report

MINUTES = 15
SALT = "reports.identity"
KEY = "identitas"


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


def _until(note: str) -> float:
    try:
        return float(signing.loads(note, salt=SALT)[2])
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        return 0.0
