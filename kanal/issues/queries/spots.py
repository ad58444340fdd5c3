"""Where voices come from, on the drawn map of the regency: a mark for each kecamatan, a dot for each village."""

from collections.abc import Mapping

from kanal.agencies.queries import reference
from kanal.reports.queries.map_sketch import Mark, drawn, sketch
from kanal.reports.workflow import Colour


def marks(districts: Mapping[int, int | None]) -> list[Mark]:
    """A mark for each kecamatan whose voices are told, by region id; the loudest first, named where there is room."""
    regions = reference().regions
    told = {pk: voices for pk, voices in districts.items() if voices is not None}
    loudest = sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))
    return drawn((regions[pk], voices, Colour.NONE) for pk, voices in loudest if pk in regions)


def dots(villages: Mapping[int, int | None]) -> list[tuple[float, float]]:
    """Where the villages lie in the drawing, by their middles."""
    regions, drawing = reference().regions, sketch()
    found = [regions[pk] for pk in sorted(villages) if pk in regions]
    return [drawing.place(one.lat, one.lon) for one in found if one.lat is not None and one.lon is not None]
