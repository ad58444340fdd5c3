"""The frame of every write to a bulletin: see `kanal.common.deed`."""

from django.utils.translation import gettext_lazy as _

from kanal.common.deed import Frame
from kanal.issues import policy
from kanal.issues.models import Bulletin, BulletinEvent
from kanal.issues.policy import Doer
from kanal.issues.workflow import BULLETIN_VERBS


class BulletinDeed(Frame[Bulletin, Doer]):
    """`with BulletinDeed("send", bulletin, by=by) as deed:` changes `deed.bulletin`; leaving the block writes it."""

    changed = _("Kabar ini baru saja diubah orang lain. Lihat dulu isinya yang terbaru.")

    def __init__(self, verb: str, bulletin: Bulletin, *, by: Doer, version: int | None = None) -> None:
        super().__init__(BULLETIN_VERBS[verb], bulletin, by=by, version=version)

    @property
    def bulletin(self) -> Bulletin:
        """The bulletin under its lock."""
        return self.row

    def check(self) -> None:
        """Ask the policy."""
        policy.check_bulletin(self.verb.name, self.by, self.bulletin)

    def tell(self) -> None:
        """Write the line of history."""
        BulletinEvent.objects.create(
            bulletin=self.bulletin,
            verb=self.verb.name,
            at=self.at,
            user_id=self.by.user_id,
            note=self.note,
            data=self.data,
        )
