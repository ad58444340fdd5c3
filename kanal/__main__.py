import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one of Kanal's commands: `kanal serve`, `kanal import-lapor FILE` and so on.

    A command may be written with dashes; Python modules cannot, so they become underscores here.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
    if len(sys.argv) > 1:
        sys.argv[1] = sys.argv[1].replace("-", "_") if not sys.argv[1].startswith("-") else sys.argv[1]
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
