import os
import sys
from typing import Any

from django.core.management import BaseCommand, ManagementUtility, get_commands

PROGRAM = "kanal"


class Console(ManagementUtility):
    """Commands as they are documented, with dashes (`kanal import-lapor`); the modules behind them have underscores."""

    def __init__(self, argv: list[str]) -> None:
        subject = 2 if argv[1:2] == ["help"] else 1  # place of the command's name, which its usage repeats
        names = [_dashed(word) if place == subject and word[:1] != "-" else word for place, word in enumerate(argv)]
        super().__init__([PROGRAM, *names[1:]])
        self.prog_name = PROGRAM

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return the command of a dashed name."""
        module = subcommand.replace("-", "_")
        return super().fetch_command(module if module in get_commands() else subcommand)

    def main_help_text(self, *args: Any, **options: Any) -> str:
        """Return the list of all commands, each as it is typed."""
        text: str = super().main_help_text(*args, **options)
        for name in get_commands():
            text = text.replace(name, _dashed(name))
        return text


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def main() -> None:
    """Run one of Kanal's commands: `kanal serve`, `kanal import-lapor FILE` and so on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
    Console(sys.argv).execute()


if __name__ == "__main__":
    main()
