"""What browsers are told a page may load: our own files, and tiles where a tile server is named."""

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client

from kanal.common.middleware import OurOwnContent

HEADER = "Content-Security-Policy"


def rules_of(response: HttpResponse) -> dict[str, list[str]]:
    parts = (rule.split() for rule in response.headers[HEADER].split("; "))
    return {directive: sources for directive, *sources in parts}


@pytest.mark.parametrize("path", ["/lacak/", "/tidak-ada/", "/akun/masuk/", "/meja/"])
def test_no_page_runs_words_as_script_or_loads_from_elsewhere(db: None, path: str) -> None:
    rules = rules_of(Client().get(path))  # type: ignore[arg-type]  # the test client's response has the same headers
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == ["'none'"]
    assert not any("unsafe" in source or "http" in source for sources in rules.values() for source in sources)


def test_a_named_tile_server_may_send_pictures_and_nothing_else(settings: LazySettings) -> None:
    settings.CONTENT_SECURITY_POLICY = {"default-src": ["'none'"], "img-src": ["'self'", "https://peta.contoh.id"]}
    page = OurOwnContent(lambda _request: HttpResponse())
    assert rules_of(page(HttpRequest())) == {
        "default-src": ["'none'"],
        "img-src": ["'self'", "https://peta.contoh.id"],
    }


def test_a_page_that_is_stricter_stays_so() -> None:
    page = OurOwnContent(lambda _request: HttpResponse(headers={HEADER: "sandbox"}))
    assert page(HttpRequest()).headers[HEADER] == "sandbox"
