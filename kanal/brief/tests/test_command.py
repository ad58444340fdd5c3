"""`kanal brief`: one, all, going on where it was stopped, and what the worker does with it."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kanal.agencies.queries import reference
from kanal.brief import actions, queries, tasks
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries import Survey, editions
from kanal.brief.weeks import name_in_words, name_of
from kanal.common.refusal import Refused
from tests.support.brief import MakeIssue
from tests.support.people import People

Look = Callable[..., Survey]


def brief(*words: str, **options: Any) -> str:
    said = StringIO()
    call_command("brief", *words, stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def three(people: People, monkeypatch: pytest.MonkeyPatch) -> list[About]:
    """A small house: the regency, one kecamatan, one agency."""
    about = [REGENCY, About(region_id=reference().districts()[0].id), About(agency_id=people.roads.pk)]
    monkeypatch.setattr(editions, "every", lambda: about)
    return about


def test_there_is_a_brief_about_the_regency_every_kecamatan_and_every_agency_of_no_single_place(
    regency: object,
) -> None:
    scopes = [one.scope for one in queries.every()]
    assert scopes.count("regency") == 1
    assert scopes.count("district") == 28
    assert scopes.count("agency") > 30
    assert len(set(queries.every())) == len(scopes)


def test_it_makes_this_weeks_brief_and_writes_it(make_issue: MakeIssue, friday: date, tmp_path: Path) -> None:
    make_issue(6)
    said = brief("--output", str(tmp_path / "lembar"))
    week = name_of(friday)
    assert f"Lembar {name_in_words(week)} dibuat: 1." in said
    written = tmp_path / "lembar" / f"lembar-{week}-kabupaten.pdf"
    assert written.read_bytes().startswith(b"%PDF")
    assert "sudah ada" in brief("--output", str(tmp_path / "lembar"))
    assert Edition.objects.count() == 1
    brief("--again", "--output", str(tmp_path / "lembar"))
    assert (tmp_path / "lembar" / f"lembar-{week}-kabupaten-v2.pdf").exists()


def test_it_makes_one_of_an_agency_a_kecamatan_or_another_week(people: People, friday: date) -> None:
    district = reference().districts()[0]
    brief("--agency", "dishub")
    brief("--kecamatan", district.code)
    brief("--week", name_of(friday - timedelta(weeks=3)))
    made = Edition.objects.values_list("agency__code", "region__code", "week")
    assert ("dishub", None, friday.isocalendar()[1]) in made
    assert (None, district.code, friday.isocalendar()[1]) in made
    assert (None, None, (friday - timedelta(weeks=3)).isocalendar()[1]) in made


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--agency", "tidak-ada"], "Tidak ada dinas dengan kode “tidak-ada”"),
        (["--kecamatan", "99.99.99"], "Tidak ada kecamatan dengan kode"),
        (["--kecamatan", "35.22"], "Tidak ada kecamatan dengan kode"),
        (["--week", "2026-W99"], "Pekan “2026-W99” tidak ada"),
        (["--week", "2190-W01"], "belum selesai"),
    ],
)
@pytest.mark.usefixtures("regency")
def test_what_is_not_there_is_said_in_a_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        brief(*words)
    assert not Edition.objects.exists()


def test_all_of_them_each_once_however_often_it_is_run(three: list[About], tmp_path: Path) -> None:
    assert "dibuat: 3." in brief("--all", "--output", str(tmp_path))
    assert len(list(tmp_path.iterdir())) == 3
    assert "sudah ada" in brief("--all")
    assert Edition.objects.count() == 3


def test_stopped_half_way_it_goes_on(three: list[About], monkeypatch: pytest.MonkeyPatch) -> None:
    counted = actions.make
    done: list[About] = []

    def stopped(*, about: About, **more: Any) -> Edition:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(about)
        return counted(about=about, **more)

    monkeypatch.setattr(actions, "make", stopped)
    with pytest.raises(CommandError, match="jalankan lagi untuk melanjutkan"):
        brief("--all")
    assert Edition.objects.count() == 2
    monkeypatch.setattr(actions, "make", counted)
    assert "dibuat: 1." in brief("--all")
    assert Edition.objects.count() == 3


def test_what_somebody_made_meanwhile_is_passed_over(
    three: list[About], friday: date, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey, first = look(), True
    for edition, total in actions.make_missing(friday, lambda: survey):
        assert total == 3
        if first:
            assert edition
            actions.make(about=three[1], survey=survey)
            first = False
    assert Edition.objects.count() == 3

    def meanwhile(**_asked: object) -> Edition:
        raise Refused("x", code="meanwhile")

    monkeypatch.setattr(actions, "make", meanwhile)
    Edition.objects.filter(scope="regency").delete()
    assert list(actions.make_missing(friday, lambda: survey)) == [(None, 1)]


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(regency: object, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    with pytest.raises(CommandError, match=r"Tidak bisa menulis ke .*Angkanya tersimpan"):
        brief("--output", str(tmp_path / "berkas"))
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(("weekday", "times"), [(0, 0), (3, 0), (4, 1), (5, 1), (6, 1)])
def test_the_worker_makes_them_on_friday_or_as_soon_as_it_is_there_again(
    regency: object, monkeypatch: pytest.MonkeyPatch, weekday: int, times: int
) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "Apart", lambda *words, **_options: begun.append(words))
    monkeypatch.setattr(type(reference()), "today", lambda *_asked: date(2026, 11, 16) + timedelta(days=weekday))
    tasks._make()  # as the worker does
    assert begun == [("brief", "--all")] * times


def test_the_worker_has_nothing_to_do_when_all_are_made(
    three: list[About], look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    for about in three:
        actions.make(about=about, survey=look())
    monkeypatch.setattr(tasks, "FRIDAY", 0)
    assert tasks._make() == "nothing to make"  # as the worker does
