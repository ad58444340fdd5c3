from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.progress import track

from kanal.agencies.queries import reference
from kanal.reports.actions import retention
from kanal.reports.models import RetentionRule

SHOWN = 40


class Command(BaseCommand):
    help = "Makes reporters anonymous and destroys reports whose term is over; the worker does it every night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list what would go")

    def handle(self, *, dry_run: bool, **_options: Any) -> None:
        if not retention.rules_on(reference().today(timezone.now())):
            self.stdout.write("Belum ada masa simpan yang berlaku, jadi tidak ada yang dihapus. (No rule is in force.)")
            return
        items = list(retention.due())
        if dry_run:
            self._list(items)
            return
        done: Counter[str] = Counter()
        for item in track(items, description="Masa simpan"):
            done[item.act] += retention.apply(item)
        self.stdout.write(
            f"{done[RetentionRule.Act.DESTROY]} laporan dimusnahkan, "
            f"{done[RetentionRule.Act.ANONYMISE]} dianonimkan. Daftarnya ada di admin: Daftar pemusnahan."
        )

    def _list(self, items: list[retention.Due]) -> None:
        for item in items[:SHOWN]:
            act = RetentionRule.Act(item.act).label
            self.stdout.write(f"{item.tracking_code}  {act}  selesai {item.finished_on:%d-%m-%Y}  {item.rule}")
        if len(items) > SHOWN:
            self.stdout.write(f"... dan {len(items) - SHOWN} lagi")
        counts = Counter(item.act for item in items)
        self.stdout.write(
            f"Akan dimusnahkan: {counts[RetentionRule.Act.DESTROY]}. "
            f"Akan dianonimkan: {counts[RetentionRule.Act.ANONYMISE]}. Belum ada yang diubah."
        )
