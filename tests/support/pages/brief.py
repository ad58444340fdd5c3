"""Who may see which page of the weekly brief."""

from tests.support.town import Town
from tests.support.walk import Pages, Stop, data

ALL = ("ida", "laras")


def _regency(town: Town) -> list[object]:
    return [town.briefs[0].pk]


def _agency(town: Town) -> list[object]:
    return [town.briefs[1].pk]


PAGES: Pages = {
    "brief:editions": (Stop(("kun", "oki"), also=("heni", "dewi", *ALL)),),
    "brief:edition": (
        Stop(("laras",), _regency, also=("kun", "ida")),
        Stop(("heni",), _agency, also=("kun", "oki", *ALL)),
    ),
}
DATA: Pages = {"brief:pdf": data(_agency, "laras", also=("kun", "oki", "heni", "ida"))}
