from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import openly
from kanal.channels.adapters import Adapter, FileRef, Found, Item, Sender, Step
from kanal.channels.files import LARGEST
from kanal.channels.models import Inbound, Medium, MediumState
from kanal.channels.x import asking, reading
from kanal.channels.x.length import MOST, weight
from kanal.channels.x.line import XLine
from kanal.channels.x.place import Place
from kanal.channels.x.posting import Poster
from kanal.common import formats


class X(Adapter):
    """Posts that mention our account and messages to it, asked for every few minutes; posts are answered below them."""

    medium = Medium.X
    talks = proves = True
    hints = True
    pace = 0.5
    looks_every = timedelta(minutes=settings.X["minutes"])
    looks_apart = True

    def steps(self) -> list[Step]:
        """What must be set up."""
        have = settings.X
        return [
            Step(
                _("Buat aplikasi di console.x.com dengan akun dinas, beri izin “Read and write”, isi saldonya."),
                self._keys,
            ),
            Step(
                _("Isi KANAL_X_CONSUMER_KEY, KANAL_X_CONSUMER_SECRET, KANAL_X_TOKEN, dan KANAL_X_TOKEN_SECRET."),
                self._keys,
            ),
            Step(_("Isi KANAL_X_USER_ID dengan nomor akun (angka), bukan namanya."), str(have["user_id"]).isdigit()),
            Step(
                _(
                    "Bila mau: agar pesan langsung warga dibaca dan dijawab, beri izin “Direct message”, buat ulang "
                    "token, lalu isi KANAL_X_DIRECT_READ=1. Tanpa ini pesan langsung tidak dibaca."
                ),
                have["direct_read"],
                needed=False,
            ),
        ]

    @property
    def _keys(self) -> bool:
        return all(settings.X[name] for name in ("consumer_key", "consumer_secret", "token", "token_secret"))

    def allowance(self, state: MediumState) -> str:
        """How many posts and messages of this month's were brought."""
        place = Place.read(state.cursor, timezone.now())
        return _("%(used)s dari %(most)s kiriman bulan ini") % {
            "used": formats.number(place.posts),
            "most": formats.number(settings.X["posts_a_month"]),
        }

    def withheld(self, purpose: str, thread: str) -> str:
        """Without direct messages only the least is said, in public."""
        return "" if settings.X["direct"] else openly.kept_back(purpose, thread)

    def aside(self, message: Inbound) -> str | None:  # noqa: ARG002  # every post's writer has one inbox
        """By direct message, which belongs to no thread."""
        return "" if settings.X["direct"] else None

    def too_long(self, text: str, *, public: bool) -> str:
        """By X's own count, after what everybody reads was made fit for that."""
        length = weight(openly.openly(text).strip()) if public else 0
        if length <= MOST:
            return ""
        words = _("Panjangnya %(length)s, sedangkan X hanya memuat %(most)s. Pendekkan dulu.")
        return words % {"length": formats.number(length), "most": MOST}

    def look(self, cursor: str) -> Found | None:
        """New mentions, and messages to us."""
        return asking.look(cursor)

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one page holds."""
        return reading.read(payload, account=settings.X["user_id"], everything=settings.X["everything"])

    def fetch(self, file: FileRef) -> bytes:
        """A picture or film, from X's own store alone."""
        with XLine(settings.X) as line:
            return line.file(file.external_id, LARGEST)

    def sending(self) -> AbstractContextManager[Sender] | None:
        """A line to the API."""
        return Poster(settings.X) if self.is_configured else None


ADAPTER = X()
