import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.models import Follower, Report, ReportEvent, Supporter
from kanal.reports.queries import follow_links
from kanal.reports.queries.public_case import public_case
from kanal.reports.workflow import Kind
from tests.support.people import People


@pytest.fixture
def shown(people: People, sari_reports: Report) -> Report:
    """Sari's report, sent to the road agency and so public."""
    return actions.assign(
        report=sari_reports, agency=people.roads, by=people.doing(people.kun), note="Catatan untuk dinas saja."
    )


def page(client: Client, report: Report, status: int = 200) -> str:
    answer = client.get(f"/aduan/{report.tracking_code}/")
    assert answer.status_code == status
    return str(answer.content.decode())


def answered(people: People, report: Report, text: str = "Lubang sudah kami tambal kemarin pagi.") -> Report:
    oki, heni = people.doing(people.oki), people.doing(people.heni)
    actions.draft_answer(report=report, by=oki, text=text)
    actions.submit_answer(report=report, by=oki)
    actions.approve_answer(report=report, by=heni)
    actions.publish_answer(report=report, by=oki)
    return report


# --- what it shows --------------------------------------------------------------------------------------------------


def test_it_shows_the_masked_words_and_marks_what_is_hidden(client: Client, shown: Report) -> None:
    html = page(client, shown)
    assert '<mark class="masked">[nomor HP disembunyikan]</mark>' in html
    for secret in ("081234567890", "Sari", "sari@contoh.id", "Catatan untuk dinas saja"):
        assert secret not in html


def test_it_shows_where_it_stands_and_until_when(client: Client, shown: Report) -> None:
    html = page(client, shown)
    for words in (
        "Belum ditindaklanjuti",
        "Jono, Kec. Temayang",
        "Diterima lewat situs",
        "Hari yang sama. Batas 3 hari",
    ):
        assert words in html
    assert "Diteruskan ke Dinas Pekerjaan Umum Bina Marga" in html
    assert "Paling lambat" in html


def test_the_deadline_shows_its_working_with_weekends_in_one_line(client: Client, shown: Report) -> None:
    html = page(client, shown)
    assert "Cara menghitungnya" in html
    assert "hari ke-14" in html
    deadline = public_case(shown).deadline
    assert deadline is not None
    assert [line.said for line in deadline.working if line.counted][-1] == "hari ke-14"
    weekends = [line for line in deadline.working if line.said == "akhir pekan"]
    assert weekends
    assert all("–" in line.days for line in weekends)


def test_an_answer_is_shown_masked_and_its_pace_told(client: Client, people: People, shown: Report) -> None:
    html = page(client, answered(people, shown, "Sudah ditambal. Petugas kami 081298765432 siap dihubungi."))
    assert "Jawaban Dinas Pekerjaan Umum Bina Marga" in html
    assert "081298765432" not in html
    assert "Dinilai pelapor" in html
    assert "Diselesaikan" in html


def test_a_draft_is_not_shown(client: Client, people: People, shown: Report) -> None:
    actions.draft_answer(report=shown, by=people.doing(people.oki), text="Masih draf, belum disetujui.")
    actions.note(report=shown, by=people.doing(people.oki), text="Catatan dalam.")
    html = page(client, shown)
    assert "Masih draf" not in html
    assert "Catatan dalam" not in html


def test_a_question_stops_the_shown_clock_and_stays_between_the_two(
    client: Client, people: People, shown: Report
) -> None:
    actions.ask_info(report=shown, by=people.doing(people.oki), question="Rumah Ibu yang mana?")
    html = page(client, shown)
    assert "Berhenti" in html
    assert "Menunggu keterangan pelapor" in html
    assert "Rumah Ibu" not in html


def test_its_point_is_rounded_to_about_a_hundred_metres(client: Client, people: People) -> None:
    report = actions.file_report(actions.Filing(body="Di sini.", submission="p", lat=-7.123456, lon=111.987654))
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    case = public_case(Report.objects.get(pk=report.pk))
    assert case.point == (-7.123, 111.988)
    assert "dibulatkan sampai kira-kira 100 meter" in page(client, report)
    assert "7.1234" not in page(client, report)
    assert b"7.1234" not in client.get("/aduan/peta.json?kotak=-7.2,111.9,-7.1,112.0").content


# --- who may see it -------------------------------------------------------------------------------------------------


def hidden_reports(people: People) -> list[Report]:
    kun = people.doing(people.kun)
    filings = [
        actions.Filing(body="Rahasia.", submission="1", secret=True),
        actions.Filing(body="Pungutan liar oleh pejabat.", submission="2", kind=Kind.WHISTLEBLOWING),
        actions.Filing(body="Belum diperiksa.", submission="3"),
        actions.Filing(body="Diarsipkan.", submission="4"),
        actions.Filing(body="Diteruskan tanpa tampil.", submission="5"),
        actions.Filing(body="Dicabut.", submission="6"),
    ]
    secret, whistle, waiting, archived, kept, withdrawn = [actions.file_report(filing) for filing in filings]
    actions.assign(report=secret, agency=people.roads, by=kun)
    actions.assign(report=archived, agency=people.roads, by=kun)
    actions.archive(report=archived, by=kun, reason="spam")
    actions.assign(report=kept, agency=people.roads, by=kun, publish=False)
    actions.withdraw(report=withdrawn)
    return [secret, whistle, waiting, archived, kept, withdrawn]


