"""What a letter says: whose words, which letters, what of it is new, and whether a person wrote it at all."""

import json
import time
from base64 import b64encode
from email.message import EmailMessage

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kanal.channels import actions, mailroom
from kanal.channels.adapters import Item, NotUnderstoodError, Outgoing, Passed, Receipt, Said, Strange
from kanal.channels.email import reading
from kanal.channels.email.html import text_of
from kanal.channels.email.letter import readable
from kanal.channels.email.quotes import new_words
from kanal.channels.email.sending import Postman, message_id
from kanal.channels.models import Delivery, Inbound, Medium

pytestmark = pytest.mark.django_db
HEADS = "From: Sari <sari@contoh.id>\r\nSubject: Jalan\r\nMessage-ID: <m1@contoh.id>\r\n"
OURS = message_id("1:a")


def item(raw: bytes | str) -> Item:
    """What one letter becomes."""
    content = raw.encode() if isinstance(raw, str) else raw
    told = {"uid": 7, "at": "2026-11-22T01:00:00+00:00", "cut": False, "raw": b64encode(content).decode()}
    page = {"mailbox": 1, "looked": "2026-11-22T01:00:05+00:00", "letters": [told]}
    [found] = reading.read(json.dumps(page).encode())
    return found


def said(raw: bytes | str) -> Said:
    found = item(raw)
    assert isinstance(found, Said), found
    return found


# --- whose words ------------------------------------------------------------------------------------------------------

NEW = "Sudah diperbaiki, terima kasih."
QUOTED = {
    "Gmail, Indonesian, wrapped": "{}\n\nPada tanggal Sen, 3 Mar 2025 pukul 10.15 Kanal <k@c.id>\nmenulis:\n\n> Lapor",
    "Gmail, English": "{}\n\nOn Mon, Mar 3, 2025 at 10:15 AM Kanal <k@c.id> wrote:\n> Laporan",
    "Yahoo": "{}\n\n Pada Senin, 3 Maret 2025 10.15.12 WIB, Kanal <k@c.id> menulis: \n\n Laporan",
    "Outlook, English": "{}\n____________\nFrom: Kanal <k@c.id>\nSent: Monday\nTo: Sari\nSubject: Laporan\n\nLaporan",
    "Outlook, Indonesian": "{}\n\nDari: Kanal\nDikirim: Senin\nKepada: Sari\nPerihal: Laporan\n\nLaporan",
    "old Outlook": "{}\n\n-----Pesan Asli-----\nDari: Kanal\nLaporan",
    "signature": "{}\n-- \nSari\n0812",
    "telephone": "{}\n\nDikirim dari iPhone saya\n",
    "Outlook for Android": "{}\n\nDapatkan Outlook untuk Android",
    "below the quote": "On Mon, Mar 3, 2025 Kanal <k@c.id> wrote:\n> Laporan Anda\n> selesai.\n\n{}",
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_only_what_was_written_now_is_kept(text: str) -> None:
    assert new_words(text.format(NEW)) == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Yth. Bupati\nPada tanggal 3 Maret Pak Lurah menulis:\nkami akan perbaiki.",
        "Dari: warga RT 03\nJalan rusak sejak lama.",
        "Lihat ini\n\n---------- Forwarded message ---------\nDari: PDAM\nAir mati besok",
        "> semuanya dikutip",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert new_words(text) == text


def test_an_answer_of_a_photo_alone_has_no_words_of_ours() -> None:
    quote = "On Mon, Mar 3, 2025 Kanal <k@c.id> wrote:\n> Laporan Anda selesai."
    assert said(f"{HEADS}In-Reply-To: {OURS}\r\n\r\n{quote}").text == ""
    assert said(f"{HEADS}\r\n{quote}").text == quote


@given(st.text(max_size=400))
def test_cutting_never_fails_and_never_leaves_nothing(text: str) -> None:
    assert bool(new_words(text)) == bool(text.strip())


# --- letters and forms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1", "windows-1252", "utf-8", "tidak-ada", ""])
def test_a_charset_that_lies_hurts_nothing(charset: str) -> None:
    assert readable("Jalan “rusak” – ꦗꦮ".encode(), charset) == "Jalan “rusak” – ꦗꦮ"


def test_letters_of_windows_and_doubly_read_ones_are_mended() -> None:
    assert readable("Kafé".encode("cp1252"), "utf-8") == "Kafé"
    assert readable("Kafé di Jono".encode().decode("cp1252").encode(), "utf-8") == "Kafé di Jono"


def test_html_alone_becomes_words_without_its_quote() -> None:
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Jalan <b>rusak</b>&nbsp;&amp; gelap<br>di Jono</p>"
        '<div class="gmail_quote"><blockquote>Laporan lama</blockquote></div><!-- x --></body></html>'
    )
    assert said(f"{HEADS}Content-Type: text/html; charset=utf-8\r\n\r\n{html}").text.split("\n") == [
        "Jalan rusak & gelap",
        "di Jono",
    ]


