"""/meja/kalimat/: a coordinator words anew what citizens are sent, sees it first, and cannot break it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from kanal.channels.models import Outbound
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.actions.wordings import word
from kanal.reports.models import Follower, Reason, Report, Wording
from kanal.reports.queries import forget
from kanal.reports.wordings import BY_KEY, GAPS, NOTICES, SENTENCES, filled
from tests.support.life import Life
from tests.support.people import People
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/meja/kalimat/"


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


def test_every_sentence_has_a_key_that_its_column_holds() -> None:
    longest = Wording._meta.get_field("key").max_length
    assert [key for key in BY_KEY if len(key) > (longest or 0)] == []


class Deeds(Life):
    """What brings each sentence to a citizen, where it differs from a report's usual life."""

    def receipt_later(self) -> None:
        self.assigned()
        actions.add_contact(report=self.report, email="sari.lain@contoh.id")

    def archived(self) -> None:
        Reason.objects.filter(use=Reason.Use.ARCHIVE).update(sentence="")
        forget()
        super().archived()


def test_the_list_says_of_each_group_where_it_is_read(kun: Client) -> None:
    page = kun.get(PAGE).content.decode()
    places = [
        page.index(words) for words in ("Percakapan</h2>", "dalam percakapan dan", "Di kolom umum</h2>", "dibaca semua")
    ]
    assert places == sorted(places)


def gaps_of(key: str) -> str:
    return " ".join(f"{{{name}}}" for name in sorted({*BY_KEY[key].gaps}))


@pytest.mark.parametrize("key", [sentence.key for sentence in NOTICES])
def test_every_sentence_can_be_worded_anew_and_is_sent_so(people: People, sari_reports: Report, key: str) -> None:
    deeds = Deeds(people, sari_reports)
    texts = {"id": f"Kalimat kami sendiri. {gaps_of(key)}", "jv": f"Matur nuwun. {gaps_of(key)}"}
    word(key=key, texts=texts, by=deeds.kun)
    act: Callable[[], None] = getattr(deeds, key)
    act()
    body = Outbound.objects.filter(body__isnull=False, purpose=key.removesuffix("_later")).latest("pk").body
    assert body.startswith("Kalimat kami sendiri. ")
    assert "\n\nMatur nuwun. " in body
    assert "{" not in body, "every gap is filled"
    assert ("Kode laporan:" in body) is BY_KEY[key].framed


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.key)
def test_untouched_a_sentence_is_that_of_the_code(sentence: Any) -> None:
    values = dict.fromkeys(GAPS, "x")
    assert filled(sentence.default, values) == sentence.in_code % values


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Diteruskan {tangal}.", "{tangal} tidak dikenal. Yang bisa dipakai: {dinas}, {tanggal}, {kode}."),
        ("Diteruskan ke {} kami.", "{} tidak dikenal"),
    ],
)
def test_unknown_gaps_are_refused_and_the_text_stays(kun: Client, text: str, sentence: str) -> None:
    page = kun.post(f"{PAGE}assigned/", {"indonesian": text})
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert text in page.content.decode()
    assert not Wording.objects.exists()


def test_what_a_message_is_about_cannot_be_left_out(kun: Client, people: People) -> None:
    page = kun.post(f"{PAGE}answered/", {"indonesian": "Sudah dijawab."})
    assert "Sertakan {jawaban}" in page.content.decode()
    with pytest.raises(Refused):
        word(key="answered", texts={"jv": "Sampun."}, by=people.doing(people.kun))


def test_looking_first_saves_nothing(kun: Client) -> None:
    page = kun.post(f"{PAGE}answered/", {"indonesian": "Kata {dinas}: {jawaban}", "lihat": "1"}).content.decode()
    assert "Lubang di tikungan sudah kami tambal" in page
    assert "Kode laporan: BJN-7K4M-Q2XD" in page
    assert not Wording.objects.exists()


def sent(people: People, report: Report) -> Outbound:
    """What Sari gets when her report is passed on."""
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    return Outbound.objects.filter(purpose="assigned", to_staff="").latest("pk")


def test_the_frame_and_the_title_of_a_letter_can_be_worded_anew(
    kun: Client, people: People, sari_reports: Report
) -> None:
    frame = "Salam sejahtera,\n\n{isi}\n\nBaca: {tautan}\n{kode}\n\nHormat kami,\nTim Aduan {kabupaten}"
    for key, text in (("frame", frame), ("subject_assigned", "Kabar baik: {kode} diteruskan")):
        shown = kun.post(f"{PAGE}{key}/", {"indonesian": text, "lihat": "1"}).content.decode()
        assert "{" not in shown.partition("seperti yang sampai")[2].partition("</section>")[0]
        assert kun.post(f"{PAGE}{key}/", {"indonesian": text}).status_code == 302
    notice = sent(people, sari_reports)
    assert notice.subject == f"Kabar baik: {sari_reports.tracking_code} diteruskan"
    assert notice.body.startswith("Salam sejahtera,\n\nLaporan Anda sudah diteruskan ke ")
    assert notice.body.endswith("Hormat kami,\nTim Aduan Kabupaten Bojonegoro\n")
    preview = kun.get(f"{PAGE}assigned/").content.decode()
    assert "Kabar baik: BJN-7K4M-Q2XD diteruskan" in preview
    assert "Hormat kami," in preview


