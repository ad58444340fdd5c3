"""Who may see which page of issues."""

from tests.support.town import Town
from tests.support.walk import Pages, Stop, data

READERS = ("heni", "oki", "dewi", "laras", "rina")


HERE = ("kun", "oki")
"""Who may write to everybody concerned, besides the supervisor who sees it in the browser."""


def _draft(town: Town) -> list[object]:
    return [town.bulletins[0].pk]


def _sent(town: Town) -> list[object]:
    return [town.bulletins[1].pk]


def _issue(town: Town) -> list[object]:
    return [town.issue.pk]


PAGES: Pages = {
    "issues:public_issues": (Stop(), Stop(query="cari=tidakada")),
    "issues:public_issue": (Stop(arguments=_issue), Stop(arguments=lambda _town: [987654], status=404)),
    "issues:desk_issues": (
        Stop(("kun", "heni"), also=READERS),
        Stop(("heni",), query="tampilan=saya"),
        Stop(("kun",), query="bentuk=papan"),
        Stop(("ida",), status=403),
    ),
    "issues:desk_issue": (Stop(("kun", "heni"), _issue, also=READERS),),
    "issues:desk_bulletin_new": (Stop(("oki",), _issue, also=("kun", "heni")),),
    "issues:desk_bulletin": (
        Stop(("heni",), _draft, also=HERE),
        Stop(("heni",), _sent, query="lihat=1"),
    ),
    "issues:desk_bulletin_change": (Stop(("heni",), _draft, also=HERE),),
    "issues:desk_bulletin_progress": data(_sent, "heni", also=(*HERE, "dewi", "laras", "rina")),
    "issues:desk_weights": (Stop(("kun", "oki"), also=READERS),),
    "issues:desk_found": (Stop(("kun",)),),
}
DATA: Pages = {
    "issues:public_feed": data(),
    "issues:public_csv": data(),
    "issues:public_json": data(),
}