@given(st.lists(st.sampled_from(["<", ">", "</p>", "<p ", "class='", '"', "<!--", "a", "&am", "<script>", "\n"])))
def test_any_html_is_read(pieces: list[str]) -> None:
    text_of("".join(pieces))


def test_a_header_in_mime_words_and_one_in_raw_bytes() -> None:
    raw = b"From: =?utf-8?q?S=C3=A4ri?= <SARI@contoh.id>\r\nSubject: Jalan \xe2\x80\x9crusak\xe2\x80\x9d\r\n\r\nx"
    found = said(raw)
    assert (found.name, found.handle, found.subject) == ("Säri", "sari@contoh.id", "Jalan “rusak”")


def test_byte_order_marks_and_nul_bytes_do_not_come_in() -> None:
    assert said(b"\xef\xbb\xbf" + HEADS.encode() + b"\r\n\xef\xbb\xbfJalan\x00 rusak").text == "Jalan rusak"


def test_no_byte_that_a_database_refuses_stops_the_mailroom() -> None:
    raw = (
        b"From: Sari\x00 <sari@contoh.id>\r\nMessage-ID: <\x00\xff@contoh.id>\r\nReferences: <a\x00@b>\r\n"
        b"Subject: \x00\xff\r\nContent-Type: image/\x00\xffpng; name=a\x00\xff.png\r\n\r\nJalan\x00"
    )
    told = {"uid": 7, "at": "2026-11-22T01:00:00+00:00", "cut": False, "raw": b64encode(raw).decode()}
    page = {"mailbox": 1, "looked": "2026-11-22T01:00:05+00:00", "letters": [told]}
    actions.store_delivery(medium=Medium.EMAIL, payload=json.dumps(page))
    mailroom.read_deliveries(lambda: True)
    assert Delivery.objects.get().state == Delivery.State.READ
    assert Inbound.objects.get().external_id.startswith("sha256:")


def test_a_letter_forwarded_as_a_whole_is_read() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "warga@contoh.id", "Air"
    inner.set_content("Air mati")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "sari@contoh.id", "Fwd"
    outer.add_attachment(inner)
    assert said(outer.as_bytes()).text == "Air mati"


def test_logos_under_a_signature_are_no_photos() -> None:
    written = EmailMessage()
    written["From"] = "sari@contoh.id"
    written.set_content("x")
    written.add_related(b"\x89PNG" + b"0" * 500, "image", "png", cid="<logo>")
    written.add_attachment(b"\x89PNG" + b"0" * 500, maintype="image", subtype="png", filename="kecil.png")
    assert [file.name for file in said(written.as_bytes()).files] == ["kecil.png"]


# --- threads ----------------------------------------------------------------------------------------------------------


def test_one_thread_has_one_name() -> None:
    first = said(f"{HEADS}\r\nJalan rusak")
    second = said(HEADS.replace("m1", "m2") + "In-Reply-To: <m1@contoh.id>\r\nReferences: <m1@contoh.id>\r\n\r\nLagi")
    assert first.thread == second.thread == "<m1@contoh.id>"
    assert first.external_id != second.external_id


def test_a_message_id_that_two_people_use_does_not_swallow_a_letter() -> None:
    assert said(f"{HEADS}\r\nx").external_id != said(HEADS.replace("sari", "budi") + "\r\nx").external_id


def test_a_letter_without_message_id_is_known_again_by_its_bytes() -> None:
    raw = "From: sari@contoh.id\r\n\r\nJalan"
    assert said(raw).external_id == said(raw).external_id != said(raw + " lain").external_id


def test_our_answer_stands_below_their_letter(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with Postman() as postman:
        for thread in ("<m1@contoh.id>", "BJN-7K4M-Q2XD", "<m1@contoh.id>\r\nBcc: x@y.id"):
            postman.send(Outgoing(to="sari@contoh.id", body="x", key="1:a", thread=thread), before=lambda: None)
    assert [letter.extra_headers.get("In-Reply-To") for letter in mail.outbox] == ["<m1@contoh.id>", None, None]


# --- what no person wrote ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heads",
    [
        "Auto-Submitted: auto-replied (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "List-Id: <warga.contoh.id>",
        "List-Unsubscribe: <mailto:x@contoh.id>",
        "Subject: Balasan Otomatis: Laporan",
        "Subject: Out of Office",
        f"Message-ID: {OURS}",
        "From: kanal@localhost",
        "From: postmaster@contoh.id",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ],
)
def test_machines_and_lists_are_passed_over(heads: str) -> None:
    name = heads.partition(":")[0]
    kept = "".join(line + "\r\n" for line in HEADS.splitlines() if not line.startswith(name))
    assert isinstance(item(f"{kept}{heads}\r\n\r\nx"), Passed)


