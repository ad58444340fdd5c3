"""A background function for fault tests: it says in a file that it began, sleeps, and says that it ended."""

import time
from pathlib import Path

from kanal.common.tasks import background


@background()
def nap(diary: str, seconds: float) -> None:
    """Write "begun", sleep unless it has begun before, write "ended"."""
    path = Path(diary)
    first = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        file.write("begun\n")
    if first:
        time.sleep(seconds)
    with path.open("a", encoding="utf-8") as file:
        file.write("ended\n")
