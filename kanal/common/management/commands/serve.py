import gc
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kanal.common.processes import die_with_parent, is_free

THREADS = 2
"""Threads of one process that run Python: one works while the other waits for the database; more only take turns."""
QUEUE = 256
"""Requests that may wait in one process before it answers 503 at once."""
LONGEST_IDLE = 600
"""Seconds an idle thread is kept, and with it its database connection: as long as the server allows."""

GARBAGE = 20_000
"""New objects between two collections: a page makes some thousands and leaves hardly any in a cycle."""


class Command(BaseCommand):
    help = "Serves Kanal's pages over HTTP; put nginx in front of it (docs/operate.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=int(os.environ.get("KANAL_PORT") or 8000))
        parser.add_argument("--workers", type=int, default=2, help="processes; one for each core is enough")
        parser.add_argument("--threads", type=int, default=THREADS, help="threads in each process")

    def handle(self, *, host: str, port: int, workers: int, threads: int, **_options: Any) -> None:
        die_with_parent()
        # Granian shares its port with any other Granian (SO_REUSEPORT), so two servers would answer in turns.
        if not is_free(host, port):
            raise CommandError(f"Port {port} on {host} is in use. Stop the other server or choose another --port.")
        os.chdir(Path(__file__).resolve().parents[4])
        server = Granian(
            ":".join(settings.WSGI_APPLICATION.rsplit(".", 1)),
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            blocking_threads_idle_timeout=LONGEST_IDLE,
            backpressure=QUEUE,
            websockets=False,
            log_access=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            respawn_interval=1.0,
            workers_kill_timeout=20,
        )
        self._load_everything_once()
        self.stdout.write(f"serving http://{host}:{port} with {workers} processes of {threads} threads")
        self.stdout.flush()
        server.serve()

    def _load_everything_once(self) -> None:
        """Import all pages before the processes are forked: they start sooner and share the memory of the code."""
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a missing folder
        import_string(settings.WSGI_APPLICATION)
        _ = get_resolver().url_patterns
        for connection in connections.all(initialized_only=True):
            connection.close()  # a forked process must not use its parent's connection
        # What is loaded now stays: the collector need not look at it again, nor make each process copy its pages.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE, 20, 20)
