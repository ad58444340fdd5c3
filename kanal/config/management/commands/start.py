import io
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from rich.progress import Progress

from kanal.agencies.models import Regency
from kanal.agencies.pack_files import PackError
from kanal.common.processes import is_free, next_free
from kanal.config.household import Household
from kanal.dialogue.actions.packs import load_regency
from kanal.reports.demo.accounts import ACCOUNTS, PASSWORD
from kanal.reports.models import Report

FIRST_PORT = 8000
DEMO_REPORTS = 300


class Command(BaseCommand):
    help = "Prepares everything, then runs server and worker in the foreground until Ctrl-C: what `make run` does."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=2, help="server processes")

    def handle(self, *, host: str, workers: int, **_options: Any) -> None:
        signal.signal(signal.SIGTERM, _as_interrupt)
        begun = time.monotonic()
        port = self._port(host)
        try:
            self._prepare()
            self._run(host, port, workers, begun)
        except KeyboardInterrupt:
            self.stdout.write("\nKanal sudah berhenti dengan rapi. (Stopped.)")

    def _port(self, host: str) -> int:
        """The port: KANAL_PORT or nothing when that is set, else 8000 or the next free one."""
        wanted = os.environ.get("KANAL_PORT")
        if wanted:
            if not wanted.isdigit():
                raise CommandError(f"KANAL_PORT harus angka, bukan {wanted!r}. (KANAL_PORT must be a number.)")
            if not is_free(host, int(wanted)):
                raise CommandError(
                    f"Port {wanted} sedang dipakai program lain. Hentikan program itu, atau pilih KANAL_PORT lain. "
                    f"(Port {wanted} is in use.)"
                )
            return int(wanted)
        port = next_free(host, FIRST_PORT)
        if port is None:
            raise CommandError(f"Tidak ada port bebas mulai {FIRST_PORT}. Pilih sendiri: KANAL_PORT=9000 make run")
        if port != FIRST_PORT:
            self.stdout.write(
                f"Port {FIRST_PORT} sedang dipakai, jadi Kanal memakai {port}. (Port {FIRST_PORT} is in use.)"
            )
        return port

    # Preparing ----------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        self._migrate()
        if not Regency.objects.exists():
            self.stdout.write(f"Memuat data daerah ({settings.CANONICAL_PACK}) …")
            self._load_pack()
        if settings.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO:
            self._demo()
        connections.close_all()

    def _load_pack(self) -> None:
        try:
            load_regency(settings.CANONICAL_PACK)
        except PackError as error:
            raise CommandError(f"KANAL_PACK: {error} (The regency pack cannot be loaded.)") from error

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if not steps:
            return
        with Progress(transient=True) as bar:
            task = bar.add_task("Menyiapkan basis data", total=steps)
            call_command(
                "migrate", interactive=False, skip_checks=True, stdout=_Steps(lambda: bar.advance(task)), no_color=True
            )
        self.stdout.write(f"Basis data siap ({steps} langkah).")

    def _demo(self) -> None:
        """Fill an empty Kanal. A mark tells the next start that this one was interrupted; the demo then goes on."""
        unfinished = Path(settings.DATA_DIR) / "demo.unfinished"
        if Report.objects.exists() and not unfinished.exists():
            return
        unfinished.touch()
        self.stdout.write(f"Membuat {DEMO_REPORTS} laporan contoh …")
        call_command("demo", reports=DEMO_REPORTS, seed=1, stdout=io.StringIO())
        self.stdout.write("Mengumpulkan isu, dialog, dan janji contoh …")
        connections.close_all()
        # In a process of its own: what gathers issues takes memory that would stay with this one as long as it runs.
        subprocess.run([sys.executable, "-m", "kanal", "demo-story"], check=True, stdout=subprocess.DEVNULL)
        unfinished.unlink()

    # Running ------------------------------------------------------------------------------------------------------

    def _run(self, host: str, port: int, workers: int, begun: float) -> None:  # one call
        address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104  # compared only
        environment = {"KANAL_PORT": str(port), "KANAL_BASE_URL": os.environ.get("KANAL_BASE_URL") or address}
        with Household(Path(settings.DATA_DIR) / "log") as house:
            arguments = ("serve", "--host", host, "--port", str(port), "--workers", str(workers))
            house.start("server", arguments, environment)
            house.start("worker", ("worker",), environment)
            if not house.wait_until_answering(host, port):
                self._tell_of_death(house)
            self._welcome(address, time.monotonic() - begun)
            while house.dead() is None:
                time.sleep(0.5)
            self._tell_of_death(house)

    def _tell_of_death(self, house: Household) -> None:
        child = house.dead()
        if child is None:
            raise CommandError("Server tidak menjawab dalam satu menit. (The server did not answer within a minute.)")
        raise CommandError(
            f"{child.name} berhenti sendiri (kode {child.process.returncode}), jadi Kanal dihentikan. "
            f"Kata-kata terakhirnya, lengkapnya di {child.log}:\n{child.last_words()}"
        )

    def _welcome(self, address: str, seconds: float) -> None:
        lines = [
            "",
            f"Kanal sudah berjalan ({seconds:.1f} detik).",
            "",
            f"  Halaman warga   {address}/",
            f"  Meja petugas    {address}/meja/",
            *(self._demo_lines(address) if settings.DEMO else ()),
            "",
            "Berhenti: tekan Ctrl-C.",
            f"(Kanal is running: citizens at {address}/, staff at {address}/meja/. Ctrl-C stops it.)",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _demo_lines(self, address: str) -> list[str]:
        width = max(len(account.email) for account in ACCOUNTS)
        return [
            "",
            f"  Akun contoh, semuanya dengan kata sandi {PASSWORD}:",
            *(f"    {account.email:<{width}}   {account.word}" for account in ACCOUNTS),
            "",
            f"  HP warga untuk mencoba WhatsApp, SMS, dan lainnya: {address}/simulator/",
            f"  E-mail contoh tidak dikirim ke mana pun; isinya tertulis di {Path(settings.DATA_DIR) / 'log'}.",
        ]


class _Steps(io.StringIO):
    """Hears Django's migrate and calls `step` for each migration that is done."""

    def __init__(self, step: Any) -> None:
        super().__init__()
        self._step = step

    def write(self, text: str) -> int:
        for _done in range(text.count(" OK")):
            self._step()
        return len(text)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
