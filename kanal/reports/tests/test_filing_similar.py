"""Likely duplicates: alike in words, near in place, not long ago, and public."""

import io
import random
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from kanal.agencies import places
from kanal.agencies.queries import reference
from kanal.common.images import sanitise
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.queries.similar import Probe, similar
from kanal.reports.workflow import Kind
from tests.support.people import People

HOLE = "Jalan di tikungan Desa Jono berlubang sedalam mata kaki, tadi ada motor jatuh"


def _village(name: str) -> int:
    return places.named(name)[0].id


def _published(people: People, body: str, village: str, *, days_ago: int = 1, **more: object) -> Report:
    at = timezone.now() - timedelta(days=days_ago)
    filing = actions.Filing(body=body, submission=body + village, region_id=_village(village), **more)  # type: ignore[arg-type]  # test data
    report = actions.file_report(filing, at=at)
    if report.kind != Kind.WHISTLEBLOWING:
        actions.assign(report=report, agency=people.roads, by=people.doing(people.kun), at=at)
    return report


@pytest.fixture
def town(people: People) -> list[Report]:
    """One hole told in other words, and four reports about something else, somewhere else or long ago."""
    return [
        _published(people, "Lubang jalan di tikungan Jono dalam sekali, motor sering jatuh", "Jono, Kec. Temayang"),
        _published(people, "Lampu jalan padam di depan balai desa sudah sebulan", "Jono, Kec. Temayang"),
        _published(people, "Lubang jalan di tikungan pasar dalam sekali, motor jatuh", "Kauman, Kec. Baureno"),
        _published(people, "Lubang jalan tikungan Jono, motor jatuh", "Jono, Kec. Temayang", days_ago=400),
        _published(people, "Lubang jalan tikungan Jono motor jatuh rahasia", "Jono, Kec. Temayang", secret=True),
    ]


def test_the_same_hole_in_other_words_is_found_and_the_rest_is_not(town: list[Report]) -> None:
    found = similar(Probe(HOLE, region_id=_village("Jono, Kec. Temayang")), Report.objects.filter(published=True))
    assert [one.report for one in found] == [town[0]]


def test_nearer_comes_first(people: People) -> None:
    near = _published(people, "Jalan berlubang parah di tikungan", "Jono, Kec. Temayang", lat=-7.3500, lon=111.9000)
    far = _published(people, "Jalan berlubang parah di tikungan itu", "Jono, Kec. Temayang", lat=-7.3900, lon=111.9300)
    probe = Probe("Jalan berlubang parah di tikungan", _village("Jono, Kec. Temayang"), lat=-7.3501, lon=111.9001)
    found = similar(probe, Report.objects.filter(published=True))
    assert [one.report for one in found] == [near, far]
    assert found[0].distance_m is not None
    assert found[0].distance_m < 50


def test_without_a_place_the_telling_words_find_it(town: list[Report]) -> None:
    found = similar(Probe("tikungan lubang jono motor jatuh dalam"), Report.objects.filter(published=True))
    assert town[0] in [one.report for one in found]


@pytest.mark.parametrize("text", ["", "jalan", "yang dan di ke dari", "🕳️🕳️🕳️"])
def test_too_few_words_find_nothing(town: list[Report], text: str) -> None:
    assert similar(Probe(text, _village("Jono, Kec. Temayang")), Report.objects.all()) == []


def test_the_form_offers_it_as_a_fragment(client: Client, town: list[Report]) -> None:
    page = client.post("/lapor/mirip/", {"text": HOLE, "region": str(_village("Jono, Kec. Temayang"))}).content.decode()
    assert "Mungkin sudah ada yang melapor" in page
    assert town[0].tracking_code in page
    assert town[4].tracking_code not in page
    assert "rahasia" not in page


def test_with_nothing_alike_the_fragment_is_empty(client: Client, people: People) -> None:
    assert client.post("/lapor/mirip/", {"text": HOLE}).content.strip() == b""


def test_looking_costs_one_or_two_queries_however_many_reports(
    people: People, town: list[Report], django_assert_max_num_queries: object
) -> None:
    reference()
    with django_assert_max_num_queries(2):  # type: ignore[operator]  # the plugin's fixture
        similar(Probe(HOLE, _village("Jono, Kec. Temayang")), Report.objects.filter(published=True))


