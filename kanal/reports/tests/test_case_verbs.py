"""Doing things on the case page: what one person does, what two do at once, and what happens to typed words."""

import re
from contextlib import suppress

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kanal.agencies.models import User
from kanal.channels.actions import address_for
from kanal.channels.models import Address
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.models import Answer, Report, ReportTask
from kanal.reports.queries import report_reference
from kanal.reports.queries.routing import propose_for
from kanal.reports.queries.search import matching
from kanal.reports.workflow import Kind, Status
from tests.support.people import People


def post(client: Client, user: User, report: Report, verb: str, **data: object) -> tuple[int, str]:
    """Press a button on the page as it stands now; returns the status and what the next page says."""
    client.force_login(user)
    fields = {"version": report.version, **data}
    answer = client.post(f"/meja/l/{report.tracking_code}/{verb}/", fields, follow=True)
    report.refresh_from_db()
    return answer.status_code, answer.content.decode()


@pytest.fixture
def case(people: People, sari_reports: Report) -> Report:
    """Sari's report, on Oki's desk and begun."""
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    return actions.start(report=sari_reports, by=people.doing(people.oki))


def test_the_coordinator_hands_the_report_to_the_proposed_agency(
    client: Client, people: People, sari_reports: Report
) -> None:
    status, page = post(client, people.kun, sari_reports, "assign", to="lain", other=people.roads.pk, note="Segera")
    assert status == 200
    assert "diteruskan ke" in page
    assert sari_reports.agency == people.roads
    event = sari_reports.events.get(verb="assign")
    assert (event.note, event.data["why"]) == ("Segera", "Dipilih koordinator")


def test_the_rule_that_chose_is_remembered(client: Client, people: People, regency: object) -> None:
    report = actions.file_report(actions.Filing(body="Ada kabel putus di depan balai desa.", submission="k"))
    bpbd = next(r.agency_id for r in report_reference().rules if r.order == 80)
    post(client, people.kun, report, "assign", to=bpbd)
    assert report.events.get(verb="assign").data["why"] == "Aturan 80: kata “kabel putus”"


def test_a_choice_in_the_list_counts_without_its_button(client: Client, people: People, sari_reports: Report) -> None:
    assert "Pilih dinas yang menerima laporan ini." in post(client, people.kun, sari_reports, "assign")[1]
    post(client, people.kun, sari_reports, "assign", other=people.roads.pk)
    assert sari_reports.agency == people.roads


def test_handing_on_sorts_the_report(client: Client, people: People, sari_reports: Report) -> None:
    category = next(c for c in report_reference().categories.values() if c.active and c.parent_id)
    post(client, people.kun, sari_reports, "assign", to="lain", other=people.roads.pk, category=category.id)
    assert sari_reports.category_id == category.id
    assert sari_reports.events.get(verb="assign").data["category"] == {"before": None, "after": category.id}
    assert matching(Report.objects.all(), category.name).contains(sari_reports)
    actions.assign(report=sari_reports, agency=people.transport, by=people.doing(people.kun))
    assert sari_reports.category_id == category.id
    assert "category" not in sari_reports.events.filter(verb="assign").latest("id").data


def test_a_guess_brings_its_category_along(client: Client, people: People, regency: object) -> None:
    report = actions.file_report(actions.Filing(body="Di gang kami belum ada lampu sama sekali.", submission="g"))
    guess = next(p for p in propose_for(report) if p.category_id)
    client.force_login(people.kun)
    page = client.get(f"/meja/l/{report.tracking_code}/").content.decode()
    assert f'<option value="{guess.category_id}" selected>' in page
    assert f'value="{guess.agency_id}" id="assign_to_0" data-category="{guess.category_id}"' in page


@pytest.mark.parametrize(
    ("filing", "said"),
    [
        ({"email": "sari@contoh.id"}, "Pelapor dikabari lewat e-mail."),
        ({"phone": "+6281234567890"}, "Belum ada e-mail: pelapor melihatnya lewat tautan pribadinya."),
        ({"medium": "visit"}, "Belum ada e-mail: pelapor hanya bisa melacak dengan kodenya."),
        ({"medium": "lapor"}, "Pelapornya di SP4N-LAPOR! dan tidak dikabari dari sini."),
    ],
)
def test_the_desk_is_told_whether_the_reporter_hears_of_it(
    client: Client, people: People, filing: dict[str, str], said: str
) -> None:
    report = actions.file_report(actions.Filing(body="Lampu padam di jalan desa", submission="t", **filing))  # type: ignore[arg-type]  # texts only
    for verb, fields in (("assign", {"other": people.roads.pk}), ("start", {}), ("ask_info", {"question": "Di mana?"})):
        assert said in post(client, people.kun, report, verb, **fields)[1]


