from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import openly
from kanal.channels.adapters import Adapter, Found, Item, Sender, Step
from kanal.channels.models import Medium, MediumState
from kanal.channels.youtube import asking, quota, reading
from kanal.channels.youtube.answering import Answerer
from kanal.common import formats


class YouTube(Adapter):
    """Comments under the videos of our channel, asked for every few minutes; answers stand under them."""

    medium = Medium.YOUTUBE
    hints = True
    proves = True
    pace = 0.5
    looks_apart = True
    looks_every = timedelta(minutes=settings.YOUTUBE["minutes"])

    def steps(self) -> list[Step]:
        """What must be set up."""
        have = settings.YOUTUBE
        app = bool(have["client_id"] and have["client_secret"])
        return [
            Step(_("Buat proyek di console.cloud.google.com dan nyalakan YouTube Data API v3."), app),
            Step(
                _("Buat OAuth client dan terbitkan, isi KANAL_YOUTUBE_CLIENT_ID dan KANAL_YOUTUBE_CLIENT_SECRET."),
                app,
            ),
            Step(
                _("Beri izin youtube.force-ssl dengan akun kanal, lalu isi KANAL_YOUTUBE_REFRESH_TOKEN."),
                bool(have["refresh_token"]),
            ),
            Step(_("Isi KANAL_YOUTUBE_CHANNEL_ID, yang berawalan UC."), str(have["channel_id"]).startswith("UC")),
        ]

    def allowance(self, state: MediumState) -> str:
        """How many units of the day's were used."""
        now = timezone.now()
        used = asking.Place.read(state.cursor, now).units + quota.used_by_answers(state, now)
        return _("%(used)s dari %(most)s satuan hari ini (berganti tengah malam di California)") % {
            "used": formats.number(used),
            "most": formats.number(settings.YOUTUBE["units_a_day"]),
        }

    def withheld(self, purpose: str, thread: str) -> str:
        """YouTube knows no private messages: only the least is said."""
        return openly.kept_back(purpose, thread)

    def look(self, cursor: str) -> Found | None:
        """Comments that are new or changed."""
        return asking.look(cursor)

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one page holds."""
        return reading.read(payload, channel=settings.YOUTUBE["channel_id"], everything=settings.YOUTUBE["everything"])

    def sending(self) -> AbstractContextManager[Sender] | None:
        """A line to the API."""
        return Answerer(settings.YOUTUBE) if self.is_configured else None


ADAPTER = YouTube()
