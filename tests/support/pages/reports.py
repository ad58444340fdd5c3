"""Who may see which page of reports, and what each needs as arguments."""

from kanal.reports import actions
from kanal.reports.queries.follow_links import confirm_link, stop_link
from tests.support.town import Town
from tests.support.walk import COMMON, HANDLERS, HOSTS, Pages, Stop, data, linked


def _public(which: str) -> Stop:
    return Stop(arguments=lambda town: [town.code(which)])


def _private(which: str) -> Stop:
    return Stop(arguments=lambda town: list(town.private(which)))


def _case(which: str, *who: str, query: str = "", status: int = 200, also: tuple[str, ...] = ()) -> Stop:
    return Stop(who, lambda town: [town.code(which)], query, status, also)


def _event(*who: str, query: str = "", status: int = 200, also: tuple[str, ...] = ()) -> Stop:
    return Stop(who, lambda town: [town.event.pk], query, status, also)


def _person(*who: str, query: str = "", status: int = 200, also: tuple[str, ...] = ()) -> Stop:
    return Stop(who, lambda town: [town.deed.contact_id], query, status, also)


def _message(*who: str, status: int = 200, also: tuple[str, ...] = ()) -> Stop:
    return Stop(who, lambda town: [town.message.pk], "", status, also)


def _app(town: Town) -> list[object]:
    return [town.subscription.client_id]


def _subscription(town: Town) -> list[object]:
    return [town.subscription.pk]


