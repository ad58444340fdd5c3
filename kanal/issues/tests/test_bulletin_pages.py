"""/meja/isu/kabar/: written, looked at, sent, followed; without script."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kanal.agencies.queries import actor_of
from kanal.channels.models import Outbound
from kanal.issues import actions, policy
from kanal.issues.actions.spreading import spread
from kanal.issues.models import Bulletin, Issue
from kanal.issues.workflow import BulletinStatus, Status
from kanal.reports.actions.notices import private_link
from tests.support.concerned import ANSWER, citizen, drafted, follows, issue_of, reported, seal, send
from tests.support.people import People

DESK = "/meja/isu/"


def at(bulletin: Bulletin, part: str = "") -> str:
    return f"{DESK}kabar/{bulletin.pk}/{part}"


def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def press(client: Client, bulletin: Bulletin, deed: str, **told: Any) -> Any:
    bulletin.refresh_from_db()
    told = {"version": bulletin.version, "seen": seal(bulletin), **told}
    return client.post(at(bulletin, f"{deed}/"), told)


@pytest.mark.parametrize(
    ("name", "form", "draft", "sent"),
    [
        ("kun", 200, 200, 200),
        ("oki", 200, 200, 200),
        ("heni", 200, 200, 200),
        ("dewi", 403, 404, 200),
        ("laras", 403, 404, 200),
        ("rina", 403, 404, 200),
        ("ida", 403, 403, 403),
        ("agus", 403, 403, 403),
    ],
)
def test_every_role_before_every_page(
    client: Client, people: People, road: Issue, bulletin: Bulletin, name: str, form: int, draft: int, sent: int
) -> None:
    signed_in(client, getattr(people, name))
    assert client.get(f"{DESK}{road.pk}/kabar/").status_code in {form, 404 if form == 403 else form}
    assert [client.get(at(bulletin, part)).status_code for part in ("", "kemajuan/")] == [draft] * 2
    assert client.get(at(bulletin, "ubah/")).status_code == draft
    send(bulletin, policy.person(actor_of(people.heni)))
    assert [client.get(at(bulletin, part)).status_code for part in ("", "kemajuan/")] == [sent] * 2


def test_an_officer_writes_and_the_head_sends(client: Client, people: People, road: Issue) -> None:
    signed_in(client, people.oki)
    assert "Kabari semua pelapor" in read(client, f"{DESK}{road.pk}/")
    wrong = client.post(f"{DESK}{road.pk}/kabar/", {"kind": "answer", "text": ""})
    assert wrong.status_code == 400
    assert "Tulis dulu kabarnya." in wrong.content.decode()
    there = client.post(f"{DESK}{road.pk}/kabar/", {"kind": "answer", "text": ANSWER})
    bulletin = Bulletin.objects.get()
    assert there["location"] == at(bulletin)
    page = read(client, at(bulletin))
    assert ANSWER in page
    assert "Minta atasan mengirim" in page
    assert "Kirim kepada" not in page
    assert press(client, bulletin, "ajukan")["location"] == at(bulletin)
    assert press(client, bulletin, "kirim").status_code == 403
    signed_in(client, people.heni)
    assert "Kirim kepada 2 orang" in read(client, at(bulletin))
    assert press(client, bulletin, "kirim")["location"] == at(bulletin)
    bulletin.refresh_from_db()
    assert bulletin.status == BulletinStatus.SENDING
    assert "Hentikan pengiriman" in read(client, at(bulletin))
    assert press(client, bulletin, "hentikan").status_code == 302
    assert press(client, bulletin, "lanjutkan").status_code == 302
    while spread(lambda: True):
        pass
    assert "hx-get" in read(client, at(bulletin)), "the outbox still has some"
    Outbound.objects.update(state="failed")
    page = read(client, at(bulletin, "kemajuan/"))
    assert "hx-get" not in page
    assert "Terkirim" in page


def test_words_that_cannot_be_kept_stay_in_the_form(client: Client, people: People, bulletin: Bulletin) -> None:
    signed_in(client, people.oki)
    long = "panjang sekali " * 150
    page = client.post(at(bulletin, "ubah/"), {"kind": "work", "text": long, "version": bulletin.version})
    assert page.status_code == 400
    assert long.strip() in page.content.decode()
    stale = client.post(at(bulletin, "ubah/"), {"kind": "work", "text": "Baru.", "version": bulletin.version + 5})
    assert "baru saja diubah orang lain" in stale.content.decode()


def test_a_preview_that_no_longer_holds_is_shown_anew(client: Client, people: People, bulletin: Bulletin) -> None:
    signed_in(client, people.heni)
    seen = seal(bulletin)
    kun = policy.person(actor_of(people.kun))
    actions.add_reports(issue=bulletin.issue, reports=[reported(citizen(3), 3)], by=kun)
    page = press(client, bulletin, "kirim", seen=seen)
    assert page.status_code == 409
    assert "1 laporan masuk ke isu ini" in page.content.decode()
    assert "Kirim kepada 3 orang" in page.content.decode()


def test_the_page_shows_nobody_s_address_code_or_private_link(client: Client, people: People) -> None:
    address = citizen(1)
    report = reported(address, 1, agency=people.transport)
    bulletin = drafted(people, issue_of(people, report))
    page = read(signed_in(client, people.heni), at(bulletin))
    assert "w•••@contoh.id" in page
    for hidden in (address.handle, report.tracking_code, private_link(report).rsplit("/", 2)[-2]):
        assert hidden not in page


def test_a_finished_issue_offers_to_tell_everybody(client: Client, people: People, road: Issue) -> None:
    actions.move(issue=road, to=Status.DONE, by=policy.person(actor_of(people.kun)))
    page = read(signed_in(client, people.heni), f"{DESK}{road.pk}/")
    assert f"{DESK}{road.pk}/kabar/?jenis=work" in page
    assert 'value="work" id="id_kind_2" checked' in read(client, f"{DESK}{road.pk}/kabar/?jenis=work").replace(
        "required ", ""
    )


def test_new_reporters_can_be_told_later(client: Client, people: People, road: Issue, bulletin: Bulletin) -> None:
    send(bulletin, policy.person(actor_of(people.heni)))
    signed_in(client, people.heni)
    assert "Bergabung sesudah" not in read(client, at(bulletin))
    kun = policy.person(actor_of(people.kun))
    actions.add_reports(issue=road, reports=[reported(citizen(3), 3)], by=kun)
    assert "Kirim juga kepada 1 pelapor baru" in read(client, at(bulletin))
    assert press(client, bulletin, "susulkan").status_code == 302


def test_an_unknown_deed_is_no_page(client: Client, people: People, bulletin: Bulletin) -> None:
    assert press(signed_in(client, people.kun), bulletin, "lempar").status_code == 404


@pytest.mark.parametrize("sent", [False, True])
def test_the_page_asks_as_often_for_many_as_for_few(client: Client, people: People, *, sent: bool) -> None:
    few = drafted(people, issue_of(people, reported(citizen(1), 1)))
    many_reports = [reported(citizen(number), number) for number in range(10, 40)]
    for number in range(50, 60):
        follows(citizen(number), many_reports[0])
    many = drafted(people, issue_of(people, *many_reports))
    signed_in(client, people.heni)
    read(client, at(few))  # what is kept in the process is read once
    counts = []
    for bulletin in (few, many):
        if sent:
            send(bulletin, policy.person(actor_of(people.heni)))
        with CaptureQueriesContext(connection) as asked:
            read(client, at(bulletin))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= 16
