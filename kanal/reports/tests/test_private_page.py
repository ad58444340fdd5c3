"""The private link: everything the reporter can read and do, and nothing that belongs to the office."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kanal.agencies.models import Regency
from kanal.channels.models import Outbound
from kanal.reports import actions
from kanal.reports.models import Feedback, Reason, Report
from kanal.reports.queries import private_link_token, report_reference
from kanal.reports.workflow import Kind, Status
from tests.support.people import People


def _link(report: Report) -> str:
    return f"/lacak/{report.tracking_code}/{private_link_token(report)}/"


def _photo(name: str = "a.jpg", colour: str = "brown") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


@pytest.fixture
def answered(people: People, sari_reports: Report) -> Report:
    kun, oki, heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    actions.assign(report=sari_reports, agency=people.roads, by=kun, note="untuk dinas saja")
    actions.start(report=sari_reports, by=oki)
    actions.note(report=sari_reports, by=oki, text="catatan rahasia dapur")
    actions.draft_answer(report=sari_reports, by=oki, text="Lubang sudah ditambal pada Jumat, 27 November.")
    actions.submit_answer(report=sari_reports, by=oki)
    actions.approve_answer(report=sari_reports, by=heni)
    actions.publish_answer(report=sari_reports, by=oki)
    return sari_reports


def test_the_page_never_leaks(client: Client, sari_reports: Report) -> None:
    answer = client.get(_link(sari_reports))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["x", "A" * 22, "ü", "0"])
def test_a_wrong_link_shows_nothing(client: Client, sari_reports: Report, token: str) -> None:
    answer = client.get(f"/lacak/{sari_reports.tracking_code}/{token}/")
    assert answer.status_code == 404
    assert "berlubang" not in answer.content.decode()


def test_ones_own_words_are_shown_unmasked_with_the_deadlines_and_their_working(
    client: Client, sari_reports: Report
) -> None:
    page = client.get(_link(sari_reports)).content.decode()
    assert "Hubungi 081234567890." in page
    assert "Jono, Kec. Temayang" in page
    assert "Diperiksa dan diteruskan ke dinas" in page
    assert "(3 hari kerja)" in page
    assert "Dihitung mulai hari berikutnya:" in page
    assert "SP4N-LAPOR!" in page


def test_answers_are_read_here_and_internal_notes_are_not(client: Client, answered: Report) -> None:
    page = client.get(_link(answered)).content.decode()
    assert "Lubang sudah ditambal pada Jumat, 27 November." in page
    assert "Dinas Pekerjaan Umum" in page
    for hidden in ("catatan rahasia dapur", "untuk dinas saja", "Oki", "Heni"):
        assert hidden not in page


def test_a_question_is_shown_and_answered(client: Client, people: People, sari_reports: Report) -> None:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    actions.ask_info(report=sari_reports, by=people.doing(people.oki), question="Sebelah mana persisnya?")
    link = _link(sari_reports)
    assert "Sebelah mana persisnya?" in client.get(link).content.decode()
    answer = client.post(link + "tambah/", {"text": "Di depan warung Bu Tini.", "photos": [_photo()]}, follow=True)
    page = answer.content.decode()
    assert "Keterangan Anda sudah kami terima." in page
    assert "Di depan warung Bu Tini." in page
    sari_reports.refresh_from_db()
    assert sari_reports.status == Status.ASSIGNED
    assert sari_reports.attachments.count() == 1


def test_a_question_can_come_before_there_is_an_agency(client: Client, people: People, sari_reports: Report) -> None:
    actions.ask_info(report=sari_reports, by=people.doing(people.kun), question="Di dusun apa?")
    client.post(_link(sari_reports) + "tambah/", {"text": "Dusun Krajan."})
    sari_reports.refresh_from_db()
    assert sari_reports.status == Status.RECEIVED


def test_good_photos_go_along_when_one_is_bad(client: Client, sari_reports: Report) -> None:
    told = {"text": "", "photos": [_photo(), SimpleUploadedFile("suara.mp3", b"ID3", "audio/mpeg")]}
    page = client.post(_link(sari_reports) + "tambah/", told, follow=True).content.decode()
    assert "suara.mp3 bukan foto" in page
    assert sari_reports.attachments.count() == 1


def test_an_empty_reply_is_asked_for_words(client: Client, sari_reports: Report) -> None:
    answer = client.post(_link(sari_reports) + "tambah/", {"text": "  "})
    assert answer.status_code == 400
    assert "Tulis keterangannya atau tambahkan foto." in answer.content.decode()


@pytest.mark.parametrize("size", ["kecil", "besar"])
@pytest.mark.parametrize("secret", [False, True])
def test_ones_own_photos_are_seen_even_when_stored_encrypted(
    client: Client, regency: Regency, size: str, *, secret: bool
) -> None:
    report = actions.file_report(actions.Filing(body="Lampu padam", submission="p", secret=secret))
    client.post(_link(report) + "tambah/", {"photos": [_photo()]})
    attachment = report.attachments.get()
    answer = client.get(f"{_link(report)}foto/{attachment.pk}-{size}.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert client.get(f"{_link(report)}foto/{attachment.pk}-asli.jpg").status_code == 404
    assert client.get(f"{_link(report)}foto/{attachment.pk + 1}-kecil.jpg").status_code == 404


def test_withdrawing_asks_first(client: Client, sari_reports: Report) -> None:
    link = _link(sari_reports)
    assert "Ini tidak bisa dibatalkan." in client.get(link + "cabut/").content.decode()
    sari_reports.refresh_from_db()
    assert sari_reports.status == Status.RECEIVED
    page = client.post(link + "cabut/", {"note": "sudah diperbaiki warga"}, follow=True).content.decode()
    assert "Laporan Anda sudah dicabut." in page
    sari_reports.refresh_from_db()
    assert sari_reports.status == Status.ARCHIVED
    assert client.post(link + "cabut/").status_code == 409


def test_withdrawing_needs_no_reason(client: Client, sari_reports: Report) -> None:
    assert client.post(_link(sari_reports) + "cabut/").status_code == 303


def test_not_done_yet_needs_a_word_why(client: Client, answered: Report) -> None:
    link = _link(answered) + "belum-selesai/"
    assert "Ceritakan apa yang belum beres" in client.post(link, {"note": ""}).content.decode()
    page = client.post(link, {"note": "Tambalannya ambles lagi."}, follow=True).content.decode()
    assert "Anda meminta laporan dibuka lagi" in page
    answered.refresh_from_db()
    assert answered.reopen_asked_at is not None


def test_stars_and_reasons_are_kept_and_can_be_changed(client: Client, answered: Report) -> None:
    link = _link(answered) + "nilai/"
    assert "Masalah saya selesai" in client.get(link).content.decode()
    client.post(link, {"stars": "2", "reasons": ["too_slow"], "comment": "Lama sekali"})
    client.post(link, {"stars": "5", "reasons": ["solved", "fast"]})
    feedback = Feedback.objects.get(report=answered)
    assert (feedback.stars, sorted(feedback.reasons)) == (5, ["fast", "solved"])
    answered.refresh_from_db()
    assert answered.status == Status.CLOSED


@pytest.mark.parametrize("stars", ["", "0", "6", "lima"])
def test_anything_but_one_to_five_stars_is_asked_again(client: Client, answered: Report, stars: str) -> None:
    answer = client.post(_link(answered) + "nilai/", {"stars": stars})
    assert answer.status_code == 400
    assert "Pilih satu sampai lima bintang." in answer.content.decode()


def test_what_is_not_possible_now_says_so(client: Client, sari_reports: Report) -> None:
    answer = client.get(_link(sari_reports) + "nilai/")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "sekarang “Belum ditindaklanjuti”" in page
    assert "Belum diteruskan" not in page  # the desk's word
    assert f'href="{_link(sari_reports)}"' in page
    assert answer["Cache-Control"] == "private, no-store"


def test_whistle_blowing_refuses_in_its_own_words(client: Client, regency: Regency) -> None:
    report = actions.file_report(actions.Filing(body="Minta uang", submission="w", kind=Kind.WHISTLEBLOWING))
    assert "sekarang “Diterima Inspektorat”" in client.get(_link(report) + "nilai/").content.decode()


def test_a_contact_can_be_left_later_and_gets_the_receipt(client: Client, regency: Regency) -> None:
    report = actions.file_report(actions.Filing(body="Lampu padam di jalan", submission="c"))
    link = _link(report)
    assert "Ingin dikabari?" in client.get(link).content.decode()
    assert "salah satu cukup" in client.post(link + "kontak/", {"phone": ""}).content.decode()
    client.post(link + "kontak/", {"email": "Budi@Contoh.id", "phone": "081234567890", "name": "Budi"})
    report.refresh_from_db()
    assert report.contact is not None
    assert report.contact.name == "Budi"
    assert report.followers.filter(reporter=True).count() == 2
    assert Outbound.objects.filter(purpose="receipt", reference=report.tracking_code).count() == 1
    assert "Ingin dikabari?" not in client.get(link).content.decode()


def test_a_phone_number_alone_promises_no_notices(client: Client, regency: Regency) -> None:
    report = actions.file_report(actions.Filing(body="Lampu padam di jalan", submission="p", phone="+6281234567890"))
    page = client.get(_link(report)).content.decode()
    assert "Tanpa e-mail, tautan itu satu-satunya jalan Anda membaca jawabannya." in page
    assert "Ingin dikabari?" in page
    assert "kabar dikirim lewat e-mail" in page
    told = client.post(_link(report) + "kontak/", {"phone": "081298765432"}, follow=True).content.decode()
    assert "Kabar hanya lewat e-mail" in told
    told = client.post(_link(report) + "kontak/", {"email": "budi@contoh.id"}, follow=True).content.decode()
    assert "Mulai sekarang kabar dikirim lewat e-mail." in told
    assert "Ingin dikabari?" not in told


def test_a_button_pressed_twice_says_it_once(client: Client, answered: Report) -> None:
    Outbound.objects.all().delete()
    for verb, words in (("tambah", {"text": "Lubangnya masih ada."}), ("belum-selesai", {"note": "Masih berlubang."})):
        for _press in range(3):
            assert client.post(f"{_link(answered)}{verb}/", words).status_code == 303
    verbs = list(answered.events.values_list("verb", flat=True))
    assert (verbs.count("reply"), verbs.count("ask_reopen")) == (1, 1)
    assert Outbound.objects.filter(purpose="reopen_asked").count() == 1


def test_another_photo_without_words_is_not_the_same_again(client: Client, answered: Report) -> None:
    for colour in ("brown", "teal", "teal"):
        client.post(f"{_link(answered)}tambah/", {"photos": _photo(colour=colour)})
    assert answered.attachments.count() == 2
    assert answered.events.filter(verb="reply").count() == 2


def test_an_address_left_late_is_told_what_is_still_true(client: Client, answered: Report) -> None:
    client.post(_link(answered) + "kontak/", {"email": "lain@contoh.id"})
    late = Outbound.objects.filter(purpose="receipt").latest("pk")
    assert "Mulai sekarang kabar tentang laporan Anda dikirim ke alamat ini." in late.body
    assert "paling lambat" not in late.body


def test_why_a_report_was_put_away_is_read_here_too(client: Client, people: People, sari_reports: Report) -> None:
    reason = next(r for r in report_reference().reasons_for(Reason.Use.ARCHIVE) if r.sentence)
    actions.archive(report=sari_reports, by=people.doing(people.kun), reason=reason.code, note="hanya petugas")
    page = client.get(_link(sari_reports)).content.decode()
    assert reason.sentence in page
    assert "hanya petugas" not in page


def test_whistle_blowing_has_a_page_of_its_own_words(client: Client, regency: Regency) -> None:
    report = actions.file_report(
        actions.Filing(body="Kepala seksi meminta uang", submission="w", kind=Kind.WHISTLEBLOWING)
    )
    page = client.get(_link(report)).content.decode()
    assert "Hanya Inspektorat" in page
    assert "Diperiksa Inspektorat" in page
    assert "ke dinas</b>" not in page


def test_the_page_costs_the_same_for_a_long_history(
    client: Client, people: People, sari_reports: Report, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        actions.reply(report=sari_reports, text=f"Keterangan ke-{number}")
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # the plugin's fixture
        client.get(_link(sari_reports))
