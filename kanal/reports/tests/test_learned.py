"""What was decided teaches: proposals with chance and words, the page, going back, and models that are no good."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from kanal.agencies.models import Agency
from kanal.agencies.queries import forget as forget_agencies
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.actions.learning import KEPT, sweep_files, use_model
from kanal.reports.learning import storage
from kanal.reports.models import Category, LearnedModel, Report
from kanal.reports.queries import forget, learned
from kanal.reports.queries.examples import agency_label, agency_of, decided
from kanal.reports.queries.routing import propose_for
from tests.support.learned import ANGKOT, SAID, make_model
from tests.support.people import People
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/meja/pembelajaran/"


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def filed(body: str, **more: Any) -> Report:
    return actions.file_report(actions.Filing(body=body, submission=body, **more))


# Proposals


def test_what_was_learned_is_proposed_with_its_chance_and_the_words_that_spoke_for_it(people: People) -> None:
    make_model()
    first = propose_for(filed(ANGKOT))[0]
    assert first.agency_id == people.transport.pk
    assert first.sure
    assert "Dari laporan terdahulu" in first.why
    assert "“angkot”" in first.why


def test_rules_come_first(people: People) -> None:
    make_model()
    said = propose_for(filed("Lampu merah mati, angkot ngetem lama di tikungan."))
    assert said[0].rule is not None
    assert said[0].agency_id == people.transport.pk
    assert "Aturan" in said[0].why
    assert [p.agency_id for p in said].count(people.transport.pk) == 1


def test_below_the_threshold_it_says_that_it_is_not_sure(regency: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "SURE", 1.1)
    make_model()
    proposals = propose_for(filed("Sopir di tikungan licin, tarif di tepian ambrol."))
    assert [p for p in proposals if p.sure or "Tidak yakin" not in p.why] == []
    assert proposals


def test_a_matter_of_a_kecamatan_goes_to_that_of_the_report(people: People) -> None:
    make_model()
    village = next(r for r in reference().villages() if r.place == "Jono, Kec. Temayang")
    first = propose_for(filed("Antre surat pindah lama di loket.", region_id=village.id))[0]
    agency = reference().agencies[first.agency_id]
    assert (agency.kind, agency.region_id) == ("kecamatan", village.district_id)
    assert not any(
        reference().agencies[p.agency_id].kind == "kecamatan" for p in propose_for(filed("Antre surat pindah lama."))
    )


def test_without_a_model_everything_is_as_before(people: People) -> None:
    assert all("terdahulu" not in p.why for p in propose_for(filed(ANGKOT)))
    assert learned.likely_agencies(ANGKOT, region_id=None) == []


@pytest.mark.parametrize("trouble", ["missing", "broken", "older"])
def test_a_model_that_is_no_good_is_said_so_and_proposes_nothing(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    if trouble == "older":
        monkeypatch.setattr(storage, "VERSION", 0)
    row = make_model()
    monkeypatch.undo()
    path = learned.folder() / row.file
    if trouble == "missing":
        path.unlink()
    if trouble == "broken":
        path.write_bytes(path.read_bytes()[:-10])
    assert learned.state_of(row.file) == trouble
    assert all("terdahulu" not in p.why for p in propose_for(filed(ANGKOT)))
    client.force_login(people.kun)
    assert "hilang, rusak, atau dari versi lama" in client.get(PAGE).content.decode()


def test_a_category_that_is_no_more_is_not_proposed(regency: object) -> None:
    make_model("category", {"category:parkir-lama": SAID["agency:dishub"], "category:jembatan": SAID["kind:kecamatan"]})
    assert [c.id for c in learned.likely_categories(ANGKOT, region_id=None) if c.sure] == []
    Category.objects.filter(code="jembatan").update(active=False)
    forget()
    assert learned.likely_categories("Antre surat pindah lama", region_id=None) == []


def test_an_agency_that_was_merged_is_followed_by_what_was_learned(people: People) -> None:
    make_model()
    report = filed(ANGKOT)
    earlier = filed("Angkot ngetem di pasar.")
    actions.assign(report=earlier, agency=people.transport, by=people.doing(people.kun))
    Agency.objects.filter(pk=people.transport.pk).update(active=False, successor=people.roads)
    forget_agencies()
    assert propose_for(report)[0].agency_id == people.roads.pk
    earlier.refresh_from_db()
    assert earlier.agency_id == people.transport.pk  # history stays
    assert next(iter(decided("agency"))).label == "agency:pu-bina-marga"
    Agency.objects.filter(pk=people.roads.pk).update(active=False, successor=people.transport)
    forget_agencies()
    assert agency_of("agency:dishub", None, reference()) is None  # a ring ends


# Examples


def test_a_return_is_a_strong_no_and_whistle_blowing_teaches_nothing(people: People) -> None:
    report = filed("Angkot ngetem di tikungan.")
    kun, oki = people.doing(people.kun), people.doing(people.oki)
    actions.assign(report=report, agency=people.roads, by=kun)
    actions.return_(report=report, by=oki, reason="other_agency")
    (lost,) = decided("agency")
    assert (lost.label, lost.against) == ("", frozenset({"agency:pu-bina-marga"}))
    actions.assign(report=report, agency=people.transport, by=kun)
    (settled,) = decided("agency")
    assert (settled.label, settled.against) == ("agency:dishub", frozenset({"agency:pu-bina-marga"}))
    assert settled.weight > 1
    Report.objects.update(kind="whistleblowing", secret=True, published=False)
    assert list(decided("agency")) == []


def test_an_agency_of_a_place_is_learned_as_its_kind(regency: object) -> None:
    facts = reference()
    agency = next(a for a in facts.agencies.values() if a.kind == "kecamatan" and a.region_id)
    assert agency_label(agency) == "kind:kecamatan"
    assert agency_of("kind:kecamatan", agency.region_id, facts) == agency
    assert agency_of("kind:kecamatan", None, facts) is None


# Learning


def decide(people: People, copies: int = 22) -> None:
    kun = people.doing(people.kun)
    for at in range(copies):
        for agency, said in ((people.roads, "agency:pu-bina-marga"), (people.transport, "agency:dishub")):
            report = filed(f"{SAID[said][at % 3]} {at}")
            actions.assign(report=report, agency=agency, by=kun, publish=False)


def test_the_command_learns_measures_and_tells_how_the_last_model_did_since(
    people: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kanal.reports.management.commands.learn_routing.FEWEST", 20)
    call_command("learn_routing")
    assert "terlalu sedikit" in capsys.readouterr().out
    make_model()
    decide(people, 12)
    call_command("learn_routing")
    row = LearnedModel.objects.get(subject="agency", in_use=True)
    assert row.texts == 24
    assert {"accuracy", "top3", "macro_f1", "calibration_error", "confusions"} <= set(row.figures)
    assert row.figures["since"]["rows"] == 24
    assert LearnedModel.objects.filter(subject="agency").count() == 2
    assert learned.progress() is None


def test_the_page_says_from_how_many_decided_reports_on_it_learns(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(people.kun)
    assert "mulai belajar dari 60 laporan yang sudah diputuskan; sekarang ada 0." in client.get(PAGE).content.decode()
    decide(people, 3)
    filed("Belum diputuskan siapa pun, jalan di dekat pasar rusak.")
    assert "sekarang ada 6." in client.get(PAGE).content.decode()
    monkeypatch.setattr("kanal.reports.queries.examples.FEWEST", 6)
    monkeypatch.setattr("kanal.reports.views.learned.FEWEST", 6)
    page = client.get(PAGE).content.decode()
    assert "cukup untuk belajar" in page
    make_model()
    assert "cukup untuk belajar" not in client.get(PAGE).content.decode().split('id="category"')[0]


def test_a_run_that_was_cut_short_goes_on_where_something_is_new(
    people: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kanal.reports.management.commands.learn_routing.FEWEST", 20)
    decide(people, 12)
    call_command("learn_routing")
    learned.forget()
    first = LearnedModel.objects.get(subject="agency", in_use=True)
    capsys.readouterr()
    call_command("learn_routing")
    assert "agency: tidak ada yang baru" in capsys.readouterr().out
    assert LearnedModel.objects.filter(subject="agency").get() == first
    (learned.folder() / first.file).write_bytes(b"")
    call_command("learn_routing")  # a broken one is learned again
    assert LearnedModel.objects.get(subject="agency", in_use=True) != first


def test_a_run_that_is_killed_leaves_the_old_model(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanal.reports.management.commands.learn_routing.FEWEST", 20)
    old = make_model()
    decide(people, 11)
    (learned.folder() / "agency-half.123").write_bytes(b"half")

    def killed(**_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kanal.reports.management.commands.learn_routing.take_into_use", killed)
        with pytest.raises(KeyboardInterrupt):
            call_command("learn_routing")
    assert LearnedModel.objects.get(in_use=True) == old
    assert not isinstance(learned.state_of(old.file), str)
    sweep_files()
    assert [path.name for path in learned.folder().iterdir()] == [old.file]


def test_only_so_many_models_are_kept(
    regency: object, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _each in range(KEPT + 2):
            make_model()
    assert LearnedModel.objects.count() == KEPT == len(list(learned.folder().iterdir()))


# The page


def test_a_coordinator_goes_back_to_an_older_model_and_nobody_else(client: Client, people: People) -> None:
    old, new = make_model(), make_model()
    client.force_login(people.kun)
    assert client.post(f"{PAGE}pakai/", {"model": old.pk}).status_code == 302
    assert LearnedModel.objects.get(in_use=True) == old
    use_model(model_id=old.pk, by=people.doing(people.kun))  # twice does no harm
    assert client.post(f"{PAGE}pakai/", {"model": "9" * 18}).status_code == 404
    with pytest.raises(Refused):
        use_model(model_id=new.pk, by=people.doing(people.oki))
    with pytest.raises(Refused):
        use_model(model_id=new.pk, by=policy.SYSTEM)
    (learned.folder() / new.file).unlink()
    with pytest.raises(Refused, match="hilang atau rusak"):
        use_model(model_id=new.pk, by=people.doing(people.kun))
    client.force_login(people.oki)
    assert client.get(PAGE).status_code in {403, 404}
    assert client.post(f"{PAGE}pakai/", {"model": new.pk}).status_code in {403, 404}


def test_the_page_asks_as_often_for_one_model_as_for_six(
    client: Client, people: People, django_assert_max_num_queries: Any
) -> None:
    client.force_login(people.kun)
    make_model()
    client.get(PAGE)
    with django_assert_max_num_queries(8):
        client.get(PAGE)
    for _each in range(4):
        make_model()
    with django_assert_max_num_queries(8):
        assert "Yang sering tertukar" in client.get(PAGE).content.decode()


@pytest.mark.browser
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_page_is_readable_and_takes_back(
    request: pytest.FixtureRequest, screen: str, axe: Callable[[Page], None], people: People, live_url: str
) -> None:
    make_model()
    make_model()
    page: Page = request.getfixturevalue(screen)
    sign_in(page, people.kun, live_url)
    page.goto("/meja/aturan/")
    page.get_by_role("link", name="Yang dipelajari dari laporan terdahulu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pembelajaran")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("button", name="Pakai yang ini").click()
    expect(page.get_by_text("Model yang dipilih sekarang dipakai.")).to_be_visible()
