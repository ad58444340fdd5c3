"""What rooms above contribute to this one: what goes on of theirs. They append to the list in `AppConfig.ready()`."""

from collections.abc import Callable, Collection, Iterable

goes_on: list[Callable[[Collection[int]], Iterable[tuple[str, int]]]] = []
"""What goes on for whoever takes agencies over: words and how many, such as ("Laporan terbuka", 12). No names."""
