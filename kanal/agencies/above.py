"""What rooms above know of an agency: they fill this list in AppConfig.ready()."""

from collections.abc import Callable, Collection, Iterable

goes_on: list[Callable[[Collection[int]], Iterable[tuple[str, int]]]] = []
"""What goes on for whoever takes agencies over: words and how many, such as ("Laporan terbuka", 12). No names."""
