"""Danger is told from what is over, denied or feared, and its unit is called out as the report is filed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.models import Category, Report
from kanal.reports.urgency import happening, over
from kanal.reports.workflow import Kind
from tests.support.people import People

DANGERS = ("pohon tumbang", "kabel putus", "kebanjiran", "kebakaran")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ada pohon tumbang menutup jalan", "pohon tumbang"),
        ("WIT ROBOH ning ngarep omah", "pohon tumbang"),
        ("kabelnya putus, warga takut", "kabel putus"),
        ("Kami tidak bisa lewat. Pohon tumbang!", "pohon tumbang"),
        ("rumah kebanjiran, air belum surut", "kebanjiran"),
        ("pohon tumbang sudah 3 hari belum ditangani", "pohon tumbang"),
        ("pohon tumbang sudah dipotong, tapi kabel putus di jalan", "kabel putus"),
        ("pohon tumbang minggu lalu sudah dievakuasi, hari ini pohon tumbang lagi", "pohon tumbang"),
        ("warga tidak bisa lewat karena pohon tumbang", "pohon tumbang"),
        ("tidak ada kabel putus", ""),
        ("gak ono kabel pedot", ""),
        ("kebanjiran sudah surut", ""),
        ("kebakaran sampun padam, matur suwun", ""),
        ("kalau hujan rumah kami kebanjiran", ""),
        ("mohon tanaman dipangkas untuk mencegah pohon tumbang", ""),
        ("kebakaran tahun lalu belum dapat bantuan", ""),
        ("pohon tumbang sudah dievakuasi terima kasih", ""),
        ("simulasi kebakaran di sekolah", ""),
        ("kabel putus, listrik sudah padam sejak pagi", "kabel putus"),
        ("", ""),
        ("🔥🔥🔥", ""),
    ],
)
def test_what_is_happening_now(text: str, said: str) -> None:
    assert happening(DANGERS, text) == said


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("banjir sudah surut", True),
        ("banjir wis surut", True),
        ("banjir belum surut", False),
        ("banjir sudah mulai surut", False),
        ("banjir setinggi lutut", False),
    ],
)
def test_what_is_over(text: str, ended: bool) -> None:  # noqa: FBT001  # a case
    assert over(text) is ended


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert happening(DANGERS, text) in {"", *DANGERS}


def _told() -> set[str]:
    return set(Outbound.objects.filter(purpose="rapid").values_list("to_staff", flat=True))


def _flood(people: People) -> Category:
    category = Category.objects.get(code="banjir")
    Category.objects.filter(pk=category.pk).update(default_agency=people.roads)
    return category


def test_the_unit_and_the_coordinator_are_called_out_at_once_with_reason_and_place(people: People) -> None:
    filing = actions.Filing(
        body="Air masuk rumah setinggi lutut", submission="b", place_text="dekat pasar", category_id=_flood(people).pk
    )
    report = actions.file_report(filing)
    assert report.rapid_reason == "Kategori Banjir"
    assert {people.oki.email, people.heni.email, people.kun.email} <= _told()
    body = Outbound.objects.filter(purpose="rapid", to_staff=people.oki.email).get().body
    assert "Kategori Banjir" in body
    assert "dekat pasar" in body


def test_words_of_danger_call_the_unit_of_their_rule(people: People) -> None:
    actions.file_report(actions.Filing(body="Ada kabel putus di depan SD", submission="k"))
    assert people.kun.email in _told()


@pytest.mark.parametrize(
    "filing",
    [
        actions.Filing(body="Banjir kemarin sudah surut, mohon bantuan", submission="s"),
        actions.Filing(body="Tidak ada kabel putus di sini", submission="t"),
        actions.Filing(body="Ada kabel putus di gudang kepala dinas", submission="w", kind=Kind.WHISTLEBLOWING),
    ],
    ids=["over", "denied", "whistle"],
)
def test_what_is_no_danger_calls_nobody(people: People, filing: actions.Filing) -> None:
    report = actions.file_report(filing)
    assert not report.is_rapid
    assert _told() == set()


def test_a_category_of_danger_that_is_over_is_not_rapid(people: People) -> None:
    filing = actions.Filing(body="Banjir sudah surut, minta pompa", submission="c", category_id=_flood(people).pk)
    assert not actions.file_report(filing).is_rapid


def test_an_old_report_calls_nobody_but_keeps_its_mark(people: People) -> None:
    filing = actions.Filing(body="Ada kabel putus di depan SD", submission="l")
    report = actions.file_report(filing, at=timezone.now() - timedelta(days=30))
    assert report.is_rapid
    assert _told() == set()


def test_filing_twice_calls_once(people: People) -> None:
    filing = actions.Filing(body="Ada kabel putus di depan SD", submission="dua")
    assert actions.file_report(filing) == actions.file_report(filing)
    assert Outbound.objects.filter(purpose="rapid", to_staff=people.kun.email).count() == 1
    assert Report.objects.count() == 1
