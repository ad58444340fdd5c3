import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from kanal.agencies.actions import set_boundary
from kanal.agencies.outlines import BadOutline, Outline, read_outlines, simplify, total_points
from kanal.agencies.queries import reference
from kanal.common.formats import filesize

_LISTED = 20
TOLERANCE_M = 50.0
_MOST_M = 5_000.0


class Command(BaseCommand):
    help = "Loads boundaries from GeoJSON (WGS 84), thinned out for the map. Without them the map shows centres only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--tolerance", type=float, default=TOLERANCE_M, metavar="METRES", help="0 keeps every point (default: 50)"
        )
        parser.add_argument("--property", default="", metavar="NAME", help="the property that holds the region's code")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 0 <= options["tolerance"] <= _MOST_M:
            raise CommandError(_("Toleransi antara 0 dan %(most)d meter.") % {"most": _MOST_M})
        for path in options["files"]:
            try:
                self._load(path, list(read_outlines(path, options["property"])), options["tolerance"])
            except BadOutline as error:
                raise CommandError(f"{path.name}: {error}") from error

    def _load(self, path: Path, found: list[Outline | BadOutline], tolerance: float) -> None:
        good = [item for item in found if isinstance(item, Outline)]
        faults = [str(item) for item in found if isinstance(item, BadOutline)]
        ours = [outline for outline in good if outline.code in reference().regions_by_code]
        unknown = [outline.code for outline in good if outline.code not in reference().regions_by_code]
        before = total_points(ours)
        if tolerance:
            simplify(ours, tolerance)
        size = 0
        with transaction.atomic():
            for outline in ours:
                geometry = outline.geometry()
                size += len(json.dumps(geometry, separators=(",", ":")))
                set_boundary(code=outline.code, geometry=geometry, centre=outline.centre())
        self.stdout.write(
            _("%(name)s: %(count)d batas dimuat, %(before)d titik menjadi %(after)d (%(size)s).")
            % {
                "name": path.name,
                "count": len(ours),
                "before": before,
                "after": total_points(ours),
                "size": filesize(size),
            }
        )
        self._list(_("Kode yang bukan wilayah kabupaten ini"), unknown)
        self._list(_("Tidak dapat dipakai"), faults)

    def _list(self, heading: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(f"{heading}: {len(lines)}")
        for line in lines[:_LISTED]:
            self.stdout.write(f"  {line}")
        if len(lines) > _LISTED:
            self.stdout.write(_("  … dan %(count)d lagi.") % {"count": len(lines) - _LISTED})
