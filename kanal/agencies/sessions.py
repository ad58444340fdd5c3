from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from kanal.common.prepared import Prepared

_unexpired: Prepared[Session] = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).order_by()
)


class SessionStore(DatabaseStore):
    """Sessions in the database as Django keeps them; every page of the desk asks for one, so the query is prepared."""

    def _get_session_from_db(self) -> Session | None:
        """The session with this key that has not run out; a fresh key is given when there is none."""
        found = _unexpired(self.session_key, timezone.now()) if self.session_key else []
        if found:
            return found[0]
        self._session_key = None
        return None
