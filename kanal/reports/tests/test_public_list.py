import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kanal.agencies.queries import reference
from kanal.common.indonesian import query_tokens
from kanal.reports import actions
from kanal.reports.actions.sorting import reindex
from kanal.reports.models import Report
from kanal.reports.queries import report_reference
from kanal.reports.queries.public_export import MOST_ROWS
from kanal.reports.queries.snippets import after_title, marked, snippet
from kanal.reports.workflow import Kind
from tests.support.people import People

LIST = "/aduan/"
ATOM = "{http://www.w3.org/2005/Atom}"
Publish = Callable[..., Report]


@pytest.fixture
def publish(people: People) -> Publish:
    """Files a report and lets the coordinator send it to the road agency, which makes it public."""

    def make(body: str, **more: Any) -> Report:
        days = int(str(more.pop("days", 0)))
        at = timezone.now() - timedelta(days=days, minutes=Report.objects.count())
        filing = actions.Filing(body=body, submission=f"{body}{Report.objects.count()}", **more)
        report = actions.file_report(filing, at=at)
        return actions.assign(report=report, agency=people.roads, by=people.doing(people.kun), at=at)

    return make


@pytest.fixture
def one_shown(publish: Publish) -> Report:
    return publish("Lampu padam di pasar Jono.", region_id=village("Jono, Kec. Temayang"), lat=-7.3, lon=111.9)


def village(place: str) -> int:
    return next(r.id for r in reference().villages() if r.place == place)


