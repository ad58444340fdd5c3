"""Ordered rules: what fires, what does not and why, and that a report no rule knows waits for the coordinator."""

from datetime import datetime, time
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.models import Report, RoutingRule
from kanal.reports.queries import report_reference
from kanal.reports.queries.routing import propose, propose_for, try_rules, urgent
from kanal.reports.routing import Case, RuleFacts, failing, first_fit, folded
from kanal.reports.workflow import Kind
from tests.support.people import People

WIB = ZoneInfo("Asia/Jakarta")
NOON = datetime(2026, 11, 25, 12, tzinfo=WIB)  # a Wednesday
_numbers = count(1)


def rule(*words: str, **conditions: object) -> RuleFacts:
    number = next(_numbers)
    facts: dict[str, Any] = {
        "category_id": None,
        "region_id": None,
        "weekdays": (),
        "hour_from": None,
        "hour_to": None,
        "agency_id": 1,
        "rapid": False,
        **conditions,
    }
    return RuleFacts(id=number, order=number * 10, name=f"Aturan {number}", words=words, **facts)


def case(
    text: str = "", *, categories: set[int] | None = None, regions: set[int] | None = None, at: datetime = NOON
) -> Case:
    return Case(folded(text), frozenset(categories or ()), frozenset(regions or ()), at)


# Words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("banjir", "Ada BANJIR di sini."),
        ("kabel putus", "Kabel, putus!"),
        ("kabel putus", "kabelnya putus"),
        ("lampu merah mati", "lampu merah padam"),
        ("alun-alun", "Sampah di Alun-Alun"),
        ("banjir", "banjiiir"),
        ("banjir", "bánjir"),
    ],
)
def test_a_word_is_found_however_it_is_written(words: str, text: str) -> None:
    assert not failing(rule(words), case(text))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("banjir", "kebanjiran"),
        ("suap", "suapan nasi"),
        ("kdrt", "akdrty"),
        ("kabel putus", "kabel itu putus"),
        ("kabel putus", "putus kabel"),
        ("", "apa saja"),
        ("...", "apa saja"),
    ],
)
def test_part_of_a_word_or_words_apart_are_not_the_word(words: str, text: str) -> None:
    assert failing(rule(words), case(text)) == "words"


# Places, categories, days, hours


def test_all_conditions_must_fit_and_the_first_that_fails_is_named() -> None:
    strict = rule("macet", category_id=7, region_id=9, weekdays=(2,), hour_from=time(8), hour_to=time(17))
    fitting: Any = {"categories": {7}, "regions": {9}}
    assert failing(strict, case("macet", **fitting)) == ""
    assert failing(strict, case("macet", regions={9})) == "category"
    assert failing(strict, case("macet", categories={7})) == "region"
    assert failing(strict, case("lancar", **fitting)) == "words"
    assert failing(strict, case("macet", at=NOON.replace(day=26), **fitting)) == "weekday"
    assert failing(strict, case("macet", at=NOON.replace(hour=17), **fitting)) == "hours"


def test_a_rule_without_conditions_swallows_nothing() -> None:
    assert failing(rule(), case("apa saja")) == "conditions"


@pytest.mark.parametrize(
    ("hour", "fits"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("03:59", True), ("04:00", False)],
)
def test_a_night_goes_over_midnight(hour: str, fits: bool) -> None:  # noqa: FBT001  # the table reads best
    night = rule(hour_from=time(22), hour_to=time(4))
    at = datetime.combine(NOON.date(), time.fromisoformat(hour), WIB)
    assert (failing(night, case(at=at)) == "") is fits


