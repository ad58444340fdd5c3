from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from kanal.config.inspection import Level, inspect

MARKS = {Level.GOOD: "✓", Level.HINT: "!", Level.WRONG: "✗"}


class Command(BaseCommand):
    help = (
        "Looks whether this installation is fit for real use, and says what to do. Exit code 1 when something is wrong."
    )
    requires_system_checks: list[str] = []  # they are part of the inspection

    def handle(self, **_options: Any) -> None:
        paint = {Level.GOOD: self.style.SUCCESS, Level.HINT: self.style.WARNING, Level.WRONG: self.style.ERROR}
        counts: Counter[Level] = Counter()
        for finding in inspect():
            counts[finding.level] += 1
            self.stdout.write(paint[finding.level](f"{MARKS[finding.level]} {finding.what}"))
            if finding.remedy:
                self.stdout.write(f"    → {finding.remedy}")
        self.stdout.write("")
        if counts[Level.WRONG]:
            self.stdout.write(f"{counts[Level.WRONG]} hal harus dibereskan, {counts[Level.HINT]} perlu perhatian.")
            raise SystemExit(1)
        self.stdout.write(f"Siap dipakai. {counts[Level.HINT]} hal perlu perhatian. (Ready.)")
