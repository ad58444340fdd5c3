from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels.adapters import Adapter, Step
from kanal.channels.lapor.folder import Folder
from kanal.channels.models import Medium


class Lapor(Adapter):
    """SP4N-LAPOR! on the health page. What goes there and comes from there is the business of the room above."""

    medium = Medium.LAPOR

    def steps(self) -> list[Step]:
        """What must be set up: the folder. The keys of the calls are few administrators' to have."""
        have = settings.LAPOR
        if not have["folder"]:
            return [Step(_("Buat folder untuk unduhan LAPOR!, lalu isi KANAL_LAPOR_FOLDER."), done=False)]
        problem = Folder(Path(have["folder"])).problem()
        return [
            Step(problem or _("Folder untuk unduhan LAPOR! siap: %(path)s") % {"path": have["folder"]}, not problem)
        ]


ADAPTER = Lapor()
