"""/meja/orang/: everything between one person and us, for those who may know of it, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kanal.agencies.models import User
from kanal.agencies.queries import actor_of, reference
from kanal.channels import actions as mail
from kanal.channels.models import Address, Contact, Inbound, Outbound
from kanal.common.refusal import Refused
from kanal.reports import actions, grants, policy
from kanal.reports.actions import people as verbs
from kanal.reports.actions import radio, triage
from kanal.reports.models import ContactDeed, Report, ReportEvent
from kanal.reports.queries import private_link_token
from kanal.reports.queries.person import reports_seen
from kanal.reports.workflow import Kind
from tests.support.media import PlainMedium, Write
from tests.support.messages import PHONE, arrives
from tests.support.people import People

WHO = ("kun", "oki", "heni", "dewi", "laras", "ida", "agus", "rina")


def filed(key: str, **more: Any) -> Report:
    told = {"body": f"Lampu jalan mati di gang {key}.", "submission": key, "email": "sari@contoh.id", **more}
    return actions.file_report(actions.Filing(**told))


def path(contact: Contact | Report | None) -> str:
    found = contact.contact if isinstance(contact, Report) else contact
    assert found is not None
    return f"/meja/orang/{found.pk}/"


@pytest.fixture
def look(client: Client) -> Callable[..., str]:
    """The page as somebody sees it."""

    def page(user: User, contact: Contact | Report | None, query: str = "", *, status: int = 200) -> str:
        client.force_login(user)
        response = client.get(path(contact) + query)
        assert response.status_code == status
        return response.content.decode()

    return page


# Who sees what -----------------------------------------------------------------------------------------------------


def _town(people: People) -> dict[str, Report]:
    kun = people.doing(people.kun)
    town = {
        "new": filed("baru"),
        "roads": actions.assign(report=filed("jalan"), agency=people.roads, by=kun),
        "roads_anonymous": actions.assign(report=filed("samar", anonymous=True), agency=people.roads, by=kun),
        "roads_secret": actions.assign(report=filed("tutup", secret=True), agency=people.roads, by=kun),
        "transport": actions.assign(report=filed("rambu"), agency=people.transport, by=kun),
        "whistle": filed("pungli", kind=Kind.WHISTLEBLOWING),
    }
    return {name: Report.objects.get(pk=report.pk) for name, report in town.items()}


OPENS = {
    "kun": {"new", "roads", "roads_anonymous", "roads_secret", "transport"},
    "oki": {"roads", "roads_secret"},
    "heni": {"roads", "roads_secret"},
    "dewi": {"transport"},
    "ida": {"whistle"},
    "laras": set(),
    "agus": set(),
    "rina": set(),
}


@pytest.mark.parametrize("who", WHO)
def test_on_the_page_stand_only_the_reports_whose_reporter_somebody_may_open(
    people: People, look: Callable[..., str], who: str
) -> None:
    town, user = _town(people), getattr(people, who)
    actor = actor_of(user)
    assert {name for name, report in town.items() if policy.may_open_identity(actor, report)} == OPENS[who]
    assert set(reports_seen(actor)) == {town[name] for name in OPENS[who]}
    if who in {"laras", "agus", "rina"}:
        look(user, town["new"], status=403)
        return
    page = look(user, town["new"])
    assert {name for name, report in town.items() if report.tracking_code in page} == OPENS[who]


def test_a_contact_that_exists_only_through_hidden_reports_is_missing(
    people: People, look: Callable[..., str], client: Client
) -> None:
    whistle = filed("pungli", kind=Kind.WHISTLEBLOWING)
    for user in (people.kun, people.oki):
        hidden = look(user, whistle, status=404)
        assert client.get("/meja/orang/999999/").status_code == 404
        assert "sari" not in hidden.lower()
    assert client.get(f"/meja/orang/{10**30}/").status_code == 404
    assert "s•••@contoh.id" in look(people.ida, whistle)


def test_addresses_messages_and_notes_of_hidden_reports_do_not_show(
    people: People, look: Callable[..., str], plain_medium: PlainMedium
) -> None:
    whistle = filed("pungli", email="saksi@contoh.id", kind=Kind.WHISTLEBLOWING)
    came = arrives(plain_medium, "Ada yang minta uang di loket.")
    confided = triage.confide_message(inbound=came, by=people.doing(people.kun))
    open_one = filed("lampu", phone="+6281999999999", email="")
    for other in (whistle.contact, confided.contact):
        mail.hand_addresses(list(Address.objects.filter(contact=other).values_list("pk", flat=True)), to=pk(open_one))
        Report.objects.filter(contact=other).update(contact=pk(open_one))
    actions.open_contact(contact=contact(open_one), by=people.doing(people.ida), reason="Periksa saksi")
    page = look(people.kun, open_one)
    for secret in (
        "s•••@contoh.id",
        "•••890",
        "minta uang",
        "Periksa saksi",
        whistle.tracking_code,
        "Laporan pengawasan",
    ):
        assert secret not in page, secret
    assert "•••999" in page
    inspector = look(people.ida, open_one)
    for shown in ("s•••@contoh.id", "•••890", "Periksa saksi", whistle.tracking_code):
        assert shown in inspector, shown
    assert "•••999" not in inspector


def test_the_case_page_does_not_open_addresses_that_only_hidden_reports_know(people: People) -> None:
    whistle = filed("pungli", email="saksi@contoh.id", kind=Kind.WHISTLEBLOWING)
    case = actions.assign(report=filed("lampu"), agency=people.roads, by=people.doing(people.kun))
    mail.hand_addresses(list(Address.objects.filter(contact=pk(whistle)).values_list("pk", flat=True)), to=pk(case))
    case.refresh_from_db()
    for user in (people.kun, people.oki):
        assert actions.identity_of(case, actor_of(user)).handles == (("E-mail", "sari@contoh.id"),)


def contact(report: Report) -> Contact:
    assert report.contact is not None
    return report.contact


def pk(report: Report) -> int:
    return contact(report).pk


def test_a_code_asked_after_in_a_chat_is_not_shown(
    people: People, look: Callable[..., str], plain_medium: PlainMedium
) -> None:
    whistle = filed("pungli", kind=Kind.WHISTLEBLOWING)
    code = whistle.tracking_code
    first = arrives(plain_medium, f"CEK {code}")
    arrives(plain_medium, f"Bagaimana kabar {code.lower().replace('-', ' ')} saya?", number=2)
    page = look(people.kun, contact_behind(first)).upper()
    assert code not in page
    assert code.replace("-", " ") not in page
    assert "MENANYAKAN KABAR LAPORAN" in page


def contact_behind(inbound: Inbound) -> Contact:
    assert inbound.address is not None
    return inbound.address.contact


# Opening -----------------------------------------------------------------------------------------------------------


def test_everything_is_masked_until_somebody_says_why(client: Client, people: People, look: Callable[..., str]) -> None:
    report = filed("lampu", name="Sari Utami", anonymous=True)
    filed("kedua")
    page = look(people.kun, report)
    assert "s•••@contoh.id" in page
    assert "sari@contoh.id" not in page
    assert "Sari Utami" not in page
    assert client.post(path(report) + "identitas/", {"reason": " "}).status_code == 400
    assert not ContactDeed.objects.exists()
    assert client.post(path(report) + "identitas/", {"reason": "Ditanya Inspektorat"}).status_code == 302
    page = look(people.kun, report)
    assert "sari@contoh.id" in page
    assert "Sari Utami" in page
    deed = ContactDeed.objects.get()
    assert (deed.verb, deed.user, deed.reason) == ("opened", people.kun, "Ditanya Inspektorat")
    opened = ReportEvent.objects.filter(verb="open_identity", user=people.kun)
    assert [line.note for line in opened] == ["Ditanya Inspektorat"] * 2, (
        "on the history of each report, like opening a person on the page of its case"
    )
    assert Outbound.objects.get(purpose="identity_opened").to_staff == people.ida.email
    client.post(path(report) + "identitas/", {"close": "1"})
    assert "sari@contoh.id" not in look(people.kun, report)


def test_nobody_opens_a_contact_that_does_not_exist_for_them(people: People) -> None:
    whistle = filed("pungli", kind=Kind.WHISTLEBLOWING)
    for user in (people.kun, people.oki, people.laras, people.agus):
        with pytest.raises(Refused) as refusal:
            actions.open_contact(contact=contact(whistle), by=people.doing(user), reason="Ingin tahu")
        assert refusal.value.status == 404
    assert not ContactDeed.objects.exists()


def test_an_opening_ends_by_itself_and_belongs_to_one_person_and_one_contact(
    client: Client, people: People, look: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report, other = filed("lampu"), filed("lain", email="budi@contoh.id")
    look(people.kun, report)
    client.post(path(report) + "identitas/", {"reason": "Telepon balik"})
    note = client.session[grants.CONTACT_KEY]
    assert "budi@contoh.id" not in client.get(path(other)).content.decode()
    client.force_login(people.ida)
    session = client.session
    session[grants.CONTACT_KEY] = note
    session.save()
    filed("pungli", kind=Kind.WHISTLEBLOWING)
    assert "sari@contoh.id" not in client.get(path(report)).content.decode()
    client.force_login(people.kun)
    for forged in ("palsu", None, 5, note + "x"):
        session = client.session
        session[grants.CONTACT_KEY] = forged
        session.save()
        assert "sari@contoh.id" not in client.get(path(report)).content.decode()
    client.post(path(report) + "identitas/", {"reason": "Telepon balik"})
    assert "sari@contoh.id" in client.get(path(report)).content.decode()
    later = timezone.now() + timedelta(minutes=grants.MINUTES, seconds=1)
    monkeypatch.setattr("kanal.reports.grants.timezone.now", lambda: later)
    assert "sari@contoh.id" not in client.get(path(report)).content.decode()


def test_what_joins_later_was_not_opened(client: Client, people: People, look: Callable[..., str]) -> None:
    report, other = filed("lampu"), filed("lain", email="budi@contoh.id")
    look(people.kun, report)
    client.post(path(report) + "identitas/", {"reason": "Telepon balik"})
    verbs.merge_contacts(
        contact=contact(report), other=contact(other), by=people.doing(people.kun), reason="Satu orang"
    )
    page = look(people.kun, report)
    assert "b•••@contoh.id" in page
    assert "budi@contoh.id" not in page


def test_what_joins_later_was_not_opened_for_an_officer_either(client: Client, people: People) -> None:
    kun = people.doing(people.kun)
    report, other = (
        actions.assign(report=filed(key, email=f"{key}@contoh.id"), agency=people.roads, by=kun)
        for key in ("lampu", "budi")
    )
    client.force_login(people.oki)
    client.post(path(report) + "identitas/", {"reason": "Telepon balik"})
    assert "lampu@contoh.id" in client.get(path(report)).content.decode()
    verbs.merge_contacts(contact=contact(report), other=contact(other), by=kun, reason="Satu orang")
    page = client.get(path(report)).content.decode()
    assert "b•••@contoh.id" in page
    assert "budi@contoh.id" not in page


# The line of time --------------------------------------------------------------------------------------------------


def test_reports_calls_and_messages_stand_in_one_line_of_time_with_states_apart(
    people: People, look: Callable[..., str], plain_medium: PlainMedium
) -> None:
    came = arrives(plain_medium, "Kapan diperbaiki? Hubungi 081234567890.")
    triage.answer_message(inbound=came, text="Besok pagi.", by=people.doing(people.kun))
    Outbound.objects.filter(purpose="message_answer").update(state="delivered", subject="Jawaban")
    report = filed("lampu", email="", address=came.address)
    show = radio.start_show(by=actor_of(people.rina), programme="Sapa Malowopati")
    call = radio.take_call(
        show=show, by=actor_of(people.rina), filing=actions.Filing(body="Lampu mati", submission="r", phone=PHONE)
    )
    verbs.merge_contacts(
        contact=contact(report), other=contact(call), by=people.doing(people.kun), reason="Nomornya sama"
    )
    mail.opt_out(Address.objects.get(medium="phone"))
    page = look(people.kun, report)
    for shown in (
        "Menelepon siaran Sapa Malowopati",
        "Melapor lewat",
        "Menulis lewat",
        "Kapan diperbaiki?",
        "Belum diteruskan",  # how far the case is
        "Sampai",  # whether the message arrived
        "Minta tidak dikirimi",  # whether the person wants messages
        "Dijawab",
    ):
        assert shown in page, shown
    assert "081234567890" not in page


def test_pages_go_on_where_the_last_one_ended(people: People, look: Callable[..., str]) -> None:
    reports = [filed(f"gang-{number}") for number in range(35)]
    same = timezone.now()
    Report.objects.update(received_at=same)  # many at one moment
    page = look(people.kun, reports[0])
    older = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = look(people.kun, reports[0], older)
    for report in reports:
        assert (report.tracking_code in page) + (report.tracking_code in second) >= 1
    first_codes = {r.tracking_code for r in reports if f"/meja/l/{r.tracking_code}/" in page}
    for broken in ("?hal=x", "?hal=99999999999999999-1-1", "?hal=1-9-1", f"?hal={'9' * 400}"):
        look(people.kun, reports[0], broken)
    assert 0 < len(first_codes) < len(reports)


@pytest.mark.parametrize("who", ["kun", "oki"])
def test_its_queries_do_not_grow_with_what_it_shows(
    client: Client, people: People, plain_medium: PlainMedium, who: str
) -> None:
    def fill(start: int, stop: int) -> None:
        for number in range(start, stop):
            came = arrives(plain_medium, f"Lampu mati 0812345{number:05}.", number=number)
            report = filed(f"gang-{number}", email="", address=came.address, phone=f"+62812345{number:05}")
            actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))

    fill(1, 4)
    address = path(Contact.objects.get())
    client.force_login(getattr(people, who))
    reference()
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    fill(4, 40)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) == len(few)
    assert len(many) <= 22


# Getting there -----------------------------------------------------------------------------------------------------


def test_the_card_of_the_person_on_a_case_leads_here_for_those_who_may(
    client: Client, people: People, sari_reports: Report
) -> None:
    case = actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    for user, leads in ((people.kun, True), (people.oki, True), (people.laras, False)):
        client.force_login(user)
        page = client.get(f"/meja/l/{case.tracking_code}/").content.decode()
        assert (path(case) in page) == leads


def test_the_inbox_and_each_message_lead_here(client: Client, people: People, plain_medium: PlainMedium) -> None:
    came = arrives(plain_medium, "Kapan kantor buka?")
    client.force_login(people.kun)
    for place in ("/meja/pesan/", f"/meja/pesan/{came.pk}/"):
        assert path(contact_behind(came)) in client.get(place).content.decode()


def test_a_merged_contact_leads_to_the_one_it_belongs_to(client: Client, people: People) -> None:
    report, other = filed("lampu"), filed("lain", email="budi@contoh.id")
    gone = contact(other)
    verbs.merge_contacts(contact=contact(report), other=gone, by=people.doing(people.kun), reason="Satu orang")
    client.force_login(people.kun)
    assert client.get(path(gone)).headers["Location"] == path(report)


# Joining and parting by hand ---------------------------------------------------------------------------------------


def test_one_number_on_two_media_is_suggested_and_never_joined_by_itself(
    people: People, look: Callable[..., str]
) -> None:
    report = filed("telepon", email="", phone=PHONE)
    address = mail.address_for(medium="whatsapp", handle=PHONE)
    other = filed("wa", email="", address=address)
    page = look(people.kun, report)
    assert f"{path(report)}gabung/?dengan={pk(other)}" in page
    assert "Nomornya sama." in page
    assert pk(report) != pk(other)
    look(people.oki, report, status=404)


def test_a_name_with_a_number_in_somebodys_words_is_suggested(people: People, look: Callable[..., str]) -> None:
    known = filed("telepon", email="", phone=PHONE, name="Sari Utami")
    wrote = filed("tulis", body="Saya Sari Utami, hubungi 0812-3456-7890. Lampu jalan mati.", email="lain@contoh.id")
    filed("salah", body="Tetangga saya punya nomor 0812-3456-7890.", email="x@contoh.id")
    assert "Nama dan alamatnya ada di tulisannya." in look(people.kun, wrote)
    assert f"gabung/?dengan={pk(known)}" in look(people.kun, wrote)
    assert "Tidak ada kontak lain yang mirip." in look(people.kun, Report.objects.get(inbound__external_id="salah"))


def test_nobody_hidden_is_suggested(people: People, look: Callable[..., str]) -> None:
    filed("pungli", email="", phone=PHONE, kind=Kind.WHISTLEBLOWING)
    shown = filed("wa", email="", address=mail.address_for(medium="sms", handle=PHONE))
    assert "Tidak ada kontak lain yang mirip." in look(people.kun, shown)


def test_two_are_compared_joined_and_parted_on_pages(client: Client, people: People) -> None:
    report, other = filed("lampu"), filed("lain", email="budi@contoh.id")
    client.force_login(people.kun)
    page = client.get(path(report) + "gabung/", {"dengan": other.tracking_code.lower()}).content.decode()
    assert "b•••@contoh.id" in page
    assert client.post(path(report) + "gabung/", {"dengan": pk(other), "reason": ""}).status_code == 400
    done = client.post(path(report) + "gabung/", {"dengan": pk(other), "reason": "Satu orang"})
    assert done.headers["Location"] == path(report)
    deed = ContactDeed.objects.get()
    undo = f"{path(report)}pisah/{deed.pk}/"
    assert undo in client.get(path(report)).content.decode()
    assert client.post(undo, {"reason": ""}).status_code == 400
    client.post(undo, {"reason": "Keliru"})
    other.refresh_from_db()
    assert pk(other) == deed.other_id
    assert undo not in client.get(path(report)).content.decode()
    for nothing in ("", "999999", "BJN-2222-2222", str(pk(report)), "9" * 30, "²"):
        assert client.get(path(report) + "gabung/", {"dengan": nothing}).status_code == 400
    assert client.get(f"{path(report)}pisah/999/").status_code == 404
    client.force_login(people.ida)
    for place in (path(report) + "gabung/", undo):
        assert client.get(place).status_code == 403


def test_a_merge_below_two_others_can_still_be_undone(client: Client, people: People) -> None:
    kun = people.doing(people.kun)
    first, *others = (contact(filed(str(number), email=f"a{number}@contoh.id")) for number in range(4))
    for other in others:
        verbs.merge_contacts(contact=other, other=first, by=kun, reason="Satu orang")
        first = other
    client.force_login(people.kun)
    page = client.get(path(first)).content.decode()
    for deed in ContactDeed.objects.all():
        assert f"{path(first)}pisah/{deed.pk}/" in page
    lowest = ContactDeed.objects.earliest("pk")
    client.post(f"{path(first)}pisah/{lowest.pk}/", {"reason": "Keliru"})
    assert Address.objects.get(handle_hash=mail.hash_of("email", "a0@contoh.id")).contact_id == lowest.other_id


def test_many_messages_do_not_hide_the_reports_that_are_compared(
    client: Client, people: People, plain_medium: PlainMedium
) -> None:
    came = arrives(plain_medium)
    report, other = filed("lampu", email="", address=came.address), filed("lain", email="budi@contoh.id")
    Report.objects.update(received_at=came.received_at - timedelta(days=1))
    for number in range(2, 35):
        arrives(plain_medium, f"Kapan? {number}", number=number)
    client.force_login(people.kun)
    assert report.tracking_code in client.get(path(other) + "gabung/", {"dengan": pk(report)}).content.decode()


def test_the_page_of_an_undo_says_what_is_undone(client: Client, people: People) -> None:
    kept, other = contact(filed("lampu")), contact(filed("lain", email="budi@contoh.id"))
    address = Address.objects.get(contact=other)
    deed = ContactDeed(verb="joined", address=address, at=timezone.now())
    verbs.join(kept, other, addresses=[address], reports=[], deed=deed)
    client.force_login(people.kun)
    page = client.get(f"{path(kept)}pisah/{deed.pk}/").content.decode()
    assert "b•••@contoh.id disatukan dengan kode" in page
    assert "digabung ke sini" not in page


# Wishes ------------------------------------------------------------------------------------------------------------


def test_a_wish_heard_by_phone_is_recorded_and_lifted_only_with_the_persons_words(
    client: Client, people: People, look: Callable[..., str]
) -> None:
    report = filed("lampu", phone=PHONE)
    place, addresses = path(report) + "pesan/", Address.objects.order_by("pk")
    client.force_login(people.kun)
    assert client.post(place, {"alamat": "semua", "words": "Jangan kirim lagi"}).status_code == 400
    said = {"heard": "telepon", "words": "Jangan kirim lagi, Pak."}
    client.post(place, {**said, "alamat": "semua"})
    assert set(addresses.values_list("state", flat=True)) == {"opted_out"}
    assert ContactDeed.objects.filter(verb="silenced", user=people.kun).count() == 2
    assert "Disampaikan lewat telepon: Jangan kirim lagi, Pak." in look(people.kun, report)
    mail_address = addresses.get(medium="email")
    assert client.post(place, {"lagi": mail_address.pk, "heard": "telepon"}).status_code == 400
    client.post(place, {"lagi": mail_address.pk, "heard": "telepon", "words": "Sekarang boleh."})
    assert dict(addresses.values_list("medium", "state")) == {"email": "ok", "phone": "opted_out"}
    lifted = ContactDeed.objects.get(verb="unsilenced")
    assert (lifted.address, lifted.reason) == (mail_address, "Disampaikan lewat telepon: Sekarang boleh.")
    for wrong in ("999999", "x", ""):
        assert client.post(place, {**said, "alamat": wrong}).status_code == 404
    client.force_login(people.ida)
    assert client.post(place, {**said, "alamat": "semua"}).status_code == 403


def test_the_language_somebody_asked_for_is_recorded_and_kept_to(
    client: Client, people: People, look: Callable[..., str]
) -> None:
    report = filed("lampu", phone=PHONE)
    place, said = path(report) + "pesan/", {"heard": "telepon", "words": "Kulo pilih boso Jowo."}
    client.force_login(people.kun)
    assert client.post(place, {"bahasa": "jv"}).status_code == 400, "nobody wishes it for them"
    assert client.post(place, {**said, "bahasa": "su"}).status_code == 400
    for _twice in range(2):
        assert client.post(place, {**said, "bahasa": "jv"}).status_code == 302
    assert set(Address.objects.values_list("language", flat=True)) == {"jv"}
    assert ContactDeed.objects.filter(verb="language", user=people.kun).count() == 2, "one line for each address"
    page = look(people.kun, report)
    assert "Minta bahasa lain" in page
    assert "bahasa Jawa. Disampaikan lewat telepon: Kulo pilih boso Jowo." in page
    client.force_login(people.ida)
    assert client.post(place, {**said, "bahasa": "id"}).status_code == 403


def test_what_was_written_on_the_private_page_stands_in_the_line_of_time_once(
    client: Client, people: People, look: Callable[..., str], sari_writes: Write
) -> None:
    sari_writes("Jalan di tikungan dekat jembatan berlubang dalam. Desa Jono, Kec. Temayang.")
    report = Report.objects.get()
    sari_writes("Tadi pagi ada yang jatuh.")
    place = reverse("reports:private_reply", args=[report.tracking_code, private_link_token(report)])
    assert client.post(place, {"text": "Saya di 081234567890, lubangnya makin besar."}).status_code == 303
    page = look(people.kun, report)
    assert page.count("Menulis di halaman pribadinya") == 1
    assert "Saya di [nomor HP disembunyikan], lubangnya makin besar." in page
    assert page.count("Tadi pagi ada yang jatuh.") == 1, "what was said in the chat is a message"
    look(people.dewi, report, status=404)