PAGES: Pages = {
    "reports:home": (Stop(), Stop(("kun",))),
    "reports:file": (Stop(), Stop(query="jenis=pengawasan")),
    "reports:track": (Stop(), Stop(query="kode=BJN-0000-0000", status=404)),
    "reports:status": (_public("received"), _public("answered"), _public("whistle")),
    "reports:private": tuple(_private(which) for which in ("received", "asked", "answered", "disputed", "whistle")),
    "reports:private_reply": (_private("received"),),
    "reports:private_withdraw": (_private("received"),),
    "reports:private_reopen": (_private("answered"),),
    "reports:private_feedback": (_private("answered"),),
    "reports:private_contact": (_private("received"),),
    "reports:private_proof": (_private("received"),),
    "reports:public_list": (Stop(), Stop(query="q=jembatan"), Stop(query="q=tidakada")),
    "reports:public_map_page": (Stop(),),
    "reports:public_detail": (
        _public("begun"),
        _public("answered"),
        Stop(arguments=lambda _: ["BJN-0000-0000"], status=404),
    ),
    "reports:follow_confirm": (linked(lambda town: confirm_link(town.follower.pk)),),
    "reports:unfollow": (linked(lambda town: stop_link(town.follower.pk)),),
    "reports:performance": (
        Stop(),
        Stop(("laras",)),
        *(Stop(query=f"bagian={part}") for part in ("dinas", "kecamatan", "hitung")),
    ),
    "reports:friday": (Stop(),),
    "reports:partner": (linked(lambda town: actions.partner_link(town.task)),),
    "reports:desk_queue": (
        Stop(COMMON, also=("dewi",)),
        Stop(("rina",), status=302),
        Stop(("kun",), query="q=tidakada"),
        Stop(("kun",), query="tampilan=lewat"),
    ),
    "reports:desk_record": (Stop(HANDLERS, also=("dewi", "ida")), Stop(("laras",), status=403)),
    "reports:desk_tasks": (Stop(HANDLERS, also=("dewi",)),),
    "reports:gatherings": (Stop(HANDLERS, also=("dewi",)), Stop(("laras",), status=403)),
    "reports:gathering_new": (Stop(("kun",), also=("oki", "heni", "dewi")),),
    "reports:gathering": (_event("kun"), _event("oki", status=404)),
    "reports:gathering_change": (_event("kun"),),
    "reports:gathering_file": (_event("kun"),),
    "reports:gathering_slips": (_event("kun", query="semua=1"),),
    "reports:desk_rules": (Stop(("kun",)), Stop(("oki",), status=403)),
    "reports:desk_learned": (Stop(("kun",)), Stop(("oki",), status=403)),
    "reports:radio": (Stop(HOSTS), Stop(("oki",), status=403)),
    "reports:radio_show": (Stop(HOSTS, lambda town: [town.show.pk]), Stop(("laras",), lambda _: [1], status=403)),
    "reports:desk_outbox": (Stop(("kun", "agus")),),
    "reports:desk_lapor": (Stop(("kun", "laras")), Stop(("oki", "agus"), status=403)),
    "reports:desk_media": (Stop(("kun", "agus")), Stop(("oki",), status=403)),
    "reports:desk_apps": (Stop(("kun", "agus")), Stop(("oki",), status=403)),
    "reports:desk_app_new": (Stop(("kun",), also=("agus",)),),
    "reports:desk_app": (Stop(("agus",), _app, also=("kun",)),),
    "reports:desk_subscribe": (Stop(("kun",), _app, also=("agus",)),),
    "reports:desk_subscription": (Stop(("kun", "agus"), _subscription), Stop(("ida",), _subscription, status=403)),
    "reports:desk_messages": (Stop(("kun", "ida")), Stop(("oki", "agus"), status=403)),
    "reports:desk_message": (_message("kun", "ida"), _message("oki", "agus", status=404)),
    "reports:desk_message_file": (_message("kun"),),
    "reports:desk_person": (_person("kun", "oki", "ida", also=("heni",)), _person("laras", status=403)),
    "reports:desk_person_merge": (_person("kun", query="dengan=0", status=400), _person("oki", status=403)),
    "reports:desk_person_part": (Stop(("kun",), lambda town: [town.deed.contact_id, town.deed.pk]),),
    "reports:desk_wordings": (Stop(("kun",)), Stop(("agus",), status=403)),
    "reports:desk_wording": (Stop(("kun",), lambda _: ["answered"]),),
    "reports:desk_detail": (
        _case("received", "kun", "laras"),
        _case("received", "oki", status=404),
        _case("begun", "kun", "oki", "heni", "laras"),
        _case("submitted", "oki", "heni", also=("kun", "laras")),
        _case("disputed", "kun", also=("oki", "heni", "laras")),
        _case("whistle", "ida"),
        _case("whistle", "kun", status=404),
        _case("begun", "kun", query="aksi=merge"),
        _case("begun", "oki", query="aksi=split"),
    ),
    "reports:desk_similar": (_case("begun", "kun", also=("oki", "heni", "laras")),),
    "reports:desk_identity": (_case("begun", "kun", "oki", status=302),),
    "reports:desk_bulk": (Stop(("kun", "oki"), status=302),),
    "reports:desk_verb": (Stop(("kun", "oki"), lambda town: [town.code("begun"), "assign"], status=302),),
}
DATA: Pages = {
    "reports:challenge": data(),
    "reports:similar": data(query="text=Jembatan kayu lapuk di gang begun"),
    "reports:places": data(),
    "reports:private_photo": data(lambda town: [*town.private("begun"), town.photo("begun"), "kecil"]),
    "reports:public_feed": data(),
    "reports:public_map": data(),
    "reports:public_map_ground": data(),
    "reports:public_export": data(lambda _: ["csv"]),
    "reports:photo": data(lambda town: [town.code("answered"), town.photo("answered"), "besar"]),
    "reports:performance_csv": data(),
    "reports:desk_export": data(lambda _: ["xlsx"], *HANDLERS, "dewi", "laras", "ida"),
    "reports:desk_lapor_sheet": data(lambda _: ["xlsx"], "kun"),
    "reports:desk_preview": data(lambda town: [town.code("begun")], *HANDLERS, "laras"),
    "reports:desk_message_picture": data(lambda town: [town.file("image"), "kecil"], "kun", "ida"),
    "reports:desk_message_paper": data(lambda town: [town.file("audio")], "kun", "ida"),
    "reports:gathering_sheet": data(lambda town: [town.event.pk], "kun"),
    "reports:gathering_photo": data(lambda town: [town.event.pk, town.event.photos.get().pk, "kecil"], "kun"),
    "reports:desk_letter": data(lambda town: [town.code("begun")], *HANDLERS, "laras"),
}
"""Answers that are no pages: pictures, files, and parts of pages."""
