"""The catalogue tool finds the texts that pages and modules look up, and says what is missing."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from django.utils import translation

from kanal.common.jinja import environment
from scripts import translations

MODULE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
NAME = gettext_lazy("Wilayah")
def say(n):
    return _("Terima kasih") + ngettext("%(n)s laporan", "%(n)s laporan", n) + pgettext("kata kerja", "Lapor")
"""
PAGE = """
<h1>{{ _("Laporan Anda") }}</h1>
{% trans day=day %}Paling lambat {{ day }}{% endtrans %}
{% trans %}Selesai 100%{% endtrans %}
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small room with one module and one page, in place of the real one."""
    room = tmp_path / "kanal" / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "views.py").write_text(MODULE, encoding="utf-8")
    (room / "templates" / "room" / "page.html").write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "PACKAGE", tmp_path / "kanal")
    monkeypatch.setattr(translations, "ENGLISH", tmp_path / "kanal/locale/en/LC_MESSAGES/django.po")
    return tmp_path / "kanal"


def _found() -> set[str]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in translations.extracted()
        if message.id
    }


@pytest.mark.usefixtures("package")
def test_it_finds_texts_in_modules_and_pages() -> None:
    assert {"Wilayah", "Terima kasih", "%(n)s laporan", "Lapor", "Laporan Anda"} <= _found()


@pytest.mark.usefixtures("package")
def test_it_finds_exactly_the_texts_that_a_page_looks_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def gettext(text: str) -> str:
        asked.append(text)
        return text

    monkeypatch.setattr(translation, "gettext", gettext)
    with translation.override("en"):  # the source language asks for nothing
        environment().from_string(PAGE).render(day="Jumat")
    assert len(asked) == 3
    assert set(asked) <= _found()


def test_tests_and_migrations_hold_no_texts(package: Path) -> None:
    (package / "room" / "tests").mkdir()
    (package / "room" / "tests" / "test_x.py").write_text('_("Hanya uji")', encoding="utf-8")
    assert "Hanya uji" not in _found()


@pytest.mark.usefixtures("package")
def test_update_keeps_what_is_translated_and_check_names_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main(["update"]) == 0
    kept = translations.ENGLISH.read_text(encoding="utf-8").replace(
        'msgid "Terima kasih"\nmsgstr ""', 'msgid "Terima kasih"\nmsgstr "Thank you"'
    )
    translations.ENGLISH.write_text(kept, encoding="utf-8")
    assert translations.main(["update"]) == 0
    capsys.readouterr()
    assert translations.main(["check"]) == 1
    printed = capsys.readouterr().out
    assert "kanal/room/templates/room/page.html: Laporan Anda" in printed
    assert "Terima kasih" not in printed


@pytest.mark.usefixtures("package")
def test_a_second_update_changes_nothing() -> None:
    translations.main(["update"])
    first = translations.ENGLISH.read_text(encoding="utf-8")
    translations.main(["update"])
    assert translations.ENGLISH.read_text(encoding="utf-8") == first


@pytest.mark.usefixtures("package")
def test_a_mistaken_placeholder_is_named() -> None:
    translations.main(["update"])
    with translations.ENGLISH.open("rb") as file:
        catalogue = read_po(file, locale="en")
    message = catalogue.get("Paling lambat %(day)s")
    assert message is not None
    message.string = "At the latest %(date)s"
    with translations.ENGLISH.open("wb") as file:
        write_po(file, catalogue)
    assert [line.split(":")[0] for line in translations.malformed()] == ["Paling lambat %(day)s"]


@pytest.mark.usefixtures("package")
def test_compile_writes_once() -> None:
    translations.main(["update"])
    compiled = translations.ENGLISH.with_suffix(".mo")
    assert translations.main(["compile", "--quiet"]) == 0
    first = compiled.stat().st_mtime_ns
    translations.main(["compile", "--quiet"])
    assert compiled.stat().st_mtime_ns == first
