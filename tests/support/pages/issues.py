"""Who may see which page of issues."""

from tests.support.town import Town
from tests.support.walk import Pages, Stop

READERS = ("heni", "oki", "dewi", "laras", "rina")


def _issue(town: Town) -> list[object]:
    return [town.issue.pk]


PAGES: Pages = {
    "issues:desk_issues": (
        Stop(("kun", "heni"), also=READERS),
        Stop(("heni",), query="tampilan=saya"),
        Stop(("ida",), status=403),
    ),
    "issues:desk_issue": (Stop(("kun", "heni"), _issue, also=READERS),),
    "issues:desk_weights": (Stop(("kun", "oki"), also=READERS),),
}