def test_a_person_may_say_that_no_machine_wrote() -> None:
    assert said(f"{HEADS}Auto-Submitted: no\r\n\r\nx").text == "x"


def test_the_regencys_own_list_is_a_way_in(settings: Settings) -> None:
    settings.MAILBOX = {**settings.MAILBOX, "own_lists": ["aduan.contoh.go.id"]}
    raw = HEADS.replace("sari@", "aduan@") + "X-Original-From: Sari <sari@contoh.id>\r\n"
    assert said(f"{raw}List-Id: <aduan.contoh.go.id>\r\nPrecedence: list\r\n\r\nx").handle == "sari@contoh.id"


def test_a_letter_from_nobody_is_shown_to_a_person() -> None:
    assert isinstance(item("From: (kosong)\r\nSubject: x\r\n\r\nx"), Strange)


@pytest.mark.parametrize(
    ("action", "status", "state", "gone"),
    [
        ("failed", "5.1.1", "failed", True),
        ("failed", "5.1.10", "failed", True),
        ("failed", "5.2.2", "failed", False),
        ("failed", "5.7.1", "failed", False),
        ("delivered", "2.1.5", "delivered", False),
        ("delayed", "4.4.1", "", False),
        ("relayed", "2.0.0", "", False),
    ],
)
def test_delivery_reports(action: str, status: str, state: str, *, gone: bool) -> None:
    found = item(
        "From: <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        f"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: {action}\r\n"
        f"Status: {status}\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {OURS}\r\n\r\nhalo\r\n"
    )
    if not state:
        assert isinstance(found, Passed)
        return
    assert isinstance(found, Receipt)
    assert (found.external_id, found.state, found.no_such_address) == (OURS, state, gone)


def test_an_old_fashioned_bounce_in_words_is_understood() -> None:
    found = item(f"From: Mailer-Daemon@contoh.id\r\n\r\n550 user unknown\n\n> Message-ID: {OURS}\n")
    assert isinstance(found, Receipt)
    assert (found.state, found.no_such_address) == ("failed", True)


def test_a_bounce_of_anothers_letter_marks_nobody() -> None:
    assert isinstance(item("From: mailer-daemon@contoh.id\r\n\r\n5.1.1 <x@y.id>"), Passed)


# --- broken on purpose ------------------------------------------------------------------------------------------------


def test_boxes_in_boxes_without_end_are_shown_to_a_person() -> None:
    depth = 3_000
    raw = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    assert isinstance(item("From: sari@contoh.id\r\n" + raw), Strange)


@pytest.mark.parametrize("times", [500, 12_000, 100_000])
@pytest.mark.parametrize(
    "name", ["Content-Type: text/plain;", "Content-Disposition: inline;", "Subject:", "References:"]
)
def test_a_header_that_goes_on_for_ever_takes_no_time(name: str, times: int) -> None:
    begun = time.monotonic()
    assert said(f"From: sari@contoh.id\r\n{name} " + "a*0*=x; " * times + "\r\n\r\nJalan").handle == "sari@contoh.id"
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("tag", ["<a ", "<!--", "<div>", "</", "&#", "<a b='"])
def test_html_made_to_hang_a_reader_takes_no_time(tag: str) -> None:
    begun = time.monotonic()
    text_of((tag * 100_000)[:100_000])
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"letters": 3}', b'{"mailbox": 1, "looked": "x"}'])
def test_what_is_no_look_at_a_mailbox_is_refused(payload: bytes) -> None:
    with pytest.raises(NotUnderstoodError):
        list(reading.read(payload))


_PIECES = [
    *("From: a@b.id\r\n", "Content-Type: multipart/mixed; boundary=x\r\n", "Content-Type: text/html; charset=\xff\r\n"),
    *("Content-Transfer-Encoding: base64\r\n", "Content-Disposition: attachment; filename*0*=x'y'%zz\r\n", "--x\r\n"),
    *(
        "Subject: =?utf-8?b?!!!?=\r\n",
        "Message-ID: <a@b>\r\n",
        "\r\n",
        "--x--\r\n",
        "From: =?x?q?@?= <\r\n",
        "\x00\xe9(",
    ),
    *(
        "Content-Type: multipart/report; report-type*=x\r\n",
        "References: <a@b> <\r\n",
        "Content-Type: message/rfc822\r\n",
    ),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_any_letter_becomes_something(pieces: list[str]) -> None:
    item("".join(pieces).encode("latin-1"))


@given(st.binary(max_size=300))
def test_any_bytes_become_something(raw: bytes) -> None:
    item(raw)