def without_language_form(html: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", html)


def test_a_report_that_is_not_public_looks_like_one_that_does_not_exist(client: Client, people: People) -> None:
    missing = client.get("/aduan/BJN-2222-2222/")
    assert missing.status_code == 404
    for report in hidden_reports(people):
        answer = client.get(f"/aduan/{report.tracking_code}/")
        assert answer.status_code == 404
        assert without_language_form(answer.content.decode()) == without_language_form(missing.content.decode())


@pytest.mark.parametrize("deed", ["dukung", "ikuti", "tidak-pantas"])
def test_nothing_can_be_done_to_a_report_that_is_not_public(client: Client, people: People, deed: str) -> None:
    for report in hidden_reports(people):
        answer = client.post(f"/aduan/{report.tracking_code}/{deed}/", {"email": "a@contoh.id", "reason": "x"})
        assert answer.status_code == 404
    assert not Supporter.objects.exists()
    assert not Follower.objects.exists()


def test_a_merged_report_leads_to_its_main_report(client: Client, people: People, shown: Report) -> None:
    kun = people.doing(people.kun)
    other = actions.file_report(actions.Filing(body="Lubang yang sama di Jono.", submission="m"))
    actions.assign(report=other, agency=people.roads, by=kun)
    actions.merge(report=other, into=shown, by=kun)
    answer = client.get(f"/aduan/{other.tracking_code}/", follow=True)
    assert answer.redirect_chain == [(f"/aduan/{shown.tracking_code}/", 303)]
    assert f"{other.tracking_code} sudah digabung dengan laporan ini." in answer.content.decode()


def test_a_report_merged_into_a_hidden_one_is_hidden_too(client: Client, people: People, shown: Report) -> None:
    kun = people.doing(people.kun)
    other = actions.file_report(actions.Filing(body="Lubang yang sama di Jono.", submission="m"))
    actions.merge(report=other, into=shown, by=kun)
    actions.edit_public_text(report=shown, by=kun, title="x", public_body="x", published=False)
    page(client, other, status=404)


@pytest.mark.parametrize("code", ["x", "bjn-7k4m-q2xd", "BJN-7K4M-Q2XD", "%00", "%F0%9F%98%80", "a" * 300, "..%2F"])
def test_forged_codes_are_not_found(client: Client, regency: object, code: str) -> None:
    assert client.get(f"/aduan/{code}/").status_code in {400, 404}


# --- cost -----------------------------------------------------------------------------------------------------------


def test_the_page_takes_few_queries_however_long_its_history(client: Client, people: People, shown: Report) -> None:
    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, shown)
        return len(queries)

    client.post(f"/aduan/{shown.tracking_code}/dukung/")
    kun, oki = people.doing(people.kun), people.doing(people.oki)
    answered(people, shown)  # answers are asked for only once there can be any
    actions.reopen(report=shown, by=kun)
    spent()
    few = spent()
    for _round in range(6):
        answered(people, shown)
        actions.reopen(report=shown, by=kun)
        actions.ask_info(report=shown, by=oki, question="Di mana?")
        actions.reply(report=shown, text="Di sana.")
    spent()
    assert spent() == few
    assert few <= 8


# --- "saya juga mengalami" ------------------------------------------------------------------------------------------


def test_one_browser_counts_once(client: Client, shown: Report) -> None:
    address = f"/aduan/{shown.tracking_code}/dukung/"
    assert "Saya juga mengalami" in page(client, shown)
    assert client.post(address).status_code == 303
    assert client.post(address).status_code == 303
    assert Client().post(address).status_code == 303
    shown.refresh_from_db()
    assert shown.supporters_count == 2
    html = page(client, shown)
    assert "Anda tercatat juga mengalaminya" in html
    assert f'action="{address}"' not in html