def test_a_follower_reads_the_worded_way_to_end_the_messages(people: People, sari_reports: Report) -> None:
    actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))
    actions.follow(report=sari_reports, email="budi@contoh.id")
    follower = Follower.objects.get(reporter=False)
    actions.confirm_follow(report=sari_reports, follower_id=follower.pk, at=timezone.now())
    word(key="frame_stop", texts={"id": "Cukup sampai di sini? {tautan}"}, by=people.doing(people.kun))
    actions.start(report=sari_reports, by=people.doing(people.oki))
    letters = Outbound.objects.filter(purpose="started", to_staff="")
    assert [("Cukup sampai di sini? http" in letter.body) for letter in letters.order_by("pk")].count(True) == 1


def test_frame_and_title_are_said_in_one_language(people: People, sari_reports: Report) -> None:
    by = people.doing(people.kun)
    word(key="frame", texts={"jv": "Salam.\n{isi}\n{tautan} {kode}"}, by=by)
    word(key="subject_assigned", texts={"jv": "Kabar {kode}"}, by=by)
    notice = sent(people, sari_reports)
    assert "Salam." not in notice.body
    assert notice.subject == f"Laporan {sari_reports.tracking_code} diteruskan"


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("frame", "Salam. {isi}", "Sertakan {kode}, {tautan}"),
        ("frame_stop", "Cukup?", "Sertakan {tautan}"),
        ("subject_assigned", "Kabar\nbaik", "Judul hanya satu baris, paling panjang 150 huruf."),
        ("subject_assigned", "Kabar baik " * 20, "Judul hanya satu baris"),
    ],
)
def test_a_frame_without_its_way_on_and_a_title_of_two_lines_are_refused(
    kun: Client, people: People, key: str, text: str, fault: str
) -> None:
    assert fault in kun.post(f"{PAGE}{key}/", {"indonesian": text}).content.decode()
    with pytest.raises(Refused):
        word(key=key, texts={"id": text}, by=people.doing(people.kun))


def test_the_javanese_of_the_code_is_shown_with_its_sentence(kun: Client) -> None:
    page = kun.get(f"{PAGE}chat_greeting/").content.decode()
    assert "Contoh, kepada yang memilih bahasa Jawa" in page
    assert page.count("Sugeng rawuh.") == 2, "as it is written, and as it arrives"
    assert "bahasa Jawa bawaan" in kun.get(PAGE).content.decode()


def test_saved_it_is_shown_and_emptied_it_goes_back_to_the_code(kun: Client, people: People) -> None:
    kun.post(f"{PAGE}started/", {"indonesian": "Mulai: {dinas}.", "javanese": "Dipun wiwiti."})
    listed = kun.get(PAGE).content.decode()
    assert "Mulai: {dinas}." in listed
    assert "Dipun wiwiti." in listed
    assert Wording.objects.get(language="id").changed_by == people.kun
    kun.post(f"{PAGE}started/", {"indonesian": "", "javanese": ""})
    assert not Wording.objects.exists()
    kun.post(f"{PAGE}started/", {"indonesian": BY_KEY["started"].default})
    assert not Wording.objects.exists(), "the sentence of the code is not kept a second time"


@pytest.mark.parametrize("who", ["oki", "heni", "dewi", "laras", "ida", "agus"])
def test_others_may_not(client: Client, people: People, who: str) -> None:
    client.force_login(getattr(people, who))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}started/", {"indonesian": "x"}).status_code == 403
    with pytest.raises(Refused):
        word(key="started", texts={"id": "x"}, by=people.doing(getattr(people, who)))
    assert not Wording.objects.exists()


def test_an_unknown_sentence_is_not_found(kun: Client, people: People) -> None:
    assert kun.get(f"{PAGE}merpati/").status_code == 404
    with pytest.raises(Refused):
        word(key="merpati", texts={"id": "x"}, by=people.doing(people.kun))


@pytest.mark.parametrize("number", [0, 20])
def test_the_number_of_queries_does_not_grow(kun: Client, django_assert_max_num_queries: Any, number: int) -> None:
    for key in sorted(BY_KEY)[:number]:
        for language in ("id", "jv"):
            Wording.objects.create(key=key, language=language, text="Kalimat lain.")
    kun.get(PAGE)
    with django_assert_max_num_queries(5):  # session, person with roles, the numbers of the menu
        kun.get(PAGE)


@pytest.mark.browser  # asks for its screen by name
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_pages_are_readable(
    request: pytest.FixtureRequest,
    live_url: str,
    people: People,
    axe: Callable[[Page], None],
    *,
    screen: str,
    scheme: str,
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
    sign_in(page, people.kun, live_url)
    for address in (PAGE, f"{PAGE}answered/", f"{PAGE}frame/"):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
