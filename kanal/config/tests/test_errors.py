"""What no page could answer still ends in a clear Indonesian sentence, with the right status, without database."""

import pytest
from django.test import Client, RequestFactory

from kanal.config import errors


def test_an_unknown_address(db: None) -> None:
    response = Client().get("/tidak/ada/")
    assert response.status_code == 404
    assert "html" in response.headers["Content-Type"]


def test_an_address_with_a_nul_byte() -> None:
    assert Client().get("/aduan/?q=%00").status_code == 400


def test_a_form_without_its_mark(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/lapor/", {"body": "Jalan rusak"})
    assert response.status_code == 403
    assert "Izinkan cookie" in response.content.decode()


def test_more_text_than_a_form_may_carry(db: None) -> None:
    response = Client().post("/lapor/", {"body": "a" * 2_000_000})
    assert response.status_code == 413
    assert "terlalu besar" in response.content.decode()


def test_a_page_that_only_takes_forms(db: None) -> None:
    response = Client().get("/aduan/BJN-2222-2222/dukung/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "kiriman formulir" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/meja/", "/akun/login/", "/akun/password/reset/", "/lacak/x/y/", "/tugas/x/", "/meja/%00/", "/aduan/ikuti/x/"],
)
def test_no_copy_is_kept_of_what_is_not_for_everybody(db: None, path: str) -> None:
    assert "no-store" in Client().get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/tidak/ada/", "/aduan/peta.json", "/?q=%00", "/static/kanal/kanal.css"])
def test_nothing_is_drawn_into_other_sites_and_no_page_uses_more_of_a_phone_than_its_place(db: None, path: str) -> None:
    answer = Client().get(path)
    answer.close()
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=(self), camera=()" in answer.headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_public_pages_may_be_kept(db: None) -> None:
    assert "no-store" not in Client().get("/aduan/").headers.get("Cache-Control", "")


def test_a_fault_of_ours_is_drawn_without_database(rf: RequestFactory) -> None:
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Maaf" in response.content.decode()


@pytest.mark.parametrize("language", ["id", "en"])
def test_in_both_languages(language: str, db: None) -> None:
    client = Client()
    client.cookies["bahasa"] = language
    assert client.get("/tidak/ada/").status_code == 404