@pytest.mark.parametrize(
    ("moment", "fits"),
    [
        ((28, 22), True),  # Saturday night
        ((29, 3), True),  # still that night
        ((29, 23), True),  # Sunday night
        ((30, 3), True),  # Monday before dawn belongs to Sunday's night
        ((28, 3), False),  # Saturday before dawn belongs to Friday's
        ((27, 23), False),
    ],
)
def test_a_weekend_night_belongs_to_the_day_on_which_it_began(moment: tuple[int, int], fits: bool) -> None:  # noqa: FBT001  # a table
    weekend = rule(weekdays=(5, 6), hour_from=time(21), hour_to=time(5))
    day, hour = moment
    assert (failing(weekend, case(at=datetime(2026, 11, day, hour, tzinfo=WIB))) == "") is fits


@given(st.times(), st.times(), st.times())
def test_a_window_and_its_complement_never_agree(start: time, end: time, moment: time) -> None:
    if start == end:
        return
    at = datetime.combine(NOON.date(), moment, WIB)
    inside, outside = rule(hour_from=start, hour_to=end), rule(hour_from=end, hour_to=start)
    assert (failing(inside, case(at=at)) == "") != (failing(outside, case(at=at)) == "")


@given(st.text(max_size=200))
def test_no_text_breaks_the_engine(text: str) -> None:
    assert failing(rule("banjir"), case(text)) in {"", "words"}


def test_the_first_rule_that_fits_wins() -> None:
    rules = [rule("kebakaran"), rule("asap", agency_id=2), rule("asap", "api", agency_id=3)]
    fired = first_fit(rules, case("asap tebal dari api"))
    assert fired is not None
    assert fired.agency_id == 2
    assert first_fit(rules, case("tenang saja")) is None


# The regency's own rules


def agency_of(text: str, **circumstances: Any) -> list[str]:
    wanted: dict[str, Any] = {"category_id": None, "region_id": None, **circumstances}
    found = propose(text, **wanted)
    return [reference().agencies[proposal.agency_id].code for proposal in found]


def category(code: str) -> int:
    return report_reference().categories_by_code[code].id


def village(place: str) -> int:
    return next(r.id for r in reference().villages() if r.place == place)


def test_a_snake_goes_to_the_fire_brigade_in_either_language(regency: object) -> None:
    assert agency_of("Ada ular di kamar mandi")[0] == "damkar"
    assert agency_of("Tulung, ulo mlebu omah")[0] == "damkar"


def test_a_village_lies_in_its_kecamatan(regency: object) -> None:
    at = {"category_id": category("pelayanan-kecamatan"), "region_id": village("Jono, Kec. Temayang")}
    assert agency_of("Loket tutup terus", **at)[0] == "kec-temayang"


def test_the_category_speaks_when_no_rule_does(regency: object) -> None:
    found = propose("Parkirnya semrawut", category_id=category("parkir"), region_id=None)
    assert reference().agencies[found[0].agency_id].code == "dishub"
    assert found[0].why == "Biasanya untuk kategori Parkir"
    assert found[0].sure


def test_words_alone_are_a_guess_and_say_so(regency: object) -> None:
    found = propose("selokan depan rumah mampet", category_id=None, region_id=None)
    assert found
    assert not any(proposal.sure for proposal in found)
    assert found[0].why.startswith("Tidak yakin.")


def test_nothing_at_all_waits_for_the_coordinator(regency: object) -> None:
    assert propose("qwerty uiop", category_id=None, region_id=None) == []


def test_an_agency_is_proposed_once(regency: object) -> None:
    found = agency_of("lampu merah mati", category_id=category("lampu-merah"))
    assert found.count("dishub") == 1


def test_whistle_blowing_is_never_routed(regency: object) -> None:
    report = actions.file_report(
        actions.Filing(body="Ada kebakaran dan suap", submission="w", kind=Kind.WHISTLEBLOWING)
    )
    assert propose_for(report) == []
    assert not report.is_rapid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Awas, ada KABEL  PUTUS di gang", "kata “KABEL PUTUS”"),
        ("Ada kabelnya, putus! di gang", "kata “kabelnya, putus”"),
    ],
)
def test_a_reason_quotes_the_text_as_it_was_written(regency: object, text: str, said: str) -> None:
    assert propose(text, category_id=None, region_id=None)[0].why == f"Aturan 80: {said}"