def test_the_cookie_is_for_us_alone_and_names_nobody(client: Client, shown: Report) -> None:
    client.post(f"/aduan/{shown.tracking_code}/dukung/")
    cookie = client.cookies["dukung"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Supporter.objects.get().key_hash != cookie.value


def test_supporting_needs_a_press_of_the_button(client: Client, shown: Report) -> None:
    assert client.get(f"/aduan/{shown.tracking_code}/dukung/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/aduan/{shown.tracking_code}/dukung/").status_code == 403


# --- following ------------------------------------------------------------------------------------------------------


def confirm_path() -> str:
    body = Outbound.objects.filter(purpose="confirm_follow").latest("pk").body
    found = re.search(r"https?://[^/]+(/aduan/ikuti/\S+)", body)
    assert found
    return found[1]


def ask_to_follow(client: Client, report: Report, email: str = "budi@contoh.id") -> None:
    assert client.post(f"/aduan/{report.tracking_code}/ikuti/", {"email": email}).status_code == 303


def test_following_needs_the_link_in_the_mail_and_a_press(client: Client, people: People, shown: Report) -> None:
    ask_to_follow(client, shown, "Budi@Contoh.ID ")
    follower = Follower.objects.get(reporter=False)
    path = confirm_path()
    assert "Ya, kabari saya" in client.get(path).content.decode()
    assert not Follower.objects.filter(pk=follower.pk, confirmed_at__isnull=False).exists()
    assert client.post(path, follow=True).status_code == 200
    assert Follower.objects.filter(pk=follower.pk, confirmed_at__isnull=False).exists()
    answered(people, shown)
    told = Outbound.objects.get(purpose="answered", address=follower.address)
    assert "/lacak/" not in told.body
    stop = re.search(r"https?://[^/]+(/aduan/berhenti/\S+)", told.body)
    assert stop
    assert "Berhenti dikabari?" in client.get(stop[1]).content.decode()
    assert "Kabar sudah dihentikan" in client.post(stop[1], follow=True).content.decode()
    assert not Follower.objects.filter(pk=follower.pk).exists()
    assert client.get(stop[1]).status_code == 200


def test_the_answer_never_tells_who_follows_already(client: Client, shown: Report) -> None:
    for email in ("sari@contoh.id", "baru@contoh.id", "baru@contoh.id"):
        ask_to_follow(client, shown, email)
    assert Outbound.objects.filter(purpose="confirm_follow").count() == 1  # once a day, and never to Sari


def test_a_link_can_be_asked_for_again_the_next_day(shown: Report) -> None:
    now = timezone.now()
    actions.follow(report=shown, email="a@contoh.id", at=now - timedelta(days=1))
    actions.follow(report=shown, email="a@contoh.id", at=now)
    assert Outbound.objects.filter(purpose="confirm_follow").count() == 2


def test_an_old_or_forged_link_says_so(client: Client, shown: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_to_follow(client, shown)
    path = confirm_path()
    assert client.get(path[:-3] + "/").status_code == 404
    assert client.get("/aduan/ikuti/x/").status_code == 404
    assert client.get("/aduan/berhenti/x/").status_code == 404
    stop = follow_links.stop_link(1).split("/")[-2]
    assert client.get(f"/aduan/ikuti/{stop}/").status_code == 404
    token = signing.dumps("1; DROP", salt="kanal.follow.confirm")
    assert client.get(f"/aduan/ikuti/{token}/").status_code == 404
    monkeypatch.setattr(follow_links, "CONFIRM_DAYS", -1)
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    "email", ["", "bukan alamat", "a@b", "x" * 300 + "@contoh.id", "a@contoh.id\nBcc: b@contoh.id"]
)
def test_a_wrong_address_is_explained_on_the_page(client: Client, shown: Report, email: str) -> None:
    answer = client.post(f"/aduan/{shown.tracking_code}/ikuti/", {"email": email})
    assert answer.status_code == 400
    assert 'class="error"' in answer.content.decode()
    assert not Outbound.objects.filter(purpose="confirm_follow").exists()


# --- unfit content --------------------------------------------------------------------------------------------------


def test_unfit_content_reaches_the_coordinators_and_nobody_else(client: Client, people: People, shown: Report) -> None:
    version = shown.version
    answer = client.post(
        f"/aduan/{shown.tracking_code}/tidak-pantas/", {"reason": "Ada nama tetangga saya."}, follow=True
    )
    assert "Koordinator akan memeriksa" in answer.content.decode()
    event = ReportEvent.objects.get(verb="flag_content")
    assert event.note == "Ada nama tetangga saya."
    assert not event.public
    notices = Outbound.objects.filter(purpose="content_flagged")
    assert [notice.to_staff for notice in notices] == ["kun@contoh.go.id"]
    assert "tetangga" not in notices[0].body
    assert "tetangga" not in page(client, shown)
    shown.refresh_from_db()
    assert shown.version == version


def test_saying_nothing_flags_nothing(client: Client, shown: Report) -> None:
    for reason in ("", "   ", "x" * 5000):
        answer = client.post(f"/aduan/{shown.tracking_code}/tidak-pantas/", {"reason": reason})
        assert answer.status_code == 400
        assert "<details" in answer.content.decode()
    assert not ReportEvent.objects.filter(verb="flag_content").exists()


def test_too_many_deeds_from_one_place_wait(client: Client, shown: Report, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "follow": (2, 600)}
    statuses = [client.post(f"/aduan/{shown.tracking_code}/dukung/").status_code for _ in range(4)]
    assert statuses == [303, 303, 429, 429]
