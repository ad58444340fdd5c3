"""Icons: drawn by name, escaped, and their symbols once per page."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kanal.common import icons
from kanal.common.jinja import environment

ROOMS = Path(icons.__file__).parent.parent


def strict_environment() -> Environment:
    return environment(loader=FileSystemLoader(ROOMS / "common" / "templates"), undefined=StrictUndefined)


def symbol_names(html: str) -> set[str]:
    return set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', html))


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert icons.icon("pin") == '<svg class="i" aria-hidden="true"><use href="#i-pin"/></svg>'
    assert icons.icon("pin", "Tempat") == '<svg class="i" role="img" aria-label="Tempat"><use href="#i-pin"/></svg>'


def test_a_label_cannot_break_out_of_its_attribute() -> None:
    drawn = icons.icon("pin", '"><script>alert(1)</script>')
    assert "<script>" not in drawn
    assert "&#34;&gt;&lt;script&gt;" in drawn


def test_an_unknown_icon_is_refused_by_name() -> None:
    with pytest.raises(icons.UnknownIconError, match="unicorn"):
        icons.icon("unicorn")
    with pytest.raises(icons.UnknownIconError, match="unicorn"):
        icons.icon_sprite("unicorn")


def test_a_page_carries_exactly_the_symbols_it_used() -> None:
    html = (
        environment()
        .from_string('{{ icon("pin") }}{{ icon("pin") }}{{ icon("clock") }}{{ icon_sprite("x") }}')
        .render()
    )
    assert symbol_names(html) == {"pin", "clock", "x"}
    assert html.count("<symbol") == 3
    assert "<!--icons" not in html


def test_symbols_of_icons_drawn_after_the_mark_and_in_inserted_html_are_found_too() -> None:
    inserted = icons.icon("bell")
    html = (
        environment().from_string('{{ icon_sprite() }}{{ inserted }}{{ icon_sprite("x") }}').render(inserted=inserted)
    )
    assert symbol_names(html) == {"bell", "x"}
    assert html.count('class="sprite"') == 1


def test_words_that_look_like_the_mark_stay_words() -> None:
    html = environment().from_string("{{ said }}").render(said='<!--icons pin--><use href="#i-pin"')
    assert symbol_names(html) == set()


def test_a_fragment_without_a_mark_is_left_alone() -> None:
    assert environment().from_string('{{ icon("pin") }}').render() == icons.icon("pin")


def test_every_icon_named_in_a_template_exists() -> None:
    named = {
        (path.name, name)
        for path in ROOMS.glob("*/templates/**/*.html")
        for name in re.findall(r'\bicon\("([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert named
    assert {(page, name) for page, name in named if name not in icons.symbols()} == set()


def test_no_template_of_the_house_carries_inline_style_or_script() -> None:
    inline = re.compile(r'\sstyle="|\son[a-z]+="|<script(?![^>]*\b(?:src=|type="application/json"))|<style')
    guilty = [
        str(path.relative_to(ROOMS))
        for path in ROOMS.glob("*/templates/**/*.html")
        if inline.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429, 500, 503])
def test_a_fault_page_needs_no_request_no_regency_and_no_database(code: int) -> None:
    html = strict_environment().get_template(f"errors/{code}.html").render()
    assert "<h1>" in html
    assert 'lang="id"' in html


def test_a_fault_page_says_the_sentence_of_the_place_that_refused_and_escapes_it() -> None:
    html = strict_environment().get_template("errors/403.html").render(message="Milik <dinas> lain.")
    assert "Milik &lt;dinas&gt; lain." in html
