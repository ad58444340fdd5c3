from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from kanal.agencies.actions import load_regions
from kanal.agencies.models import Region
from kanal.agencies.queries import reference
from kanal.agencies.region_codes import NotRegions, RegionList, read_regions

_LISTED = 20
_KEPT = ("lat", "lon", "population", "area_km2")


class Command(BaseCommand):
    help = "Loads codes and names of regions from CSV: Kanal's own columns, or code,name as Kemendagri lists them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--regency", default="", metavar="35.22", help="code of the regency (default: this one)")

    def handle(self, *_args: Any, **options: Any) -> None:
        regency = options["regency"] or reference().regency.code
        try:
            found = read_regions(options["file"], regency)
        except NotRegions as error:
            raise CommandError(str(error)) from error
        if not found.rows:
            raise CommandError(_("Tidak ada wilayah dengan kode %(code)s dalam berkas ini.") % {"code": regency})
        with transaction.atomic():
            known = {region.code: region for region in Region.objects.all()}
            self._drop_orphans(found, known)
            added = sum(row["code"] not in known for row in found.rows)
            renamed = sum(row["code"] in known and known[row["code"]].name != row["name"] for row in found.rows)
            load_regions(iter([_with_known_facts(row, known.get(row["code"])) for row in found.rows]))
        self._tell(found, added, renamed)

    def _drop_orphans(self, found: RegionList, known: dict[str, Region]) -> None:
        """A village whose kecamatan is nowhere would hang in the air."""
        codes = known.keys() | {row["code"] for row in found.rows}
        for row in [row for row in found.rows if row["parent"] and row["parent"] not in codes]:
            found.rows.remove(row)
            found.faults.append(
                _("%(code)s %(name)s: induknya %(parent)s tidak ada.")
                % {"code": row["code"], "name": row["name"], "parent": row["parent"]}
            )

    def _tell(self, found: RegionList, added: int, renamed: int) -> None:
        lines = (
            (_("Wilayah dibaca"), len(found.rows)),
            (_("Baru"), added),
            (_("Berganti nama"), renamed),
            (_("Wilayah kabupaten lain, dilewati"), found.elsewhere),
            (_("Baris bermasalah"), len(found.faults)),
        )
        for word, count in lines:
            self.stdout.write(f"{word:<34}{count:>7}")
        for fault in found.faults[:_LISTED]:
            self.stdout.write(f"  {fault}")
        if len(found.faults) > _LISTED:
            self.stdout.write(_("  … dan %(count)d lagi.") % {"count": len(found.faults) - _LISTED})


def _with_known_facts(row: dict[str, str], region: Region | None) -> dict[str, str]:
    """A list of names must not wipe out the centres and numbers that are known already."""
    if region is None:
        return row
    kept = {name: "" if getattr(region, name) is None else str(getattr(region, name)) for name in _KEPT}
    return row | {name: row[name] or kept[name] for name in _KEPT}
