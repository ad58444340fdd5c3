from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.progress import Progress, track

from kanal.agencies.queries import reference
from kanal.reports.actions import leftovers, retention
from kanal.reports.models import RetentionRule

SHOWN = 40


class Command(BaseCommand):
    help = (
        "Lets go what its term is over for: reporters' names, reports, and what belongs to no report; nightly anyway."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list what would go")

    def handle(self, *, dry_run: bool, **_options: Any) -> None:
        if not retention.rules_on(reference().today(timezone.now())):
            self.stdout.write("Belum ada masa simpan yang berlaku, jadi tidak ada yang dihapus. (No rule is in force.)")
            return
        items, others = list(retention.due()), list(leftovers.due())
        if dry_run:
            self._list(items, others)
            return
        done: Counter[str] = Counter()
        for item in track(items, description="Masa simpan"):
            done[item.act] += retention.apply(item)
        self.stdout.write(
            f"{done[RetentionRule.Act.DESTROY]} laporan dimusnahkan, "
            f"{done[RetentionRule.Act.ANONYMISE]} dianonimkan. Daftarnya ada di admin: Daftar pemusnahan."
        )
        for other in others:
            self._let_go(other)

    def _let_go(self, other: leftovers.Leftovers) -> None:
        act, gone = RetentionRule.Act(other.act).label, 0
        with Progress(transient=True) as progress:
            bar = progress.add_task(str(act), total=other.number)
            for number in leftovers.apply(other):
                gone += number
                progress.update(bar, advance=number)
        self.stdout.write(f"{act}: {gone}.")

    def _list(self, items: list[retention.Due], others: list[leftovers.Leftovers]) -> None:
        for item in items[:SHOWN]:
            act = RetentionRule.Act(item.act).label
            self.stdout.write(f"{item.tracking_code}  {act}  selesai {item.finished_on:%d-%m-%Y}  {item.rule}")
        if len(items) > SHOWN:
            self.stdout.write(f"... dan {len(items) - SHOWN} lagi")
        for other in others:
            act = RetentionRule.Act(other.act).label
            self.stdout.write(f"{other.number:>8}  {act}  tertua {other.oldest:%d-%m-%Y}  {other.rule}")
        counts = Counter(item.act for item in items)
        self.stdout.write(
            f"Akan dimusnahkan: {counts[RetentionRule.Act.DESTROY]}. "
            f"Akan dianonimkan: {counts[RetentionRule.Act.ANONYMISE]}. Belum ada yang diubah."
        )
