"""Logs are read by many and kept for long: no line in them opens a report or names a person."""

import io
import logging
import sys

import pytest
from django.conf import settings
from django.test import Client

from kanal.common.codes import private_token
from kanal.common.logs import DiscreetFormatter, discreet
from kanal.reports.models import Report


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Not Found: /lacak/BJN-2222-2222/rahasia_-1/tambah/", "Not Found: /lacak/BJN-2222-2222/•••/tambah/"),
        ("Gone: /tugas/MTI:1vX:ab-c_d/", "Gone: /tugas/•••/"),
        ("Gone: /aduan/ikuti/MTI:1vX:ab/", "Gone: /aduan/ikuti/•••/"),
        ("Not Found: /aduan/berhenti/MTI:1vX:ab/", "Not Found: /aduan/berhenti/•••/"),
        ("Bad Request: /akun/password/reset/key/1-abc-def/", "Bad Request: /akun/password/reset/key/•••/"),
        ("GET /foto/BJN-2222-2222/1/besar.jpg?t=rahasia&x=1", "GET /foto/BJN-2222-2222/1/besar.jpg?t=•••&x=1"),
        ("{'sari@contoh.id': (550, b'no such user')}", "{'•••': (550, b'no such user')}"),
        ("DETAIL: Key (handle)=(+6281234567890) exists", "DETAIL: Key (handle)=(•••) exists"),
        ("Not Found: /lacak/BJN-2222-2222/", "Not Found: /lacak/BJN-2222-2222/"),
        ("Not Found: /aduan/BJN-2222-2222/ 1763781665.08123", "Not Found: /aduan/BJN-2222-2222/ 1763781665.08123"),
    ],
)
def test_what_opens_or_names_is_left_out(line: str, kept: str) -> None:
    assert discreet(line) == kept


def test_a_traceback_too() -> None:
    try:
        raise ValueError("sari@contoh.id")  # noqa: TRY301  # the fault is the point
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "a fault at %s", ("/tugas/abc/",), sys.exc_info())
    written = DiscreetFormatter("%(message)s").format(record)
    assert "a fault at /tugas/•••/" in written
    assert "ValueError: •••" in written


def test_every_line_is_written_that_way() -> None:
    ours = [handler.formatter for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    assert ours
    assert all(isinstance(formatter, DiscreetFormatter) for formatter in ours)


def test_a_refused_form_of_a_private_page_leaves_no_link_in_the_log(client: Client, sari_reports: Report) -> None:
    token = private_token(settings.LOOKUP_KEY, sari_reports.tracking_code)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(DiscreetFormatter("%(message)s"))
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = client.post(f"/lacak/{sari_reports.tracking_code}/{token}/tambah/", {"text": ""})
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert answer.status_code == 400
    assert sari_reports.tracking_code in written.getvalue()
    assert token not in written.getvalue()