def test_a_copy_is_found_in_another_kecamatan_and_what_is_merely_alike_is_not(town: list[Report]) -> None:
    probe = Probe(
        "Assalamualaikum. LUBANG JALAN di tikungan pasar dalam skali, motor jatuh!! tolong",
        _village("Jono, Kec. Temayang"),
    )
    found = similar(probe, Report.objects.filter(published=True))
    assert [(one.report, one.copy) for one in found if one.copy] == [(town[2], True)]


def test_the_place_named_in_the_words_counts_without_a_pin(people: People) -> None:
    here = _published(people, "Tanggul kali jebol, sawah terendam", "Kauman, Kec. Baureno")
    _published(people, "Tanggul kali jebol, sawah terendam semua", "Jono, Kec. Temayang")
    found = similar(Probe("sawah kebanjiran karena tanggul jebol ds. kauman kec. baureno"), Report.objects.all())
    assert [one.report for one in found] == [here]


def _picture(seed: int, *, size: tuple[int, int] = (640, 480), quality: int = 90) -> bytes:
    """A scene of coloured blocks, the same for one seed, as a camera or a messenger would save it."""
    rng = random.Random(seed)  # nothing secret: the same scene each time
    scene = Image.new("RGB", (12, 9))
    scene.putdata([(rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(12 * 9)])
    saved = io.BytesIO()
    scene.resize(size, Image.Resampling.BICUBIC).save(saved, "JPEG", quality=quality)
    return saved.getvalue()


def test_the_same_photo_is_found_whatever_the_words_and_the_place(people: People) -> None:
    shown = sanitise(_picture(1), name="a.jpg")
    other = sanitise(_picture(2), name="b.jpg")
    sent_on = sanitise(_picture(1, size=(400, 300), quality=40), name="c.jpg")
    known = _published(people, "Tiang miring hampir ambruk", "Kauman, Kec. Baureno", photos=(shown,))
    _published(people, "Selokan bau sekali", "Kauman, Kec. Baureno", photos=(other,))
    probe = Probe("Kapan diperbaiki ini pak", _village("Jono, Kec. Temayang"), looks=(sent_on.looks,))
    found = similar(probe, Report.objects.filter(published=True))
    assert [(one.report, one.photo, one.copy) for one in found] == [(known, True, False)]


def test_a_hidden_photo_and_a_secret_reports_photo_tell_nothing(people: People) -> None:
    shown = sanitise(_picture(1), name="a.jpg")
    hidden = _published(people, "Tiang miring hampir ambruk", "Kauman, Kec. Baureno", photos=(shown,))
    hidden.attachments.update(public=False)
    secret = _published(people, "Tiang miring rahasia", "Kauman, Kec. Baureno", photos=(shown,), secret=True)
    assert secret.attachments.get().looks == ""
    assert similar(Probe("Kapan diperbaiki", looks=(shown.looks,)), Report.objects.all()) == []


def test_the_form_sends_what_its_photos_look_like(client: Client, people: People) -> None:
    shown = sanitise(_picture(1), name="a.jpg")
    known = _published(people, "Tiang miring hampir ambruk", "Kauman, Kec. Baureno", photos=(shown,))
    told = {"text": "Mohon segera ditangani ya pak, terima kasih", "looks": [shown.looks, "xyz", "0" * 17]}
    page = client.post("/lapor/mirip/", told).content.decode()
    assert known.tracking_code in page
    assert "Fotonya sama" in page


def test_the_desk_sees_that_words_or_photo_are_the_same(people: People, client: Client) -> None:
    shown = sanitise(_picture(1), name="a.jpg")
    known = _published(people, "Tiang listrik miring hampir ambruk", "Kauman, Kec. Baureno", photos=(shown,))
    again = _published(
        people, "tiang listrik miring, hampir ambruk!!", "Kauman, Kec. Baureno", photos=(shown,), days_ago=0
    )
    client.force_login(people.kun)
    page = client.get(f"/meja/l/{again.tracking_code}/mirip/").content.decode()
    assert known.tracking_code in page
    assert "isinya sama" in page
    assert "fotonya sama" in page


def test_photos_cost_two_queries_more(
    people: People, town: list[Report], django_assert_max_num_queries: object
) -> None:
    reference()
    with django_assert_max_num_queries(4):  # type: ignore[operator]  # the plugin's fixture
        similar(Probe(HOLE, _village("Jono, Kec. Temayang"), looks=("0123456789abcdef",)), Report.objects.all())
