"""/meja/pesan/: what nobody took up becomes a report, a remark, an answer, or is passed over; once, by one person."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kanal.agencies.models import User
from kanal.agencies.queries import actor_of
from kanal.channels.models import Address, Inbound, InboundFile, Medium, Outbound
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.actions import triage
from kanal.reports.models import MessageDecision, Report, ReportEvent
from kanal.reports.workflow import Kind
from tests.support.media import PlainMedium
from tests.support.messages import OGG, PHONE, STORY, arrives, jpeg
from tests.support.people import People

pytestmark = pytest.mark.django_db
PAGE = "/meja/pesan/"


@pytest.fixture
def message(plain_medium: PlainMedium, regency: object) -> Inbound:
    return arrives(plain_medium)


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def at(name: str, inbound: Inbound) -> str:
    return reverse(f"reports:desk_message{name}", args=[inbound.pk])


REPORT = {"body": STORY, "kind": "complaint", "place_text": "Balai desa"}


# Who sees and does what --------------------------------------------------------------------------------------------

MATRIX = {
    "kun": {"read", "file", "add", "answer", "drop", "take", "confide"},
    "ida": {"read", "confide"},
    "agus": set(),
    "oki": set(),
    "heni": set(),
    "dewi": set(),
    "laras": set(),
}


@pytest.mark.parametrize(("who", "verbs"), MATRIX.items())
def test_every_role_and_verb(client: Client, people: People, message: Inbound, who: str, verbs: set[str]) -> None:
    user: User = getattr(people, who)
    assert set(policy.message_verbs(actor_of(user))) == verbs
    client.force_login(user)
    sees = who in {"kun", "ida"}
    assert client.get(PAGE).status_code == (200 if sees else 403)
    assert client.get(at("", message)).status_code == (200 if sees else 404)
    for verb in ("file", "add", "answer", "drop", "confide"):
        if verb not in verbs:
            assert client.post(at(f"_{verb}", message), {"text": "x", "why": "sapaan"}).status_code == 403
    for verb in set(policy.MESSAGE_VERBS) - verbs:
        with pytest.raises(Refused):
            policy.check_message(verb, policy.staff(actor_of(user)))
    message.refresh_from_db()
    assert message.state == "waiting"


def test_words_are_masked_for_those_who_may_not_read_them(
    client: Client, people: People, plain_medium: PlainMedium
) -> None:
    message = arrives(plain_medium)
    client.force_login(people.kun)
    page = text(client, at("", message))
    assert "081234567890" in page
    assert PHONE not in page, "where it came from stays masked: nobody needs it to answer"
    assert "•••890" in page
    client.post(at("_file", message), REPORT)
    client.force_login(people.laras)
    page = text(client, at("", message))
    assert "Lampu jalan" in page
    assert "081234567890" not in page


# A report is made of it --------------------------------------------------------------------------------------------


def test_a_message_becomes_a_report_of_its_sender_with_its_pictures(
    kun: Client, plain_medium: PlainMedium, people: People
) -> None:
    plain_medium.files = {"f1": jpeg(), "f2": OGG}
    sent = [{"external_id": "f1", "kind": "image"}, {"external_id": "f2", "kind": "audio"}]
    message = arrives(plain_medium, files=sent)
    form = text(kun, at("_file", message))
    assert "Lampu jalan" in form
    answer = kun.post(at("_file", message), REPORT, follow=True)
    report = Report.objects.get(inbound=message)
    assert f"Laporan {report.tracking_code} dibuat" in answer.content.decode()
    assert (report.medium, report.body, report.has_photo) == (Medium.APP, STORY, True)
    assert report.contact_id == Address.objects.get().contact_id
    assert report.attachments.count() == 1
    first = report.events.get(verb="receive")
    assert (first.by, first.user_id) == (ReportEvent.By.STAFF, people.kun.pk)
    message.refresh_from_db()
    assert message.state == "used"
    decision = MessageDecision.objects.get()
    assert (decision.deed, decision.report, decision.user) == ("filed", report, people.kun)
    receipt = Outbound.objects.get(purpose="receipt")
    assert (receipt.medium, receipt.thread, receipt.reference) == (Medium.APP, "chat-1", report.tracking_code)


def test_a_receipt_with_the_private_link_never_goes_under_a_public_post(kun: Client, plain_medium: PlainMedium) -> None:
    message = arrives(plain_medium, public=True)
    kun.post(at("_file", message), REPORT)
    assert Outbound.objects.get(purpose="receipt").thread == ""


def test_bad_input_keeps_every_answer(kun: Client, message: Inbound) -> None:
    page = kun.post(at("_file", message), {**REPORT, "body": "pendek", "place_text": "Pasar Kota"})
    assert page.status_code == 400
    assert "Terlalu pendek" in page.content.decode()
    assert "Pasar Kota" in page.content.decode()
    assert not Report.objects.exists()


def test_the_pin_of_a_message_names_the_village(kun: Client, plain_medium: PlainMedium) -> None:
    message = arrives(plain_medium, lat=-7.1502, lon=111.8817)
    kun.post(at("_file", message), {**REPORT, "lat": "-7.1502", "lon": "111.8817"})
    report = Report.objects.get()
    assert (report.lat, report.region_id is not None) == (-7.1502, True)


# It joins a report -------------------------------------------------------------------------------------------------


def test_the_reporters_own_message_becomes_a_remark(kun: Client, plain_medium: PlainMedium, message: Inbound) -> None:
    kun.post(at("_file", message), REPORT)
    report = Report.objects.get()
    plain_medium.files = {"f1": jpeg()}
    second = arrives(plain_medium, "Sekarang malah tiangnya miring.", 2, files=[{"external_id": "f1", "kind": "image"}])
    page = text(kun, at("", second))
    assert report.tracking_code in page, "the sender's own reports are offered without searching"
    kun.post(at("_add", second), {"kode": report.tracking_code})
    line = report.events.get(verb="reply")
    assert (line.by, line.note) == (ReportEvent.By.REPORTER, "Sekarang malah tiangnya miring.")
    assert report.attachments.count() == 1


def test_somebody_elses_message_becomes_a_note(kun: Client, sari_reports: Report, message: Inbound) -> None:
    assert sari_reports.tracking_code in text(kun, f"{at('', message)}?cari={sari_reports.tracking_code}")
    assert sari_reports.tracking_code in text(kun, f"{at('', message)}?cari=berlubang")
    kun.post(at("_add", message), {"kode": sari_reports.tracking_code.lower()})
    line = sari_reports.events.get(verb="note")
    assert "Lampu jalan" in line.note
    assert not line.public
    assert not sari_reports.events.filter(verb="reply").exists()


def test_a_report_that_does_not_exist_is_said_and_nothing_is_lost(kun: Client, message: Inbound) -> None:
    for code in ("apa", "BJN-2222-2222"):
        page = kun.post(at("_add", message), {"kode": code})
        assert page.status_code == 400
    message.refresh_from_db()
    assert message.state == "waiting"


def test_a_voice_note_alone_joins_with_words_about_it(kun: Client, plain_medium: PlainMedium, message: Inbound) -> None:
    kun.post(at("_file", message), REPORT)
    report = Report.objects.get()
    plain_medium.files = {"f2": OGG}
    spoken = arrives(plain_medium, "", 2, files=[{"external_id": "f2", "kind": "audio"}])
    kun.post(at("_add", spoken), {"kode": report.tracking_code})
    assert report.events.get(verb="reply").note == "(Tanpa kata-kata: pesan suara)"


# It is answered or passed over -------------------------------------------------------------------------------------


def test_an_answer_goes_back_where_the_message_came_from_with_its_delivery_state(kun: Client, message: Inbound) -> None:
    kun.post(at("_answer", message), {"text": "Sama-sama, Bu."})
    sent = Outbound.objects.get(purpose="message_answer")
    assert (sent.medium, sent.thread, sent.body) == (Medium.APP, "chat-1", "Sama-sama, Bu.")
    page = text(kun, at("", message))
    assert "menunggu dikirim" in page
    Outbound.objects.update(state="failed", error="Nomor tidak aktif.")
    assert "Nomor tidak aktif." in text(kun, at("", message))


@pytest.mark.parametrize(("state", "sentence"), [("opted_out", "minta tidak dikirimi"), ("bounced", "menolak")])
def test_where_no_answer_can_go_the_page_says_so(kun: Client, message: Inbound, state: str, sentence: str) -> None:
    Address.objects.update(state=state)
    assert sentence in text(kun, at("", message))
    assert kun.post(at("_answer", message), {"text": "Halo"}).status_code == 409
    assert not Outbound.objects.exists()


HOLOGRAM = "(Pesan WhatsApp jenis “hologram” belum bisa dibaca Kanal.)"


@pytest.fixture
def hologram(plain_medium: PlainMedium, regency: object) -> Inbound:
    """On a chat that leads people through reports, Sari sends something that nobody can read."""
    assert regency
    return arrives(plain_medium, HOLOGRAM, unread=True)


def test_what_nobody_can_read_says_its_kind_and_is_answered(kun: Client, hologram: Inbound) -> None:
    assert HOLOGRAM in text(kun, PAGE)
    assert HOLOGRAM in text(kun, at("", hologram))
    kun.post(at("_answer", hologram), {"text": "Pesan jenis ini tidak bisa kami baca. Tulis dengan kata-kata."})
    row = Outbound.objects.get()
    assert row.address == hologram.address
    assert HOLOGRAM in text(kun, at("", hologram)), "and it still says what it was"


def test_what_nobody_can_read_joins_a_report(kun: Client, sari_reports: Report, hologram: Inbound) -> None:
    kun.post(at("_add", hologram), {"kode": sari_reports.tracking_code})
    note = ReportEvent.objects.filter(report=sari_reports).latest("pk")
    assert HOLOGRAM in note.note


def test_passing_over_needs_a_reason(kun: Client, message: Inbound) -> None:
    assert kun.post(at("_drop", message), {"why": ""}).status_code == 400
    assert kun.post(at("_drop", message), {"why": "lain", "words": ""}).status_code == 400
    kun.post(at("_drop", message), {"why": "lain", "words": "Nomor uji kami sendiri"})
    message.refresh_from_db()
    assert (message.state, message.why) == ("dropped", "Alasan lain")
    assert MessageDecision.objects.get().reason == "Nomor uji kami sendiri"
    assert "Nomor uji kami sendiri" in text(kun, at("", message))


def test_several_are_passed_over_at_once(kun: Client, plain_medium: PlainMedium) -> None:
    rows = [arrives(plain_medium, f"Halo {number}", number) for number in range(1, 4)]
    triage.answer_message(inbound=rows[0], text="Halo", by=People.doing(User.objects.get(email="kun@contoh.go.id")))
    picked = [row.pk for row in rows]
    page = kun.post(reverse("reports:desk_messages_drop"), {"pilih": [*picked, "x"], "why": "sapaan"}, follow=True)
    assert "2 pesan dilewati." in page.content.decode()
    assert "1 sudah diurus orang lain." in page.content.decode()
    assert sorted(Inbound.objects.values_list("state", flat=True)) == ["answered", "dropped", "dropped"]


def test_the_menu_knows_at_once_that_a_message_is_done(kun: Client, message: Inbound) -> None:
    assert 'Pesan <span class="badge red">1</span>' in text(kun, PAGE)
    kun.post(at("_drop", message), {"why": "sapaan", "words": ""})
    assert 'Pesan <span class="badge red">' not in text(kun, PAGE)


def test_nothing_ticked_or_no_reason_passes_nothing_over(kun: Client, message: Inbound) -> None:
    address = reverse("reports:desk_messages_drop")
    assert "Belum ada pesan yang dicentang" in kun.post(address, {"why": "sapaan"}, follow=True).content.decode()
    assert "Pilih alasan" in kun.post(address, {"pilih": message.pk}, follow=True).content.decode()
    message.refresh_from_db()
    assert message.state == "waiting"


# Wrongdoing goes to the Inspektorat --------------------------------------------------------------------------------


def test_a_message_that_tells_of_bribes_shows_a_hint(kun: Client, plain_medium: PlainMedium) -> None:
    assert "mungkin laporan penyelewengan" in text(kun, at("", arrives(plain_medium, "Ada pungli di loket KTP.")))
    assert "mungkin laporan penyelewengan" not in text(kun, at("", arrives(plain_medium, "Terima kasih.", 2)))


def test_what_is_handed_to_the_inspektorat_disappears_from_everybody_else(
    client: Client, plain_medium: PlainMedium, people: People
) -> None:
    plain_medium.files = {"f1": jpeg()}
    sent = [{"external_id": "f1", "kind": "image"}]
    message = arrives(plain_medium, "Pegawai loket minta suap.", files=sent, lat=-7.15, lon=111.88, place="Loket 3")
    picture = reverse("reports:desk_message_picture", args=[InboundFile.objects.get().pk, "kecil"])
    client.force_login(people.kun)
    assert client.get(picture).status_code == 200
    client.post(at("_confide", message))
    report = Report.objects.get()
    assert (report.kind, report.secret, report.lat, report.place_text) == (Kind.WHISTLEBLOWING, True, None, "")
    assert "Loket 3 -7.15000" in report.body
    assert report.attachments.get().encrypted
    assert client.get(at("", message)).status_code == 404
    assert client.get(picture).status_code == 404
    assert "suap" not in text(client, PAGE)
    client.force_login(people.ida)
    assert "minta suap" in text(client, at("", message))
    assert client.get(picture).status_code == 200
    client.force_login(people.oki)
    assert client.get(at("", message)).status_code == 404


def test_filed_as_whistle_blowing_it_disappears_too(kun: Client, message: Inbound) -> None:
    page = kun.post(at("_file", message), {**REPORT, "kind": "whistleblowing"}, follow=True).content.decode()
    assert "Diserahkan ke Inspektorat" in page
    assert Report.objects.get().tracking_code not in page
    assert MessageDecision.objects.get().deed == "confided"
    assert kun.get(at("", message)).status_code == 404


# Twice and at the same time ----------------------------------------------------------------------------------------


def test_of_two_people_the_slower_is_told_who_was_faster(client: Client, people: People, message: Inbound) -> None:
    triage.drop_message(inbound=message, why="Salah alamat", by=people.doing(people.kun))
    other = people.doing(people.ida)
    with pytest.raises(Refused, match="Kun Hidayat") as refused:
        triage.confide_message(inbound=message, by=other)
    assert refused.value.code == "taken"
    client.force_login(people.ida)
    page = client.post(at("_confide", message), follow=True)
    assert "baru saja diurus Kun Hidayat" in page.content.decode()
    assert not Report.objects.exists()


def test_a_button_pressed_twice_does_it_once(kun: Client, message: Inbound) -> None:
    for _again in range(2):
        kun.post(at("_file", message), REPORT)
    for _again in range(2):
        kun.post(at("_answer", message), {"text": "Halo"})
    assert Report.objects.count() == 1
    assert MessageDecision.objects.count() == 1
    assert not Outbound.objects.filter(purpose="message_answer").exists()


# Who else may open it ----------------------------------------------------------------------------------------------


def test_the_officer_of_the_case_may_open_the_message_it_was_made_of(
    client: Client, kun: Client, plain_medium: PlainMedium, people: People
) -> None:
    message = arrives(plain_medium)
    kun.post(at("_file", message), REPORT)
    report = Report.objects.get()
    client.force_login(people.oki)
    assert client.get(at("", message)).status_code == 404
    actions.assign(report=report, by=people.doing(people.kun), agency=people.roads)
    assert "Lampu jalan" in text(client, at("", message))


def test_missing_and_odd_addresses_are_not_found(kun: Client, regency: object) -> None:
    assert kun.get("/meja/pesan/999/").status_code == 404
    assert kun.get(f"/meja/pesan/{2**70}/").status_code == 404
    assert kun.get(f"/meja/pesan/berkas/{2**70}/").status_code == 404


@pytest.mark.parametrize("number", [3, 40])
def test_the_number_of_queries_does_not_grow(
    kun: Client, plain_medium: PlainMedium, django_assert_max_num_queries: Any, number: int
) -> None:
    for one in range(1, number + 1):
        arrives(plain_medium, f"Halo {one}", one, handle=f"+62812345678{one:02}")
    text(kun, PAGE)
    with django_assert_max_num_queries(8):  # session, person, roles, signs, rows, their files, their number
        text(kun, PAGE)
    with django_assert_max_num_queries(14):  # the sender's reports and those alike besides
        text(kun, at("", Inbound.objects.first()))  # type: ignore[arg-type]  # there is one