@pytest.mark.parametrize(
    ("medium", "said"),
    [
        ("whatsapp", "Pelapor dikabari lewat WhatsApp."),
        ("sms", "Pelapor dikabari lewat SMS."),
        ("x", "Belum ada e-mail: pelapor hanya bisa melacak dengan kodenya."),  # others read it there
    ],
)
def test_the_desk_is_told_on_which_medium_the_reporter_hears_of_it(
    client: Client, people: People, medium: str, said: str
) -> None:
    address = address_for(medium=medium, handle="+6281234567890")
    filing = actions.Filing(body="Lampu padam di jalan desa", submission="t", medium=medium, address=address)
    report = actions.file_report(filing)
    assert said in post(client, people.kun, report, "assign", other=people.roads.pk)[1]


def test_an_address_that_refuses_mail_is_no_way_to_tell(client: Client, people: People, sari_reports: Report) -> None:
    Address.objects.update(state=Address.State.BOUNCED)
    assert "Belum ada e-mail" in post(client, people.kun, sari_reports, "assign", other=people.roads.pk)[1]


def test_the_answer_is_open_where_it_is_written_and_folded_for_the_coordinator(
    client: Client, people: People, case: Report
) -> None:
    pages = {}
    for user in (people.oki, people.kun):
        client.force_login(user)
        pages[user.pk] = client.get(f"/meja/l/{case.tracking_code}/").content.decode()
    assert "Simpan draf" in pages[people.oki.pk]
    assert "Simpan draf" not in pages[people.kun.pk]
    assert "Ajukan ke atasan" not in pages[people.kun.pk]
    assert f"Jawaban ditulis {people.roads.name}." in pages[people.kun.pk]
    asked = client.get(f"/meja/l/{case.tracking_code}/?aksi=draft_answer").content.decode()
    assert "Simpan draf" in asked


def test_nobody_is_chosen_by_accident(client: Client, people: People, sari_reports: Report) -> None:
    status, page = post(client, people.kun, sari_reports, "assign", to="lain", note="Catatan yang panjang")
    assert status == 400
    assert "Pilih dinas yang dituju." in page
    assert "Catatan yang panjang" in page
    assert sari_reports.status == Status.RECEIVED


def test_the_second_of_two_officers_sees_what_happened_and_keeps_their_words(
    client: Client, people: People, case: Report
) -> None:
    seen = case.version
    actions.note(report=case, by=people.doing(people.heni), text="Tunggu surat")
    status, page = post(client, people.oki, case, "ask_info", version=seen, question="Di sebelah mana tepatnya?")
    assert status == 409
    assert "baru saja diubah orang lain" in page
    assert "Di sebelah mana tepatnya?" in page
    assert "Tunggu surat" in page
    assert case.status == Status.IN_PROGRESS
    status, _page = post(client, people.oki, case, "ask_info", question="Di sebelah mana tepatnya?")
    assert (status, case.status) == (200, Status.NEEDS_INFO)


def test_words_survive_when_the_report_has_gone_on_without_them(client: Client, people: People, case: Report) -> None:
    actions.draft_answer(report=case, by=people.doing(people.oki), text="Sudah ditambal")
    actions.submit_answer(report=case, by=people.doing(people.oki))
    actions.approve_answer(report=case, by=people.doing(people.heni))
    actions.publish_answer(report=case, by=people.doing(people.oki))
    status, page = post(client, people.oki, case, "ask_info", question="Kapan terjadinya?")
    assert status == 409
    assert "Kapan terjadinya?" in page


@pytest.mark.parametrize(
    ("verb", "data"),
    [("note", {"text": "Sudah dicek"}), ("flag_rapid", {"reason": "Banyak jatuh"}), ("take", {})],
)
def test_a_double_click_is_done_once_and_not_scolded(
    client: Client, people: People, case: Report, verb: str, data: dict[str, str]
) -> None:
    seen = case.version
    post(client, people.heni, case, verb, version=seen, **data)
    status, page = post(client, people.heni, case, verb, version=seen, **data)
    assert status == 200
    assert "Sudah dilakukan." in page
    assert case.events.filter(verb=verb).count() == 1


