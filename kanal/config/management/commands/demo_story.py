from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.config.story import play


class Command(BaseCommand):
    help = (
        "Plays four weeks on the invented reports of `kanal demo`: issues, an evening on air, promises, one of them "
        "kept and told to everybody, and the evening to come. Not for real use."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            played = play()
        except (Refused, LookupError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Cerita contoh dibuat.") if played else _("Tidak ada yang perlu ditambahkan."))
