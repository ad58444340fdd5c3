from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kanal.common.processes import die_with_parent
from kanal.issues.mining.night import mine
from kanal.issues.mining.patience import is_busy, is_full
from kanal.issues.mining.turn import AnotherRuns, one_at_a_time


class Command(BaseCommand):
    help = (
        "Gathers reports into issues: proposes new ones, lets issues grow, proposes merges and splits. What a person "
        "said stays. The worker does the same every night; stop it whenever you like, it goes on next time."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        die_with_parent()
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), TimeElapsedColumn())
        try:
            with one_at_a_time(), Progress(*columns, console=console, disable=not console.is_terminal) as bar:
                task = bar.add_task(_("Membaca laporan"), total=None)
                outcome = mine(
                    progress=lambda step, done, total: bar.update(
                        task, description=step, completed=done, total=total or None
                    )
                )
        except AnotherRuns as error:
            raise CommandError(_("Pengelompokan lain sedang berjalan. Tunggu sampai selesai.")) from error
        except KeyboardInterrupt as error:
            raise CommandError(
                _("Dihentikan. Isu yang sudah tersimpan utuh; jalankan lagi untuk melanjutkan.")
            ) from error
        except OperationalError as error:
            raise CommandError(_unwritten(error)) from error
        self.stdout.write(
            _(
                "Laporan dibaca: %(read)d. Calon isu baru: %(begun)d. Laporan lain masuk ke isu: %(gathered)d. "
                "Usul: %(proposed)d."
            )
            % {"read": outcome.read, "begun": outcome.begun, "gathered": outcome.gathered, "proposed": outcome.proposed}
        )
        for one in outcome.campaigns:
            self.stdout.write(
                _("Pesan yang sama %(copies)d kali dari %(voices)d orang.")
                % {"copies": one.copies, "voices": one.voices}
            )


def _unwritten(error: OperationalError) -> str:
    if is_full(error):
        why = _("Penyimpanan penuh.")
    elif is_busy(error):
        why = _("Basis data terlalu lama dipakai proses lain.")
    else:
        why = _("Basis data bermasalah: %(why)s.") % {"why": error}
    return f"{why} " + _("Isu yang sudah tersimpan utuh; jalankan lagi untuk melanjutkan.")
