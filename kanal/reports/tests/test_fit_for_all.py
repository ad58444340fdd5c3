"""What an officer writes for everybody carries no private link and no code of a report that is not public."""

import pytest
from django.test import Client
from django.urls import reverse

from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.actions.notices import private_link, public_link
from kanal.reports.models import Answer, Report
from kanal.reports.workflow import Kind
from tests.support.people import People

pytestmark = pytest.mark.django_db


def filed(name: str, **more: object) -> Report:
    return actions.file_report(actions.Filing(body="Lampu jalan padam di depan pasar.", submission=name, **more))  # type: ignore[arg-type]  # test data


@pytest.fixture
def case(people: People, sari_reports: Report) -> Report:
    """Sari's report, public and begun."""
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    return actions.start(report=sari_reports, by=people.doing(people.oki))


@pytest.fixture
def others(people: People) -> dict[str, Report]:
    """Other people's reports: one that everybody may read, and three that not everybody may."""
    shown = actions.assign(report=filed("a"), agency=people.roads, by=people.doing(people.kun))
    confided = filed("d", kind=Kind.WHISTLEBLOWING)
    return {"shown": shown, "new": filed("b"), "secret": filed("c", secret=True), "confided": confided}


@pytest.fixture
def text(case: Report, others: dict[str, Report]) -> str:
    codes = " ".join(report.tracking_code for report in others.values())
    return f"Sudah ditambal. Lihat {private_link(case)}, juga {public_link(others['shown'])} dan {codes.lower()}."


def published(case: Report, text: str, people: People) -> Answer:
    actions.draft_answer(report=case, by=people.doing(people.oki), text=text)
    return actions.publish_answer(report=case, by=people.doing(people.oki))


def test_no_public_surface_shows_them(
    client: Client, case: Report, others: dict[str, Report], text: str, people: People
) -> None:
    people.roads.two_eyes = False
    people.roads.save()
    published(case, text, people)
    secret = private_link(case).rstrip("/").rpartition("/")[2]
    surfaces = {
        "page": reverse("reports:public_detail", args=[case.tracking_code]),
        "list": reverse("reports:public_list"),
        "feed": reverse("reports:public_feed"),
        "csv": reverse("reports:public_export", args=["csv"]),
        "open311": "/open311/v2/requests.json",
        "updates": "/open311/v2/servicerequestupdates.json",
        "private page": private_link(case),
    }
    for name, address in surfaces.items():
        answer = client.get(address)
        content = answer.getvalue().decode()
        assert answer.status_code == 200, name
        assert name == "private page" or secret not in content, name
        for which in ("new", "secret", "confided"):
            assert others[which].tracking_code not in content.upper(), (name, which)
    page = client.get(surfaces["page"]).content.decode()
    assert "tautan pribadi disembunyikan" in page
    assert page.count("kode disembunyikan") == 3
    assert others["shown"].tracking_code in page
    letter = Outbound.objects.filter(purpose="answered").latest("pk").body
    assert letter.count(secret) == 1, "the reporter's own link below, not within the answer that followers read too"
    assert Answer.objects.get().text == text, "the desk keeps what was written"


def test_the_public_text_written_by_hand_loses_them_too(
    client: Client, case: Report, others: dict[str, Report], people: People
) -> None:
    client.force_login(people.oki)
    words = f"Telepon kantor 0353 881 826. {private_link(case)} {others['secret'].tracking_code}"
    data = {"version": case.version, "title": words, "public_body": words, "published": "on"}
    address = reverse("reports:desk_verb", args=[case.tracking_code, "edit_public_text"])
    page = client.post(address, data, follow=True).content.decode()
    case.refresh_from_db()
    shown = "Telepon kantor 0353 881 826. [tautan pribadi disembunyikan] [kode disembunyikan]"
    assert (case.title, case.public_body) == (shown, shown)
    assert "Tautan pribadi ditutup" in page
    assert f"Kode ditutup, laporannya tidak tampil untuk umum: {others['secret'].tracking_code}." in page


def test_a_citizens_own_words_lose_a_private_link(case: Report) -> None:
    again = filed("e")
    told = actions.file_report(actions.Filing(body=f"Belum beres: {private_link(again)}", submission="f"))
    assert told.public_body == "Belum beres: [tautan pribadi disembunyikan]"
    assert private_link(again) in told.body


def test_the_writer_is_told_before_it_goes_out(client: Client, case: Report, text: str, people: People) -> None:
    people.roads.two_eyes = False
    people.roads.save()
    client.force_login(people.oki)
    address = reverse("reports:desk_verb", args=[case.tracking_code, "draft_answer"])
    first = client.post(address, {"version": case.version, "text": text, "then": "publish"})
    assert first.status_code == 409
    page = first.content.decode()
    assert "Tautan pribadi ditutup" in page
    assert "tekan sekali lagi" in page
    assert Answer.objects.get().state == Answer.State.DRAFT
    seen = {"version": case.version + 1, "text": text, "then": "publish", "seen": "1"}
    assert 'name="seen" value="1"' in page
    assert client.post(address, seen).status_code == 302
    assert Answer.objects.get().state == Answer.State.PUBLISHED


def test_who_looks_at_a_draft_sees_what_will_be_hidden(client: Client, case: Report, text: str, people: People) -> None:
    actions.draft_answer(report=case, by=people.doing(people.oki), text=text)
    actions.submit_answer(report=case, by=people.doing(people.oki))
    client.force_login(people.heni)
    page = client.get(reverse("reports:desk_detail", args=[case.tracking_code])).content.decode()
    assert "Tautan pribadi ditutup" in page
    actions.draft_answer(report=case, by=people.doing(people.oki), text="Sudah ditambal.")
    page = client.get(reverse("reports:desk_detail", args=[case.tracking_code])).content.decode()
    assert "Tautan pribadi ditutup" not in page
