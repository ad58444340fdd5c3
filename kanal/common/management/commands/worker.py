import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kanal.common.processes import die_with_parent
from kanal.common.worker import Worker


class Command(BaseCommand):
    help = "Sends what is due, does background work and starts jobs, until stopped with Ctrl-C or SIGTERM."
    requires_system_checks: list[str] = []  # they load every page; this process draws none

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due now, then end")

    def handle(self, *, once: bool, **_options: Any) -> None:
        logging.getLogger("kanal").setLevel(logging.INFO)
        die_with_parent()
        worker = Worker()
        worker.obey_signals()
        if once:
            self.stdout.write(f"{worker.run_until_idle()} done")
            return
        self.stdout.write(f"worker {worker.id} is working")
        self.stdout.flush()
        worker.run()
        self.stdout.write(f"worker {worker.id} ended in good order")