def test_a_guess_quotes_only_what_stands_in_the_text_and_names_its_category(regency: object) -> None:
    first = propose("Di gang ini tidak ada lampu", category_id=None, region_id=None)[0]
    category = report_reference().categories[first.category_id or 0]
    assert not first.sure
    assert "belum ada lampu" in category.keywords
    assert first.why == f"Tidak yakin. Mungkin kategori {category.name}: mirip “belum ada lampu”"
    better = propose("Tidak ada lampu. Minta lampu jalan!", category_id=None, region_id=None)[0]
    assert better.why.endswith("kata “Minta lampu jalan”")


# At filing


def test_words_of_danger_flag_the_report_as_it_is_filed(regency: object) -> None:
    report = actions.file_report(actions.Filing(body="Ada kabel putus di depan SD", submission="k"))
    assert report.is_rapid
    assert report.rapid_reason == "Kabel atau tiang membahayakan: kata “kabel putus”"
    calm = actions.file_report(actions.Filing(body="Rumput di taman terlalu tinggi", submission="r"))
    assert not calm.is_rapid


def test_the_reason_is_kept_in_indonesian_whatever_the_reader_speaks(regency: object) -> None:
    with translation.override("en"):
        danger = urgent("kabel putus", category_id=None, region_id=None, at=NOON)
    assert danger is not None
    assert "kata “kabel putus”" in danger.reason


def test_routing_costs_no_query(regency: object) -> None:
    report_reference(), reference()
    with CaptureQueriesContext(connection) as queries:
        propose("Ada kabel putus", category_id=None, region_id=None)
        urgent("Ada kabel putus", category_id=None, region_id=None, at=NOON)
        try_rules("Ada kabel putus", category_id=None, region_id=None)
    assert not queries.captured_queries


# The test bench


def test_the_bench_says_which_rule_fired_and_why_every_other_did_not(client: Client, people: People) -> None:
    client.force_login(people.kun)
    answer = client.post(
        "/meja/aturan/", {"text": "Ada kabel putus di pohon tumbang", "day": "2026-11-25", "hour": "23:30"}
    )
    page = answer.content.decode()
    assert "25-11-2026 pukul 23.30" in page
    assert page.count("Menentukan") == 1
    assert "Aturan 60: kata “pohon tumbang”" in page
    assert "Cocok, tetapi kalah urutan" in page
    assert "Kategorinya bukan Dugaan korupsi" in page
    assert "Tidak ada kata “kebakaran”" in page
    assert page.count("<tr>") - 1 == RoutingRule.objects.count()


def test_the_bench_keeps_what_was_typed_and_asks_for_a_text(client: Client, people: People) -> None:
    client.force_login(people.kun)
    answer = client.post("/meja/aturan/", {"text": "", "hour": "25:99"})
    assert answer.status_code == 400
    assert "Tempelkan teks yang ingin dicoba." in answer.content.decode()
    hostile = "<script>alert(1)</script> banjir bandang"
    assert "<script>alert" not in client.post("/meja/aturan/", {"text": hostile}).content.decode()


def test_the_bench_stores_nothing(client: Client, people: People) -> None:
    client.force_login(people.kun)
    client.post("/meja/aturan/", {"text": "banjir bandang"})
    assert not Report.objects.exists()


def test_the_bench_is_the_coordinators(client: Client, people: People) -> None:
    for user in (people.oki, people.heni, people.laras, people.ida):
        client.force_login(user)
        assert client.get("/meja/aturan/").status_code == 403


def test_an_edited_rule_counts_at_once(client: Client, people: People) -> None:
    RoutingRule.objects.create(order=1, name="Kucing", words=["kucing"], agency=people.transport)
    assert agency_of("Kucing saya hilang")[0] == "dishub"
