"""The catalogue of texts, with Babel alone (no gettext programs needed).

    python scripts/translations.py extract            prints every text of the source as a template (.pot)
    python scripts/translations.py update             brings kanal/locale/en up to date with the source
    python scripts/translations.py compile [--quiet]  writes the .mo files that are older than their .po
    python scripts/translations.py check              exits 1 and names each text without an English sentence

The source text of every message is its Indonesian sentence, so Indonesian itself needs no catalogue.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kanal"
ENGLISH = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
WIDTH = 120

# Babel knows the plain names; the rest are Django's lazy and marking forms.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The same choices as in kanal.common.jinja, or the texts found here would differ from those looked up there.
JINJA = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}


def _sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts):
            yield path, "python"
    for kind in ("*.html", "*.txt", "*.xml", "*.typ"):
        for path in sorted(PACKAGE.glob(f"**/templates/**/{kind}")):
            if not _is_django_template(path):
                yield path, "jinja2"


def _is_django_template(path: Path) -> bool:
    """Whether the file is one of the few for Django's admin and allauth, whose language Jinja2 cannot read."""
    return "{% load " in path.read_text(encoding="utf-8")


def extracted() -> Catalog:
    """Every text of the Python modules and Jinja2 templates, with the files it stands in."""
    found = Catalog(project="Kanal", charset="utf-8", fuzzy=False)
    for path, method in _sources():
        where = path.relative_to(ROOT).as_posix()
        options = JINJA if method == "jinja2" else {}
        for line, text, comments, context in extract_from_file(
            method, path, KEYWORDS, comment_tags=("Translators:",), options=options
        ):
            found.add(text, locations=[(where, line)], auto_comments=comments, context=context)
    return found


def english() -> Catalog:
    """Read the English catalogue as it is kept; an empty one when there is none yet."""
    if not ENGLISH.exists():
        return Catalog(locale="en", project="Kanal", fuzzy=False)
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def _has_english(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def untranslated() -> list[str]:
    """`file: text` for each text of the source without an English sentence."""
    catalogue = english()
    return [
        f"{message.locations[0][0]}: {message.id if isinstance(message.id, str) else message.id[0]}"
        for message in extracted()
        if message.id and not _has_english(catalogue.get(message.id, message.context))
    ]


def malformed() -> list[str]:
    """`text: reason` for each English sentence whose placeholders differ from those of its Indonesian text."""
    return [
        f"{message.id}: {error}" for message in english() if message.string for error in message.check(catalog=None)
    ]


def update() -> int:
    """Merge new texts into the English catalogue and drop the ones that are gone; existing sentences stay."""
    catalogue = english()
    created, revised = catalogue.creation_date, catalogue.revision_date
    catalogue.update(extracted(), no_fuzzy_matching=True)
    # Fixed dates and no line numbers: the file changes only when a text does.
    catalogue.creation_date, catalogue.revision_date = created, revised
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    missing = untranslated()
    print(f"{len(catalogue)} texts, {len(missing)} of them without English (kanal/locale/en/LC_MESSAGES/django.po).")
    return 0


def compile_all(*, quiet: bool) -> int:
    """Write each .mo file that is missing or older than its .po."""
    for source in sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        draft = target.with_suffix(".mo.part")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)  # a server reading it meanwhile sees the old file or the new one
        if not quiet:
            print(f"{target.relative_to(ROOT)}: {len(catalogue)} texts")
    return 0


def check() -> int:
    """Print what is wrong with the English catalogue; exit code 1 when anything is."""
    problems = [f"no English for  {text}" for text in untranslated()]
    problems += [f"placeholders    {text}" for text in malformed()]
    print("\n".join(problems) or "Every text has its English sentence.")
    return 1 if problems else 0


def extract() -> int:
    """Print the template of all texts."""
    write_po(sys.stdout.buffer, extracted(), width=WIDTH, sort_by_file=True, omit_header=True)
    return 0


def main(arguments: list[str]) -> int:
    """Run one of the four commands of the module's docstring."""
    commands = {
        "extract": extract,
        "update": update,
        "compile": lambda: compile_all(quiet="--quiet" in arguments),
        "check": check,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