def titles(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{LIST}{query}")
    assert page.status_code == 200
    return _titles_in(page.content.decode())


def _titles_in(html: str) -> list[str]:
    heads = html.split('<h2 class="h3"><a href=')[1:]
    return [head.split(">", 1)[1].split("</a>")[0].replace("<mark>", "").replace("</mark>", "") for head in heads]


# --- who is in it ---------------------------------------------------------------------------------------------------


def test_only_what_anybody_may_read_is_listed(client: Client, people: People, publish: Publish) -> None:
    kun = people.doing(people.kun)
    publish("Jalan berlubang di Jono.")
    publish("Ini rahasia saya.", secret=True)
    actions.file_report(actions.Filing(body="Belum diperiksa siapa pun.", submission="x"))
    actions.file_report(actions.Filing(body="Pejabat menerima suap.", submission="w", kind=Kind.WHISTLEBLOWING))
    actions.archive(report=publish("Ini diarsipkan."), by=kun, reason="spam")
    actions.merge(report=publish("Ini digabung."), into=Report.objects.get(title="Jalan berlubang di Jono"), by=kun)
    assert titles(client) == ["Jalan berlubang di Jono"]


@pytest.mark.parametrize("address", ["atom.xml", "ekspor.csv", "peta.json", "peta/", "?q=rahasia", "?q=suap"])
def test_what_is_secret_is_nowhere(client: Client, people: People, publish: Publish, address: str) -> None:
    publish("Ini rahasia saya tentang suap.", secret=True)
    actions.file_report(actions.Filing(body="Pejabat menerima suap rahasia.", submission="w", kind=Kind.WHISTLEBLOWING))
    answer = client.get(f"{LIST}{address}")
    content = answer.getvalue() if answer.streaming else answer.content
    for report in Report.objects.all():
        assert report.tracking_code.encode() not in content
    assert b"Pejabat" not in content


def test_numbers_of_people_are_hidden(client: Client, publish: Publish) -> None:
    publish("Lampu mati. Hubungi 081234567890 atau sari@contoh.id.")
    page = client.get(LIST).content.decode()
    assert "081234567890" not in page
    assert "sari@contoh.id" not in page
    assert "[nomor HP disembunyikan]" in page


# --- finding --------------------------------------------------------------------------------------------------------


def test_search_finds_every_form_of_a_word_and_marks_it(client: Client, publish: Publish) -> None:
    publish("Lampu padam di pasar.")
    publish("Jalan depan balai desa dalam keadaan rusak. Lubangnya besar sekali, dekat sekolah.")
    page = client.get(f"{LIST}?q=lubang").content.decode()
    assert _titles_in(page) == ["Jalan depan balai desa dalam keadaan rusak"]
    assert "<mark>Lubangnya</mark>" in page
    assert "<b>1 laporan</b> cocok" in page


def test_only_a_filter_makes_reports_match(client: Client, publish: Publish) -> None:
    assert '<p class="small" role="status">Tidak ada laporan</p>' in client.get(LIST).content.decode()
    publish("Lampu padam di pasar.")
    page = client.get(LIST).content.decode()
    assert '<p class="small" role="status"><b>1 laporan</b></p>' in page
    assert "<b>1 laporan</b> cocok" in client.get(f"{LIST}?q=lampu").content.decode()


def test_each_filter_narrows(client: Client, people: People, publish: Publish) -> None:
    jono, kauman = village("Jono, Kec. Temayang"), village("Kauman, Kec. Bojonegoro")
    publish("Di Jono.", region_id=jono)
    publish("Di Kauman.", region_id=kauman, days=40)
    started = publish("Sudah dimulai.", region_id=jono, medium="phone")
    actions.start(report=started, by=people.doing(people.oki))
    codes = {r.place: r.code for r in reference().regions.values()}
    day = (timezone.localdate() - timedelta(days=20)).isoformat()
    assert set(titles(client, f"?kecamatan={codes['Kec. Temayang']}")) == {"Sudah dimulai", "Di Jono"}
    assert titles(client, f"?desa={codes['Kauman, Kec. Bojonegoro']}") == ["Di Kauman"]
    assert titles(client, "?warna=kuning") == ["Sudah dimulai"]
    assert titles(client, "?saluran=phone") == ["Sudah dimulai"]
    assert titles(client, f"?sampai={day}") == ["Di Kauman"]
    assert set(titles(client, f"?sejak={day}")) == {"Sudah dimulai", "Di Jono"}
    assert titles(client, "?dinas=dishub") == []
    assert len(titles(client, "?dinas=pu-bina-marga")) == 3


def test_an_upper_category_holds_those_below_it(client: Client, publish: Publish) -> None:
    below = report_reference().categories_by_code["jalan-berlubang"]
    publish("Berlubang.", category_id=below.id)
    assert titles(client, "?kategori=jalan") == ["Berlubang"]
    assert titles(client, "?kategori=jalan-berlubang") == ["Berlubang"]
    assert titles(client, "?kategori=jembatan") == []


def test_orders(client: Client, people: People, publish: Publish) -> None:
    publish("Baru.")
    shared = publish("Banyak yang mengalami.", days=3)
    publish("Lama menunggu.", days=9)
    actions.support(report=shared, browser_key="a")
    answered = publish("Sudah dijawab.", days=12)
    oki, heni = people.doing(people.oki), people.doing(people.heni)
    actions.draft_answer(report=answered, by=oki, text="Sudah kami perbaiki kemarin pagi.")
    actions.submit_answer(report=answered, by=oki)
    actions.approve_answer(report=answered, by=heni)
    actions.publish_answer(report=answered, by=oki)
    assert titles(client)[0] == "Baru"
    assert titles(client, "?urut=dialami")[0] == "Banyak yang mengalami"
    assert titles(client, "?urut=menunggu") == ["Lama menunggu", "Banyak yang mengalami", "Baru"]


def test_a_filter_can_be_taken_away_alone(client: Client, publish: Publish) -> None:
    page = client.get(f"{LIST}?q=lampu&warna=merah&sejak=2026-01-05").content.decode()
    assert 'aria-label="Hapus saringan: Belum ditindaklanjuti"' in page
    assert f'href="{LIST}?q=lampu&amp;sejak=2026-01-05"' in page
    assert f'href="{LIST}?q=lampu&amp;warna=merah"' in page


def test_an_empty_answer_says_what_was_sought_and_what_to_do(client: Client, regency: object) -> None:
    kedewan = next(r.code for r in reference().districts() if r.name == "Kedewan")
    page = client.get(f"{LIST}?q=lampu+mati&kecamatan={kedewan}").content.decode()
    assert "Tidak ada laporan “lampu mati” dengan saringan Kec. Kedewan" in page
    assert "Buat laporan" in page
    assert "Belum ada laporan yang tampil" in client.get(LIST).content.decode()


def test_words_of_visitors_are_never_markup(client: Client, publish: Publish) -> None:
    publish("<script>alert(1)</script> lampu <b>padam</b> sekali.")
    for query in ("", "?q=lampu", "?q=<script>alert(1)</script>", "?q=%22%3E%3Cb%3E"):
        page = client.get(f"{LIST}{query}").content.decode()
        assert "<script>alert" not in page
        assert "<b>padam" not in page


def test_pages_follow_one_another_with_their_filters(client: Client, publish: Publish) -> None:
    first = publish("Laporan nomor 0.")

    copies = []
    for number in range(1, 45):
        copy = Report.objects.get(pk=first.pk)
        copy.pk, copy.tracking_code, copy.inbound_id = None, f"BJN-{number:04}", None
        copy.title, copy.received_at = f"Nomor {number}", first.received_at - timedelta(minutes=number)
        copies.append(copy)
    Report.objects.bulk_create(copies)
    seen, address = [], f"{LIST}?warna=merah"
    while address:
        page = client.get(address).content.decode()
        seen += _titles_in(page)
        following = page.split('rel="next"')[0].rsplit('href="', 1)[-1].split('"')[0] if 'rel="next"' in page else ""
        address = following.replace("&amp;", "&")
        assert not address or "warna=merah" in address
    assert len(seen) == len(set(seen)) == 45


# --- cost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "?q=lampu", "?urut=menunggu", "atom.xml", "ekspor.csv", "peta.json", "peta/"])
def test_the_queries_do_not_grow_with_the_list(client: Client, publish: Publish, address: str) -> None:
    def spent() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{LIST}{address}")
            if answer.streaming:
                list(answer)
        return len(queries)

    publish("Lampu padam di pasar.", region_id=village("Jono, Kec. Temayang"))
    spent()  # reference data is read once per process
    few = spent()
    for number in range(12):
        publish(f"Lampu padam nomor {number}.", region_id=village("Kauman, Kec. Bojonegoro"))
    reference()
    client.get(f"{LIST}{address}")
    assert spent() == few
    assert few <= (8 if "q=" in address else 4)  # whether the word is common, and edges for page and count


# --- broken addresses -----------------------------------------------------------------------------------------------

NAMES = ["q", "kategori", "kecamatan", "desa", "dinas", "warna", "saluran", "sejak", "sampai", "urut", "hal", "kotak"]
LURES = st.sampled_from(
    [
        *("35.22", "35.22.01", "35.22.01.2001", "merah", "web", "menunggu", "0000-00-00", "9999-12-31", "2026-02-30"),
        *("-7.3,111.5,-7.2,111.6", "nan,nan,nan,nan", "1e999,0,0,0", "' OR 1=1 --", '"', "*", "\u202e", "WzAsMV0", "%"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    params=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40) | LURES),
    page=st.sampled_from(["", "peta.json", "atom.xml"]),
)
def test_nothing_in_an_address_breaks_the_list(
    client: Client, one_shown: Report, params: dict[str, str], page: str
) -> None:
    params = {name: value.encode("utf-8", "replace").decode() for name, value in params.items()}
    answer = client.get(f"{LIST}{page}", params)
    assert answer.status_code in {200, 400}
    assert answer.status_code == 200 or any("\0" in value for value in params.values())


# --- feed and export ------------------------------------------------------------------------------------------------


def test_the_feed_is_atom_and_honours_the_filters(client: Client, publish: Publish) -> None:
    report = publish("Lampu \x0b& <jalan> padam.", region_id=village("Jono, Kec. Temayang"))
    Report.objects.filter(pk=report.pk).update(title="Lampu \x0b& <jalan> \ufffe padam")
    publish("Sampah menumpuk.")
    answer = client.get(f"{LIST}atom.xml?q=lampu")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "public" in answer["Cache-Control"]
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Lampu & <jalan>  padam"]
    assert entries[0].findtext(f"{ATOM}id", "").endswith(f"/aduan/{report.tracking_code}/")
    assert "Jono, Kec. Temayang" in entries[0].findtext(f"{ATOM}summary", "")
    assert 'rel="alternate" type="application/atom+xml"' in client.get(LIST).content.decode()


def test_the_export_has_the_public_fields_alone_and_no_formula(client: Client, publish: Publish) -> None:
    report = publish("=HYPERLINK(1) lampu 081234567890.", name="Sari Utami", email="sari@contoh.id")
    reindex(report)
    publish("Sampah.")
    text = b"".join(client.get(f"{LIST}ekspor.csv?q=lampu")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Kode"] for row in rows] == [report.tracking_code]
    assert rows[0]["Isi"].startswith("'=")
    assert "081234567890" not in text
    assert "Sari" not in text
    assert "sari@" not in text


def test_the_workbook_holds_the_same(client: Client, publish: Publish) -> None:
    report = publish("=1+1 lampu.")
    answer = client.get(f"{LIST}ekspor.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[1][0] == report.tracking_code
    assert rows[1][3] == "'=1+1 lampu."


def test_a_long_export_ends_with_a_note(client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanal.reports.queries.public_export.MOST_ROWS", 2)
    for number in range(4):
        publish(f"Laporan {number}.")
    lines = b"".join(client.get(f"{LIST}ekspor.csv")).decode().splitlines()
    assert len(lines) == 4
    assert lines[-1].startswith("Hanya 2 baris pertama")
    assert MOST_ROWS == 50_000


def test_an_unknown_export_is_a_page_that_is_not_there(client: Client, regency: object) -> None:
    assert client.get(f"{LIST}ekspor.exe").status_code == 404


# --- snippets -------------------------------------------------------------------------------------------------------


def test_a_snippet_begins_near_the_first_found_word() -> None:
    text = "Kata pembuka. " * 30 + "Di sini lubangnya <besar>. " + "Kata penutup. " * 30
    piece = snippet(text, query_tokens("lubang"), 100)
    assert "<mark>lubangnya</mark> &lt;besar&gt;" in piece
    assert piece.startswith("…")
    assert piece.endswith("…")
    assert len(piece) < 160


def test_a_text_that_only_repeats_its_title_needs_no_snippet() -> None:
    assert after_title("Lampu jalan mati.", "Lampu jalan mati") == ""
    assert after_title("Lampu jalan mati sejak Senin.\nGelap.", "Lampu jalan mati…") == "sejak Senin. Gelap."
    assert after_title("Gelap.", "Lampu") == "Gelap."


@given(st.text(max_size=400), st.text(max_size=20))
def test_a_snippet_never_lets_markup_through(text: str, query: str) -> None:
    wanted = query_tokens(query)
    for piece in (snippet(text, wanted), marked(text, wanted)):
        bare = piece.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare
        assert ">" not in bare