def test_a_double_click_on_send_to_the_head_is_one_submission(client: Client, people: People, case: Report) -> None:
    seen, data = case.version, {"text": "Ditambal Jumat, 27 November.", "then": "submit"}
    post(client, people.oki, case, "draft_answer", version=seen, **data)
    status, page = post(client, people.oki, case, "draft_answer", version=seen, **data)
    assert (status, "Sudah dilakukan." in page) == (200, True)
    assert case.events.filter(verb="submit_answer").count() == 1
    assert case.answers.get().state == Answer.State.SUBMITTED


def test_an_unfilled_gap_is_named_and_the_draft_is_kept(client: Client, people: People, case: Report) -> None:
    status, page = post(client, people.oki, case, "draft_answer", text="Dikeruk pada {tanggal}.", then="submit")
    assert status == 400
    assert "{tanggal} belum diisi" in page
    assert "Dikeruk pada {tanggal}." in page
    assert (case.answers.get().state, case.answers.get().text) == (Answer.State.DRAFT, "Dikeruk pada {tanggal}.")


def test_the_promised_day_fills_the_gap(client: Client, people: People, case: Report) -> None:
    post(client, people.oki, case, "draft_answer", text="Dikeruk pada {tanggal}.", promised_on="2099-11-27")
    assert case.answers.get().text == "Dikeruk pada Jumat, 27 November 2099."


def test_a_standard_answer_is_put_below_what_was_typed_without_script(
    client: Client, people: People, case: Report
) -> None:
    canned = next(c for c in report_reference().canned if c.category_id is None)
    _status, page = post(client, people.oki, case, "draft_answer", text="Terima kasih.", canned=canned.id, insert="1")
    assert "Terima kasih." in page
    assert f"laporan {case.tracking_code} sudah sampai di {people.roads.name}" in page
    assert "Jono, Kec. Temayang" in page
    assert "paling lambat {tanggal}" in page
    assert not case.answers.exists()


def test_nobody_approves_their_own_answer(client: Client, people: People, case: Report) -> None:
    post(client, people.heni, case, "draft_answer", text="Sudah ditambal", then="submit")
    status, page = post(client, people.heni, case, "approve_answer")
    assert status == 403
    assert "harus disetujui orang lain" in page


def test_the_head_sends_an_answer_back_with_a_reason(client: Client, people: People, case: Report) -> None:
    post(client, people.oki, case, "draft_answer", text="Sudah", then="submit")
    status, page = post(client, people.heni, case, "send_back_answer", note="")
    assert (status, "Tulis apa yang perlu diperbaiki." in page) == (400, True)
    post(client, people.heni, case, "send_back_answer", note="Sebutkan harinya")
    assert case.answers.get().state == Answer.State.DRAFT
    assert case.events.latest("id").note == "Sebutkan harinya"


def test_a_returned_report_leaves_the_desk_with_a_word(client: Client, people: People, case: Report) -> None:
    status, page = post(client, people.oki, case, "return_", reason="province")
    assert status == 200
    assert "dikembalikan ke koordinator" in page
    assert case.agency is None


def test_merging_asks_for_a_report_one_may_see(client: Client, people: People, case: Report) -> None:
    status, page = post(client, people.kun, case, "merge", into="BJN-9999-9999")
    assert (status, "Kode itu tidak ditemukan." in page) == (400, True)
    main = actions.file_report(actions.Filing(body="Lubang besar di tikungan Jono", submission="main"))
    post(client, people.kun, case, "merge", into=main.tracking_code.lower().replace("-", " "))
    assert case.merged_into == main


def test_crosswise_mergers_take_hold_of_both_reports_in_the_same_order(people: People, case: Report) -> None:
    other = actions.file_report(actions.Filing(body="Lubang besar di tikungan Jono", submission="main"))
    for one, main in ((case, other), (other, case)):
        with CaptureQueriesContext(connection) as queries, suppress(Refused):
            actions.merge(report=one, into=main, by=people.doing(people.kun))
        first = next(query["sql"] for query in queries if "reports_report" in query["sql"])
        assert {str(case.pk), str(other.pk)} <= set(re.findall(r"\d+", first))
        assert "ORDER BY" in first
        assert ("FOR UPDATE" in first) is (connection.vendor == "postgresql")


