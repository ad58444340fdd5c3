"""/dialog/ and /meja/dialog/: what citizens read, what telephones fetch, what the desk does without script."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.queries import Actor
from kanal.dialogue import actions
from kanal.dialogue.actions import Plan
from kanal.dialogue.models import Episode, Programme
from kanal.dialogue.workflow import Status
from tests.support.people import People

AGENDA = "/dialog/"
DESK = "/meja/dialog/"


@pytest.fixture
def host(client: Client, people: People, rina: Actor) -> Client:
    client.force_login(people.rina)
    return client


def filled(**more: object) -> dict[str, Any]:
    programme = Programme.objects.get(code="dialog-jumat").pk
    day = (timezone.now() + timedelta(days=5)).strftime("%Y-%m-%d")
    told = {"programme": programme, "day": day, "time": "13.30", "duration": 90, "place": "Pendapa Malowopati"}
    return {**told, **more}


# Citizens -----------------------------------------------------------------------------------------------------------


def test_citizens_see_what_is_announced_and_nothing_before(client: Client, episode: Episode, rina: Actor) -> None:
    actions.add_topic(episode=episode, topic="Jalan berlubang di Jono", by=rina)
    assert "Jalan rusak" not in client.get(AGENDA).content.decode()
    assert client.get(f"{AGENDA}{episode.pk}/").status_code == 404
    actions.announce(episode=episode, by=rina)
    assert "Dialog Jumat: Jalan rusak" in client.get(AGENDA).content.decode()
    page = client.get(f"{AGENDA}{episode.pk}/").content.decode()
    assert "Jalan berlubang di Jono" in page
    assert "Pendapa Malowopati" in page


def test_a_draft_that_was_called_off_never_was_public(client: Client, episode: Episode, rina: Actor) -> None:
    actions.cancel(episode=episode, reason="Batal", by=rina)
    assert client.get(f"{AGENDA}{episode.pk}/").status_code == 404


def test_what_was_called_off_says_why(client: Client, episode: Episode, rina: Actor) -> None:
    actions.announce(episode=episode, by=rina)
    actions.cancel(episode=episode, reason="Pendapa dipakai.", by=rina)
    assert "Dibatalkan: Pendapa dipakai." in client.get(AGENDA).content.decode()


def test_the_agenda_of_one_programme(client: Client, episode: Episode, rina: Actor) -> None:
    actions.announce(episode=episode, by=rina)
    assert "Jalan rusak" in client.get(f"{AGENDA}?acara=dialog-jumat").content.decode()
    assert "Jalan rusak" not in client.get(f"{AGENDA}?acara=sambang-desa").content.decode()
    assert client.get(f"{AGENDA}?acara=tidak-ada&hal=!!").status_code == 200


@pytest.mark.parametrize("path", ["999999/", "99999999999999999999/"])
def test_an_unknown_episode_is_kindly_missing(client: Client, regency: object, path: str) -> None:
    assert client.get(AGENDA + path).status_code == 404


# Calendars ----------------------------------------------------------------------------------------------------------


def entry(client: Client, path: str = f"{AGENDA}kalender.ics") -> icalendar.Component:
    answer = client.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content)
    return found.walk("VEVENT")[0]


def test_a_calendar_knows_an_episode_again_after_it_moved(client: Client, episode: Episode, rina: Actor) -> None:
    actions.announce(episode=episode, by=rina)
    first = entry(client)
    moved = Plan(episode.programme, datetime(2030, 11, 1, 6, 30, tzinfo=UTC), "Balai desa; lantai 2, Jono")
    actions.change(episode=episode, plan=moved, by=rina)
    second = entry(client)
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second.decoded("DTSTART") == moved.starts_at
    assert second.decoded("DTEND") - second.decoded("DTSTART") == timedelta(hours=1)
    assert second["LOCATION"] == "Balai desa; lantai 2, Jono"


def test_a_calendar_strikes_out_what_was_called_off(client: Client, episode: Episode, rina: Actor) -> None:
    actions.announce(episode=episode, by=rina)
    actions.cancel(episode=episode, reason="Hujan", by=rina)
    found = entry(client, f"{AGENDA}{episode.pk}/?ics")
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", 1)


def test_what_is_over_is_not_offered_to_a_calendar(client: Client, episode: Episode, rina: Actor) -> None:
    actions.announce(episode=episode, by=rina)
    page = f"{AGENDA}{episode.pk}/"
    assert 'href="?ics"' in client.get(page).content.decode()
    Episode.objects.filter(pk=episode.pk).update(status=Status.HELD)
    assert 'href="?ics"' not in client.get(page).content.decode()


def test_no_calendar_learns_of_a_draft(client: Client, episode: Episode) -> None:
    assert b"VEVENT" not in client.get(f"{AGENDA}kalender.ics").content


# The desk -----------------------------------------------------------------------------------------------------------


def test_an_announcer_prepares_an_evening_without_script(host: Client, people: People) -> None:
    made = host.post(f"{DESK}baru/", filled())
    episode = Episode.objects.get()
    page = f"{DESK}{episode.pk}/"
    assert made.headers["Location"] == page
    assert timezone.localtime(episode.starts_at, timezone.get_fixed_timezone(7 * 60)).strftime("%H:%M") == "13:30"
    host.post(f"{page}topik/", {"topic": "Air bersih"})
    host.post(f"{page}topik/", {"topic": "Lampu jalan"})
    host.post(f"{page}pindah/", {"slot": episode.slots.get(topic="Lampu jalan").pk, "to": 1})
    host.post(f"{page}undang/", {"agency": people.roads.pk})
    host.post(f"{page}umumkan/", {"version": ""})
    shown = host.get(page).content.decode()
    assert shown.index("Lampu jalan") < shown.index("Air bersih")
    assert people.roads.name in shown
    assert "Diumumkan" in shown


def test_an_officer_answers_for_the_agency(client: Client, people: People, episode: Episode, rina: Actor) -> None:
    invitation = actions.invite(episode=episode, agency=people.roads, by=rina)
    client.force_login(people.oki)
    page = f"{DESK}{episode.pk}/"
    assert "Jalan rusak" in client.get(DESK).content.decode()
    assert "Tambah" not in client.get(page).content.decode()
    client.post(f"{page}jawab/", {"invitation": invitation.pk, "coming": "1", "who": "Kabid Jalan"})
    assert "Kabid Jalan" in client.get(page).content.decode()
    assert client.post(f"{page}batal/", {"reason": "Malas"}).status_code == 403


def test_what_is_wrong_is_said_and_what_was_typed_stays(host: Client) -> None:
    answer = host.post(f"{DESK}baru/", filled(day="kapan-kapan", time="jam 7", duration="lama", place=""))
    page = answer.content.decode()
    assert answer.status_code == 400
    for sentence in ("Tanggal itu tidak terbaca", "Jam itu tidak terbaca", "dengan angka saja", "Tulis tempat"):
        assert sentence in page
    assert "kapan-kapan" in page


def test_a_moved_evening_and_a_stale_form(host: Client, episode: Episode) -> None:
    page = f"{DESK}{episode.pk}/ubah/"
    assert 'value="Pendapa Malowopati"' in host.get(page).content.decode()
    host.post(page, filled(version=episode.version, place="Alun-alun"))
    episode.refresh_from_db()
    assert episode.place == "Alun-alun"
    stale = host.post(page, filled(version=1, place="Stadion", theme="Lain"))
    assert stale.status_code in {400, 409}
    episode.refresh_from_db()
    assert episode.place == "Alun-alun"


@pytest.mark.parametrize("deed", ["umumkan", "pindah", "hapus-topik", "jawab", "tarik-undangan", "tidak-ada"])
def test_nonsense_from_a_form_is_answered_kindly(host: Client, held: Episode, deed: str) -> None:
    answer = host.post(f"{DESK}{held.pk}/{deed}/", {"slot": "x", "to": "-1", "invitation": "9" * 30})
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(("who", "status"), [("kun", 200), ("rina", 403), ("oki", 403), ("ida", 403), ("agus", 403)])
def test_programmes_are_kept_by_the_coordinator(
    client: Client, people: People, rina: Actor, who: str, status: int
) -> None:
    client.force_login(getattr(people, who))
    assert client.get(f"{DESK}acara/").status_code == status
    told = {"name": "Rembug Warga", "place": "Balai desa", "active": "on"}
    assert client.post(f"{DESK}acara/baru/", told).status_code == (302 if status == 200 else status)
    assert Programme.objects.filter(code="rembug-warga").exists() is (status == 200)


@pytest.mark.parametrize(("who", "status"), [("oki", 200), ("laras", 200), ("ida", 403), ("agus", 403)])
def test_who_opens_the_list_at_the_desk(client: Client, people: People, who: str, status: int) -> None:
    client.force_login(getattr(people, who))
    assert client.get(DESK).status_code == status


# What it costs ------------------------------------------------------------------------------------------------------


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize(("path", "most"), [(AGENDA, 7), (f"{AGENDA}kalender.ics", 3), (DESK, 6)])
def test_pages_cost_the_same_however_many_episodes_there_are(
    host: Client, make_episode: Any, rina: Actor, path: str, most: int
) -> None:
    def announce(hours: int) -> None:
        episode = make_episode(hours=hours)
        actions.add_topic(episode=episode, topic="Air", by=rina)
        actions.announce(episode=episode, by=rina)
        if hours % 2:
            Episode.objects.filter(pk=episode.pk).update(starts_at=timezone.now() - timedelta(days=hours))

    for hours in (1, 2):
        announce(hours)
    host.get(path)
    few = cost(host, path)
    for hours in range(3, 9):
        announce(hours)
    assert cost(host, path) == few <= most


def test_the_foot_of_every_public_page_leads_to_the_agenda_and_the_promises(client: Client, regency: object) -> None:
    foot = client.get("/lacak/").content.decode().partition("<footer")[2]
    for path in ("/isu/", "/dialog/", "/janji/"):
        assert f'href="{path}"' in foot
        assert client.get(path).status_code == 200
