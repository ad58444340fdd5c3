"""/janji/ and /meja/janji/: what everybody reads, what goes out as files, what the desk does without script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kanal.agencies.queries import Actor, actor_of, reference
from kanal.channels.models import Contact
from kanal.dialogue import actions
from kanal.dialogue.actions import Promised, Shown
from kanal.dialogue.models import Commitment, Episode, EvidencePhoto
from kanal.issues import actions as issue_actions
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import person
from kanal.reports.models import Report
from tests.support.issues import tell
from tests.support.messages import jpeg
from tests.support.people import People

PAGE = "/janji/"
DESK = "/meja/janji/"
MakePromise = Callable[..., Commitment]


@pytest.fixture
def make_promise(people: People, rina: Actor) -> MakePromise:
    def make(text: str, *, days: int = 5, **more: Any) -> Commitment:
        due_on = reference().today() + timedelta(days=max(days, 0))
        said = Promised(text, **{"agency": people.roads, "due_on": due_on, **more})
        one = actions.promise(promised=said, by=rina)
        if days < 0:
            Commitment.objects.filter(pk=one.pk).update(due_on=reference().today() + timedelta(days=days))
        return one

    return make


@pytest.fixture
def every_standing(make_promise: MakePromise, people: People) -> dict[str, Commitment]:
    """A promise in each standing."""
    kun, oki = actor_of(people.kun), actor_of(people.oki)
    made = {name: make_promise(f"Janji {name}") for name in ("berjalan", "diperiksa", "ditepati", "tidak-ditepati")}
    made |= {"lewat": make_promise("Janji lewat", days=-3), "terlambat": make_promise("Janji terlambat", days=-2)}
    made["ditarik"] = make_promise("Janji ditarik")
    for name in ("diperiksa", "ditepati", "terlambat"):
        actions.fulfil(commitment=made[name], shown=Shown("Sudah."), by=oki)
    for name in ("ditepati", "terlambat"):
        actions.accept(commitment=made[name], by=kun)
    actions.give_up(commitment=made["tidak-ditepati"], reason="Anggaran dialihkan.", by=kun)
    actions.withdraw(commitment=made["ditarik"], reason="Salah catat.", by=kun)
    return made


def issue_with(voices: int, people: People) -> Issue:
    reports = tell(voices, first=voices * 100)
    for report in reports:
        report.contact = Contact.objects.create()
        report.save(update_fields=["contact"])
    return issue_actions.found(said=Said(title=f"Isu {voices} suara"), reports=reports, by=person(actor_of(people.kun)))


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# Everybody ----------------------------------------------------------------------------------------------------------


def test_each_standing_has_its_list_and_its_number(client: Client, every_standing: dict[str, Commitment]) -> None:
    for name in every_standing:
        page = text(client, f"{PAGE}?keadaan={name}")
        shown = {other for other in every_standing if f"Janji {other}</a>" in page}
        assert shown == {name}
    whole = text(client, PAGE)
    assert all(f"Janji {name}</a>" in whole for name in every_standing)


def test_the_account_of_each_agency(client: Client, make_promise: MakePromise, people: People) -> None:
    make_promise("Lubang ditambal")
    make_promise("Rambu dipasang", agency=people.transport)
    page = text(client, f"{PAGE}?dinas=dishub")
    assert "Rambu dipasang" in page
    assert "Lubang ditambal" not in page
    assert people.roads.name in text(client, PAGE)


def test_an_issue_is_named_only_if_everybody_may_know_of_it(
    client: Client, make_promise: MakePromise, people: People
) -> None:
    for voices in (3, 6):
        one = make_promise(f"Untuk {voices}", issue=issue_with(voices, people))
        assert (f"Isu {voices} suara" in text(client, f"{PAGE}{one.pk}/")) is (voices == 6)
    page = text(client, PAGE)
    assert "Isu 6 suara" in page
    assert "Isu 3 suara" not in page


def test_what_was_shown_is_everybodys_once_the_promise_counts_as_kept(
    client: Client, promise: Commitment, people: People
) -> None:
    address = f"{PAGE}{promise.pk}/"
    client.force_login(people.oki)
    sent = {"text": "Ditambal 40 meter.", "link": "https://contoh.id/jono", "photos": upload()}
    assert client.post(f"{DESK}{promise.pk}/bukti/", sent).status_code == 302
    picture = f"{PAGE}foto/{EvidencePhoto.objects.get().pk}-besar.jpg"
    assert client.get(picture).status_code == 200
    client.logout()
    assert "Ditambal" not in text(client, address)
    assert client.get(picture).status_code == 404
    client.force_login(people.kun)
    client.post(f"{DESK}{promise.pk}/terima/", {"version": ""})
    client.logout()
    assert "Ditambal 40 meter." in text(client, address)
    assert client.get(picture)["X-Content-Type-Options"] == "nosniff"


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("hasil.jpg", jpeg(), "image/jpeg")


def test_a_moved_date_stands_in_the_history(client: Client, promise: Commitment, people: People) -> None:
    client.force_login(people.kun)
    due = (promise.due_on + timedelta(days=7)).isoformat()
    form = {"text": promise.text, "agency": people.roads.pk, "due_on": due, "note": "Aspal terlambat datang."}
    assert client.post(f"{DESK}{promise.pk}/ubah/", form).status_code == 302
    page = text(client, f"{PAGE}{promise.pk}/")
    assert "Aspal terlambat datang." in page
    assert "Tanggalnya pindah" in page


def test_an_evening_names_what_was_promised_there(client: Client, make_promise: MakePromise, held: Episode) -> None:
    make_promise("Pompa dinyalakan", episode=held)
    assert "Pompa dinyalakan" in text(client, f"/dialog/{held.pk}/")


@pytest.mark.parametrize(
    "query", ["?keadaan=entah", "?dinas=tidak-ada", "?isu=x", "?isu=99999999", "?hal=!!", "?keadaan=lewat&dinas=dishub"]
)
def test_a_stray_address_is_read_kindly(client: Client, promise: Commitment, query: str) -> None:
    for path in (PAGE, f"{PAGE}data.csv", f"{PAGE}atom.xml"):
        assert client.get(path + query).status_code == 200


@pytest.mark.parametrize("path", ["999999/", "99999999999999999999/", "foto/1-besar.jpg", "foto/1-apa.jpg"])
def test_what_is_not_there_is_kindly_missing(client: Client, regency: object, path: str) -> None:
    assert client.get(PAGE + path).status_code == 404


# Files --------------------------------------------------------------------------------------------------------------


def test_the_list_as_a_table(client: Client, every_standing: dict[str, Commitment], make_promise: MakePromise) -> None:
    make_promise("=SUM(A1)")
    rows = b"".join(client.get(f"{PAGE}data.csv")).decode().splitlines()
    assert len(rows) == 1 + len(every_standing) + 1
    assert any("Anggaran dialihkan." in row for row in rows)
    assert any("'=SUM(A1)" in row for row in rows)
    late = b"".join(client.get(f"{PAGE}data.csv?keadaan=lewat")).decode()
    assert "Janji lewat" in late
    assert "Janji berjalan" not in late


def test_the_list_as_a_feed(client: Client, promise: Commitment) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(client.get(f"{PAGE}atom.xml").content)
    entry = feed.find(f"{atom}entry")
    assert entry is not None
    assert str(entry.findtext(f"{atom}id")).endswith(f"/janji/{promise.pk}/")
    assert entry.findtext(f"{atom}title") == promise.text


# The desk -----------------------------------------------------------------------------------------------------------


def said(people: People, **more: object) -> dict[str, Any]:
    due = (reference().today() + timedelta(days=14)).isoformat()
    return {"text": "Lampu dipasang", "agency": people.transport.pk, "due_on": due, **more}


def test_a_host_writes_a_promise_down_in_an_episode(
    client: Client, people: People, held: Episode, sari_reports: Report
) -> None:
    client.force_login(people.rina)
    issue = issue_with(3, people)
    form = said(people, report=sari_reports.tracking_code.lower(), issue=issue.pk, speaker="Kadishub")
    answer = client.post(f"{DESK}baru/?dialog={held.pk}", form)
    one = Commitment.objects.get()
    assert answer.headers["Location"] == f"{DESK}{one.pk}/"
    assert (one.episode, one.issue, one.report, one.speaker) == (held, issue, sari_reports, "Kadishub")
    assert "Lampu dipasang" in text(client, f"/meja/dialog/{held.pk}/")


def test_what_is_wrong_is_said_and_what_was_typed_stays(client: Client, people: People, rina: Actor) -> None:
    client.force_login(people.rina)
    answer = client.post(f"{DESK}baru/", {"text": "Lampu dipasang", "report": "BJN-0000-0000", "issue": "9"})
    page = answer.content.decode()
    assert answer.status_code == 400
    for sentence in ("Janji tanpa tanggal", "Pilih dinasnya", "Laporan itu tidak ditemukan", "Isu itu tidak ada"):
        assert sentence in page
    assert "Lampu dipasang" in page
    assert client.post(f"{DESK}baru/", said(people, due_on="2001-01-01")).status_code == 400


def test_evidence_that_is_no_photo_is_refused_and_nothing_is_lost(
    client: Client, people: People, promise: Commitment
) -> None:
    client.force_login(people.oki)
    sent = {"text": "Ditambal.", "photos": SimpleUploadedFile("a.jpg", b"bukan foto", "image/jpeg")}
    answer = client.post(f"{DESK}{promise.pk}/bukti/", sent)
    assert answer.status_code == 400
    assert "Ditambal." in answer.content.decode()
    assert not promise.evidence.exists()


def test_the_tabs_of_the_desk(client: Client, people: People, every_standing: dict[str, Commitment]) -> None:
    client.force_login(people.oki)
    tabs = {
        "": {"berjalan", "lewat"},
        "?tampilan=periksa": {"diperiksa"},
        "?tampilan=selesai": {"ditepati", "terlambat", "tidak-ditepati", "ditarik"},
    }
    for query, names in tabs.items():
        page = text(client, DESK + query)
        assert {name for name in every_standing if f"Janji {name}</a>" in page} == names
    client.force_login(people.dewi)
    assert "Janji lewat" not in client.get(DESK).content.decode()


@pytest.mark.parametrize("deed", ["terima", "kembalikan", "tidak-ditepati", "tarik", "entah"])
def test_nonsense_from_a_form_is_answered_kindly(
    client: Client, people: People, promise: Commitment, deed: str
) -> None:
    client.force_login(people.kun)
    answer = client.post(f"{DESK}{promise.pk}/{deed}/", {"version": "x"})
    assert 400 <= answer.status_code < 500
    assert promise.events.count() == 1


def test_a_double_click_is_one_deed(client: Client, people: People, promise: Commitment) -> None:
    client.force_login(people.kun)
    form = {"reason": "Salah catat.", "version": promise.version}
    assert [client.post(f"{DESK}{promise.pk}/tarik/", form).status_code for _twice in range(2)] == [302, 302]
    assert promise.events.count() == 2


@pytest.mark.parametrize(("who", "status"), [("dewi", 404), ("ida", 403), ("agus", 403), ("laras", 200), ("heni", 200)])
def test_who_opens_a_promise_at_the_desk(
    client: Client, people: People, promise: Commitment, who: str, status: int
) -> None:
    client.force_login(getattr(people, who))
    assert client.get(f"{DESK}{promise.pk}/").status_code == status
    assert client.get(f"{DESK}baru/").status_code == 403


# What it costs ------------------------------------------------------------------------------------------------------


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
        assert answer.status_code == 200
        b"".join(answer)
    return len(caught)


@pytest.mark.parametrize(("path", "most"), [(PAGE, 6), (f"{PAGE}data.csv", 1), (f"{PAGE}atom.xml", 1), (DESK, 4)])
def test_pages_cost_the_same_however_many_promises_there_are(
    client: Client, people: People, make_promise: MakePromise, held: Episode, path: str, most: int
) -> None:
    client.force_login(people.kun)
    shared = issue_with(6, people)
    for number in range(2):
        make_promise(f"Janji {number}", episode=held, issue=shared)
    client.get(path)
    few = cost(client, path)
    for number in range(9):
        agency = people.transport if number % 2 else people.roads
        make_promise(f"Janji lain {number}", episode=held, agency=agency, issue=issue_with(7 + number, people))
    assert cost(client, path) == few <= most