def test_a_whistle_cannot_be_found_by_merging(client: Client, people: People, case: Report) -> None:
    secret = actions.file_report(
        actions.Filing(body="Kepala bagian meminta uang", submission="w", kind=Kind.WHISTLEBLOWING)
    )
    _status, missing = post(client, people.kun, case, "merge", into="BJN-9999-9999")
    status, page = post(client, people.kun, case, "merge", into=secret.tracking_code)
    assert status == 400
    assert "Kode itu tidak ditemukan." in page
    assert "Kode itu tidak ditemukan." in missing


def test_a_point_goes_to_a_colleague_who_answers_and_it_is_accepted(
    client: Client, people: People, case: Report
) -> None:
    post(client, people.oki, case, "split", agency=people.transport.pk, instruction="Pasang rambu")
    task = ReportTask.objects.get()
    client.force_login(people.dewi)
    address = f"/meja/l/{case.tracking_code}/tugas/{task.pk}/"
    assert client.post(address, {"text": ""}).status_code == 400
    client.post(address, {"text": "Rambu terpasang"})
    assert client.post(address, {"close": "accept"}).status_code in {403, 404}
    client.force_login(people.oki)
    client.post(address, {"close": "accept"})
    task.refresh_from_db()
    assert (task.state, task.answer) == (ReportTask.State.ACCEPTED, "Rambu terpasang")


def test_a_task_needs_exactly_one_doer(client: Client, people: People, case: Report) -> None:
    for doers in ({}, {"agency": people.transport.pk, "partner_name": "PLN"}):
        status, page = post(client, people.oki, case, "split", instruction="Geser tiang", **doers)
        assert status == 400
        assert "Pilih satu" in page
        assert "Geser tiang" in page


def test_a_deed_leads_back_to_the_queue_it_was_done_from_and_never_elsewhere(
    client: Client, people: People, case: Report
) -> None:
    client.force_login(people.oki)
    path = f"/meja/l/{case.tracking_code}/note/"
    assert client.post(path, {"text": "a", "next": "/meja/?q=jalan"}).headers["Location"] == "/meja/?q=jalan"
    elsewhere = client.post(path, {"text": "b", "next": "https://jahat.example/"})
    assert elsewhere.headers["Location"].startswith("/meja/l/")


def test_k_and_j_walk_along_the_list_one_came_from(client: Client, people: People, regency: object) -> None:
    codes = [
        actions.file_report(actions.Filing(body=f"Jalan rusak nomor {n} di sini", submission=str(n))).tracking_code
        for n in range(3)
    ]
    client.force_login(people.kun)
    here = f"/meja/l/{codes[1]}/?dari=urut%3Dterlama&ke="
    assert codes[0] in client.get(f"{here}sebelumnya").headers["Location"]
    assert codes[2] in client.get(f"{here}berikutnya").headers["Location"]
    end = client.get(f"/meja/l/{codes[2]}/?dari=urut%3Dterlama&ke=berikutnya")
    assert end.headers["Location"] == "/meja/?urut=terlama"
    came = client.get(f"/meja/l/{codes[1]}/", headers={"referer": "http://testserver/meja/?urut=terlama"})
    assert "ke=berikutnya&amp;dari=urut%3Dterlama" in came.content.decode()


def test_reading_a_verbs_address_shows_its_form(client: Client, people: People, case: Report) -> None:
    client.force_login(people.oki)
    answer = client.get(f"/meja/l/{case.tracking_code}/ask_info/", follow=True)
    assert "Pertanyaan untuk pelapor" in answer.content.decode()
    assert client.get(f"/meja/l/{case.tracking_code}/tidak_ada/").status_code == 404


def test_the_preview_beside_the_queue_can_assign(client: Client, people: People, sari_reports: Report) -> None:
    client.force_login(people.kun)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/meja/?tampilan=baru"}
    page = client.get(f"/meja/l/{sari_reports.tracking_code}/pratinjau/", headers=headers).content.decode()
    assert "Teruskan ke" in page
    assert 'name="next" value="/meja/?tampilan=baru"' in page
    assert "<html" not in page
