"""One word to everybody concerned by an issue: each once, on their own medium, and on every report's page."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from kanal.agencies.models import Agency
from kanal.agencies.queries import actor_of, forget
from kanal.channels.actions import add_address, opt_out
from kanal.channels.models import Address, Contact, Inbound, Medium, Outbound
from kanal.common.refusal import Refused
from kanal.issues import actions, policy, queries
from kanal.issues.actions import Words
from kanal.issues.actions.spreading import spread
from kanal.issues.bulletin_words import preview
from kanal.issues.contributions import Chapter
from kanal.issues.models import Bulletin, BulletinEvent, BulletinRecipient, Issue, IssueEvent
from kanal.issues.queries.concerned import concerned
from kanal.issues.queries.story import story
from kanal.issues.workflow import BulletinKind, BulletinStatus, LeftOut, Status
from kanal.reports.actions import archive
from kanal.reports.actions.notices import private_link
from kanal.reports.models import Report, ReportEvent
from kanal.reports.queries.public_case import find_public, public_case
from tests.support import sms, whatsapp
from tests.support.concerned import ANSWER, citizen, drafted, follows, issue_of, messages, reported, seal, send
from tests.support.issues import tell
from tests.support.people import People


@pytest.fixture
def heni(people: People) -> policy.Doer:
    return policy.person(actor_of(people.heni))


@pytest.fixture
def oki(people: People) -> policy.Doer:
    return policy.person(actor_of(people.oki))


# Whom it reaches ------------------------------------------------------------------------------------------------------


def test_everybody_gets_it_once_however_many_reports_they_have(people: People, heni: policy.Doer) -> None:
    sari, budi, tetangga = (citizen(number) for number in range(3))
    first, second, other = reported(sari, 1), reported(sari, 2), reported(budi, 3)
    for report in (first, other):
        follows(tetangga, report)
    follows(budi, first)
    bulletin = drafted(people, issue_of(people, first, second, other))
    send(bulletin, heni)
    assert bulletin.status == BulletinStatus.SENT
    told = messages()
    assert set(told) == {sari.handle, budi.handle, tetangga.handle}
    assert Outbound.objects.filter(purpose="bulletin").count() == 3
    assert all(ANSWER in body for body in told.values())
    assert first.tracking_code in told[sari.handle]
    assert second.tracking_code in told[sari.handle]
    assert second.tracking_code not in told[budi.handle]


def test_a_reporter_gets_the_private_link_and_a_follower_the_public_one_with_a_way_to_stop(
    people: People, heni: policy.Doer
) -> None:
    sari, tetangga = citizen(1), citizen(2)
    report = reported(sari, 1)
    follows(tetangga, report)
    send(drafted(people, issue_of(people, report)), heni)
    told = messages()
    assert private_link(report) in told[sari.handle]
    assert private_link(report) not in told[tetangga.handle]
    assert report.tracking_code in told[tetangga.handle]
    assert "Tidak ingin dikabari lagi" in told[tetangga.handle]
    assert "Tidak ingin dikabari lagi" not in told[sari.handle]


def test_who_cannot_be_reached_is_listed_with_the_reason_and_reads_it_on_the_page(
    people: People, heni: policy.Doer
) -> None:
    stopped, reached, caller = citizen(1), citizen(2), citizen(3, Medium.PHONE)
    opt_out(stopped)
    silent = Contact.objects.create()
    gone = Contact.objects.create(anonymised_at=timezone.now())
    reports = [reported(stopped, 1), reported(reached, 2), reported(caller, 3)]
    for number, contact in enumerate((silent, gone, None), start=4):
        reports += tell(1, first=number, contact=contact, published=True)
    bulletin = drafted(people, issue_of(people, *reports))
    told = concerned(bulletin)
    assert [one.contact_id for one in told.people] == [reached.contact_id]
    assert told.missed == {
        stopped.contact_id: LeftOut.OPTED_OUT,
        caller.contact_id: LeftOut.NO_ADDRESS,
        silent.pk: LeftOut.NO_ADDRESS,
        gone.pk: LeftOut.DELETED,
    }
    assert told.nameless == 1
    send(bulletin, heni)
    assert set(messages()) == {reached.handle}
    assert ReportEvent.objects.filter(verb="told", public=True).count() == 6


def test_each_is_told_on_the_medium_on_which_they_wrote(people: People, heni: policy.Doer, settings: Settings) -> None:
    settings.SMS = {**settings.SMS, "gammu_database": "", **sms.settings_for("http://127.0.0.1:9")}
    phone = citizen(1, Medium.SMS)
    mail = add_address(contact=phone.contact, medium=Medium.EMAIL, handle="sari@contoh.id")
    by_sms = reported(phone, 1, medium=Medium.SMS)
    follows(mail, by_sms, reporter=True)
    send(drafted(people, issue_of(people, by_sms)), heni)
    assert set(messages()) == {phone.handle}


def test_secret_and_archived_reports_hear_nothing_and_get_no_public_line(people: People, heni: policy.Doer) -> None:
    hidden, away, leaving = citizen(1), citizen(2), citizen(3)
    reports = [reported(hidden, 1), reported(away, 2), reported(leaving, 3)]
    issue = issue_of(people, *reports)
    Report.objects.filter(pk=reports[0].pk).update(secret=True, published=False)
    archive(report=reports[1], by=people.doing(people.kun), reason="spam")
    bulletin = drafted(people, issue)
    actions.send_bulletin(bulletin=bulletin, seen=seal(bulletin), by=heni)
    Report.objects.filter(pk=reports[2].pk).update(secret=True, published=False)
    while spread(lambda: True):
        pass
    assert messages() == {}
    assert not ReportEvent.objects.filter(verb="told").exists()
    row = BulletinRecipient.objects.get(bulletin=bulletin)
    assert (row.contact_id, row.why) == (leaving.contact_id, LeftOut.GONE)


# One look, one click --------------------------------------------------------------------------------------------------


def test_nobody_lets_out_their_own_words(people: People, road: Issue, heni: policy.Doer) -> None:
    own = actions.draft_bulletin(issue=road, agency=people.roads, words=Words(BulletinKind.WORK, "Selesai."), by=heni)
    with pytest.raises(Refused, match="Anda tulis sendiri"):
        actions.send_bulletin(bulletin=own, seen=seal(own), by=heni)
    kun = policy.person(actor_of(people.kun))
    actions.write_bulletin(bulletin=own, words=Words(BulletinKind.WORK, "Sudah selesai."), by=kun)
    actions.send_bulletin(bulletin=own, seen=seal(own), by=heni)
    assert own.status == BulletinStatus.SENDING


def test_an_agency_without_a_second_pair_of_eyes_needs_none(people: People, road: Issue, heni: policy.Doer) -> None:
    Agency.objects.filter(pk=people.roads.pk).update(two_eyes=False)
    forget()
    own = actions.draft_bulletin(issue=road, agency=people.roads, words=Words(BulletinKind.WORK, "Selesai."), by=heni)
    actions.send_bulletin(bulletin=own, seen=seal(own), by=heni)
    assert own.status == BulletinStatus.SENDING


def test_a_preview_that_no_longer_holds_is_shown_again(
    people: People, road: Issue, bulletin: Bulletin, heni: policy.Doer
) -> None:
    seen = seal(bulletin)
    late = reported(citizen(3), 3)
    actions.add_reports(issue=road, reports=[late], by=policy.person(actor_of(people.kun)))
    with pytest.raises(Refused, match="1 laporan masuk") as refused:
        actions.send_bulletin(bulletin=bulletin, seen=seen, by=heni)
    assert refused.value.code == "changed"
    assert not bulletin.recipients.exists()
    for wrong in ("", "x", "x:y:z", seen.replace(":", ";")):
        with pytest.raises(Refused, match="pratinjau"):
            actions.send_bulletin(bulletin=bulletin, seen=wrong, by=heni)
    actions.send_bulletin(bulletin=bulletin, seen=seal(bulletin), by=heni)
    assert bulletin.recipients.count() == 3


def test_a_second_click_sends_nothing_twice(bulletin: Bulletin, heni: policy.Doer) -> None:
    seen, version = seal(bulletin), bulletin.version
    actions.send_bulletin(bulletin=bulletin, seen=seen, by=heni, version=version)
    with pytest.raises(Refused) as refused:
        actions.send_bulletin(bulletin=bulletin, seen=seen, by=heni, version=version)
    assert refused.value.code == "repeated"
    assert BulletinRecipient.objects.count() == 2


def test_the_text_is_masked_and_must_be_whole(people: People, road: Issue, oki: policy.Doer) -> None:
    told = drafted(people, road, text="Hubungi Pak Budi 081234567890 untuk tambalan.")
    assert "081234567890" not in told.text
    for text, said in (("", "Tulis dulu"), ("   ", "Tulis dulu"), ("x" * 1501, "Paling panjang")):
        with pytest.raises(Refused, match=said):
            drafted(people, road, text=text)
    gap = drafted(people, road, text="Selesai pada {tanggal}.")
    with pytest.raises(Refused, match="belum diisi"):
        actions.submit_bulletin(bulletin=gap, by=oki)


def test_asking_for_it_writes_to_those_who_may_send_it(people: People, bulletin: Bulletin, oki: policy.Doer) -> None:
    actions.submit_bulletin(bulletin=bulletin, by=oki)
    asked = Outbound.objects.filter(purpose="bulletin_asked")
    assert set(asked.values_list("to_staff", flat=True)) == {people.heni.email, people.kun.email}


def test_a_candidate_is_told_to_nobody(people: People) -> None:
    issue = actions.found(
        said=actions.Said(title="Calon", agency=people.roads), reports=[reported(citizen(1), 1)], by=policy.MACHINE
    )
    with pytest.raises(Refused, match="sekarang"):
        drafted(people, issue)


def test_an_issue_without_a_lead_agency_has_nobody_to_speak(people: People, road: Issue, oki: policy.Doer) -> None:
    with pytest.raises(Refused, match="dinas utama"):
        actions.draft_bulletin(issue=road, agency=None, words=Words(BulletinKind.ANSWER, ANSWER), by=oki)


# How it arrives -------------------------------------------------------------------------------------------------------


def test_the_preview_says_how_many_sms_it_makes_and_covers_codes_and_links(people: People, settings: Settings) -> None:
    settings.SMS = {**settings.SMS, "gammu_database": "", **sms.settings_for("http://127.0.0.1:9")}
    report = reported(citizen(1, Medium.SMS), 1, medium=Medium.SMS)
    bulletin = drafted(people, issue_of(people, report))
    (channel,) = preview(bulletin, concerned(bulletin))
    assert channel.medium == Medium.SMS
    assert "Sebagai SMS" in channel.measured
    assert ANSWER in channel.text
    assert report.tracking_code not in channel.text
    assert private_link(report).rsplit("/", 2)[-2] not in channel.text
    assert channel.samples == ["•••001"]


def heard(address: Address, hours: int) -> None:
    at = timezone.now() - timedelta(hours=hours)
    Inbound.objects.create(medium=address.medium, external_id=f"{address.pk}", received_at=at, address=address)


def test_whatsapp_takes_free_words_for_a_day_and_a_template_afterwards(people: People, settings: Settings) -> None:
    settings.WHATSAPP = whatsapp.settings_for("http://127.0.0.1:9", "bulletin=kabar:id")
    awake, asleep = citizen(1, Medium.WHATSAPP), citizen(2, Medium.WHATSAPP)
    heard(awake, 2)
    heard(asleep, 30)
    bulletin = drafted(people, issue_of(people, reported(awake, 1), reported(asleep, 2)))
    free, boxed = sorted(preview(bulletin, concerned(bulletin)), key=lambda one: bool(one.remark))
    assert (free.remark, free.number, boxed.number) == ("", 1, 1)
    assert "templat “kabar”" in boxed.remark
    assert "\n" in free.text
    assert "\n" not in boxed.text
    settings.WHATSAPP = whatsapp.settings_for("http://127.0.0.1:9")
    assert concerned(bulletin).missed == {asleep.contact_id: LeftOut.CLOSED}


def test_a_letter_has_a_subject(people: People, bulletin: Bulletin) -> None:
    (channel,) = preview(bulletin, concerned(bulletin))
    assert channel.subject == f"Jawaban {people.roads.name} tentang “Jalan berlubang di Jono”"
    assert channel.number == 2


def test_who_chose_english_gets_the_frame_in_english(people: People, heni: policy.Doer) -> None:
    address = citizen(1)
    Address.objects.filter(pk=address.pk).update(language="en")
    send(drafted(people, issue_of(people, reported(address, 1))), heni)
    assert "Report code" in messages()[address.handle]


# Written back ---------------------------------------------------------------------------------------------------------


def test_it_stands_on_the_public_page_of_each_report_and_in_the_history_of_the_issue(
    people: People, road: Issue, bulletin: Bulletin, heni: policy.Doer
) -> None:
    send(bulletin, heni)
    for code in queries.evidence(road).values_list("tracking_code", flat=True):
        (step,) = (one for one in public_case(find_public(code)).steps if ANSWER in one.note)
        assert step.title == f"Jawaban {people.roads.name} tentang “Jalan berlubang di Jono”"
    event = IssueEvent.objects.get(issue=road, verb="tell")
    assert event.public
    assert event.data == {"bulletin": bulletin.pk, "kind": "answer", "wave": 1}
    assert list(queries.bulletins_in([road.pk])) == [bulletin]
    (told,) = (entry for entry in story(road) if entry.chapter is Chapter.TOLD)
    assert (told.note, told.at) == (ANSWER, bulletin.sent_at)


def test_a_draft_is_no_bulletin_for_everybody(road: Issue, bulletin: Bulletin, oki: policy.Doer) -> None:
    assert not queries.bulletins_in([road.pk]).exists()
    assert all(entry.chapter is not Chapter.TOLD for entry in story(road))
    actions.withdraw_bulletin(bulletin=bulletin, by=oki)
    assert not queries.bulletins_in([road.pk]).exists()


# Those who join later -------------------------------------------------------------------------------------------------


def test_those_who_join_later_are_told_alone(
    people: People, road: Issue, bulletin: Bulletin, heni: policy.Doer
) -> None:
    send(bulletin, heni)
    with pytest.raises(Refused, match="semuanya sudah"):
        actions.extend_bulletin(bulletin=bulletin, seen=seal(bulletin), by=heni)
    before = set(messages())
    newcomer, known = citizen(3), BulletinRecipient.objects.order_by("pk")[0].address
    assert known
    late = [reported(newcomer, 3), reported(known, 4)]
    actions.add_reports(issue=road, reports=late, by=policy.person(actor_of(people.kun)))
    actions.extend_bulletin(bulletin=bulletin, seen=seal(bulletin), by=heni)
    while spread(lambda: True):
        pass
    bulletin.refresh_from_db()
    assert (bulletin.status, bulletin.wave) == (BulletinStatus.SENT, 2)
    assert set(messages()) - before == {newcomer.handle}
    assert ReportEvent.objects.filter(verb="told").count() == 4


# What the database holds ----------------------------------------------------------------------------------------------


def test_the_database_knows_everybody_once_and_keeps_the_history(bulletin: Bulletin, heni: policy.Doer) -> None:
    send(bulletin, heni)
    known = BulletinRecipient.objects.order_by("pk")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        BulletinRecipient.objects.create(bulletin=bulletin, contact_id=known.contact_id)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BulletinEvent.objects.update(verb="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(sender=None)
    assert bulletin.issue.status == Status.CONFIRMED
