"""The rules of the house that no linter knows. Each failure says what to do."""

import ast
import configparser
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scripts.translations import malformed, untranslated

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kanal"
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
DOOR_MODULES = ("views", "forms", "admin")
# The files every newcomer knows from one room to the next (CONTRIBUTING.md); any other is explained in the README.
USUAL_MODULES = {
    *("__init__", "apps", "urls", "views", "admin", "api", "tasks", "management", "forms", "actions", "queries"),
    *("policy", "models", "workflow", "signals", "migrations", "tests", "templates", "static"),
}
# Where rows may be written: verbs, their frame, migrations, the admin of reference data. Tests build what they need.
WRITING_PLACES = {"actions", "deed", "migrations", "tests", "management", "admin"}
WRITING_CALLS = {
    *("save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "asave", "acreate"),
    *("delete", "adelete"),
}


def _rooms() -> list[str]:
    return sorted(
        folder.name
        for folder in PACKAGE.iterdir()
        if folder.is_dir() and any((folder / name).exists() for name in ("apps.py", "models.py", "models"))
    )


def _modules(room: str) -> set[str]:
    """The direct children of a room that Python can import."""
    folder = PACKAGE / room
    return {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}


@cache
def _python_files() -> list[Path]:
    places = [PACKAGE, ROOT / "tests", ROOT / "scripts", ROOT / "bench"]
    return [ROOT / "conftest.py", *(path for place in places for path in sorted(place.rglob("*.py")))]


def _code_files() -> Iterator[Path]:
    """The Python files of the product itself."""
    for path in _python_files():
        if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts) and path != ROOT / "conftest.py":
            yield path


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _name(path: Path, line: int | None = None) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def _templates() -> list[Path]:
    return sorted(path for path in PACKAGE.glob("**/templates/**/*.html") if path.is_file())


def _contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def _lines(contract: configparser.SectionProxy, option: str) -> list[str]:
    return [line.strip() for line in contract.get(option, "").splitlines() if line.strip()]


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# Rooms --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", _rooms())
def test_every_room_explains_itself_in_a_readme(room: str) -> None:
    readme = PACKAGE / room / "README.md"
    assert readme.is_file(), f"write {_name(readme)}: its words, its lifecycle, its verbs, who may import what"
    own = {module for module in _modules(room) - USUAL_MODULES if room != "config"}
    unexplained = sorted(module for module in own if not re.search(rf"\b{module}\b", readme.read_text("utf-8")))
    assert not unexplained, f"{_name(readme)} does not say what these modules are for: {', '.join(unexplained)}"


def test_every_room_stands_in_the_layers() -> None:
    layers = _lines(_contracts()["importlinter:contract:rooms"], "layers")
    placed = {room.strip(" ()") for line in layers for room in line.split("|")}
    assert set(_rooms()) <= placed, "give the room its place in the contract 'rooms' of .importlinter"


def test_the_inside_of_every_room_is_layered() -> None:
    containers = _lines(_contracts()["importlinter:contract:inside"], "containers")
    expected = sorted(f"kanal.{room}" for room in _rooms() if room != "config")
    assert sorted(containers) == expected, "list the room in the contract 'inside' of .importlinter"


def _door_contract(room: str, doors: list[str]) -> str:
    return "\n".join(
        [
            f"[importlinter:contract:door-{room}]",
            f"name = The views, forms and admin of {room} are its own",
            "type = protected",
            "protected_modules =",
            *(f"    {module}" for module in doors),
            "allowed_importers =",
            f"    kanal.{room}",
            "    kanal.config",
            "",
        ]
    )


@pytest.mark.parametrize("room", [room for room in _rooms() if room != "config"])
def test_every_room_has_a_door_contract_of_its_own(room: str) -> None:
    doors = sorted(f"kanal.{room}.{module}" for module in set(DOOR_MODULES) & _modules(room))
    section = f"importlinter:contract:door-{room}"
    contracts = _contracts()
    if not doors:
        assert section not in contracts, f"{section} protects modules that do not exist"
        return
    wanted = _door_contract(room, doors)
    expected = configparser.ConfigParser()
    expected.read_string(wanted)
    found = dict(contracts[section]) if section in contracts else {}
    assert found == dict(expected[section]), f"in .importlinter this section should read:\n\n{wanted}"


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in _code_files() if path.is_relative_to(PACKAGE)}
    loose = sorted(_name(folder) for folder in folders if not (folder / "__init__.py").exists())
    assert not loose, f"without __init__.py the import contracts do not see these folders: {loose}"


def test_the_map_of_rooms_in_the_readme_is_the_tree() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    mapped = re.findall(r"^\| \[?`(?:kanal/)?(\w+)/?`", readme, flags=re.MULTILINE)
    assert sorted(set(mapped)) == _rooms(), "README.md has one table row per room: | `kanal/<room>/` | what it is for |"


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = {path.stem.replace("_", "-") for path in PACKAGE.rglob("management/commands/[a-z]*.py")}
    missing = sorted(name for name in commands if f"`kanal {name}" not in readme)
    assert not missing, f"one line each under Commands: {missing}"


# Code ---------------------------------------------------------------------------------------------------------------


def test_files_stay_short() -> None:
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _code_files()}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long, f"split by aggregate, never by technical kind: {long}"


def test_functions_stay_short() -> None:
    found = [
        f"{_name(path, function.lineno)} {function.name}: {length}"
        for path in _code_files()
        for function in _functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not found, f"give a part of it a name of its own: {found}"


def _local_imports(path: Path) -> Iterator[str]:
    for function in _functions(path):
        if path.name == "apps.py" and function.name == "ready":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield _name(path, node.lineno)


def test_nothing_is_imported_inside_functions() -> None:
    found = sorted({place for path in _python_files() for place in _local_imports(path)})
    assert not found, f"a local import hides a wrong direction; only AppConfig.ready() may: {found}"


def _receiver_is_rows(call: ast.Call) -> bool:
    """Whether `x.update(...)`, `x.create(...)` and so on is called on rows rather than on a dict or a hash."""
    assert isinstance(call.func, ast.Attribute)
    chain = ast.unparse(call.func.value)
    return ".objects" in chain or ".filter(" in chain or ".exclude(" in chain or chain.endswith("_set")


def _raw_writes(path: Path) -> Iterator[str]:
    managers = [
        node for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef) and node.name.endswith("Manager")
    ]
    # Django's own commands call UserManager.create_user and its siblings.
    allowed = {id(node) for manager in managers for node in ast.walk(manager)}
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or id(node) in allowed:
            continue
        verb = node.func.attr
        certain = verb == "save" and not node.args and "form" not in ast.unparse(node.func.value)
        if certain or (verb in WRITING_CALLS | {"update", "aupdate"} and _receiver_is_rows(node)):
            yield f"{_name(path, node.lineno)} .{verb}()"


def test_rows_are_written_by_verbs_only() -> None:
    found = [
        write
        for path in _code_files()
        if path.is_relative_to(PACKAGE)
        and not WRITING_PLACES & {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}
        for write in _raw_writes(path)
    ]
    assert not found, f"every write is a verb in the room's actions (one transaction, one event line): {found}"


def _verbs_at_the_door() -> set[tuple[str, str]]:
    """Module and name of what `actions` of the upper rooms offer, without classes and what only reads."""
    doors = [PACKAGE / room / "actions" / "__init__.py" for room in ("dialogue", "issues", "reports")]
    imports = [node for door in doors for node in _tree(door).body if isinstance(node, ast.ImportFrom)]
    names = {(str(node.module), alias.name) for node in imports for alias in node.names if alias.name[0].islower()}
    return {(module, name) for module, name in names if name not in {"identity_of", "partner_link", "task_from_token"}}


def test_every_verb_is_one_transaction() -> None:
    """Otherwise a deed could be done without its notice, or a notice sent without its deed."""
    verbs = _verbs_at_the_door()
    assert verbs
    found = [
        f"{_name(path, function.lineno)} {function.name}"
        for path in _code_files()
        for function in _functions(path)
        if (".".join(path.relative_to(ROOT).with_suffix("").parts), function.name) in verbs
        or "with Deed(" in ast.unparse(function)
        if "transaction.atomic" not in ast.unparse(function)
    ]
    assert not found, f"@transaction.atomic stands above every verb and above whatever opens a Deed: {found}"


def test_no_save_overrides() -> None:
    found = [
        _name(path, node.lineno)
        for path in _code_files()
        for owner in ast.walk(_tree(path))
        if isinstance(owner, ast.ClassDef) and not owner.name.endswith("Form")
        if "Protocol" not in map(ast.unparse, owner.bases)
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert not found, f"what save() would do belongs to a verb or a database constraint: {found}"


def test_every_exception_to_a_rule_says_why() -> None:
    bare = re.compile(r"#\s*(noqa|type:\s*ignore)\b[^#]*$")
    found = [
        _name(path, number)
        for path in _python_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert not found, f"write the reason behind it, after two spaces and a #: {found}"


def _unfinished(path: Path) -> Iterator[str]:
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT and re.search(r"\b(TO" r"DO|FIX" r"ME|XXX|HACK)\b", token.string):
                yield _name(path, token.start[0])


def test_nothing_is_left_for_later_in_a_comment() -> None:
    found = [place for path in _python_files() for place in _unfinished(path)]
    found += [
        _name(path)
        for path in [*_templates(), *PACKAGE.glob("**/static/**/*.js"), *PACKAGE.glob("**/static/**/*.css")]
        if re.search(r"(//|/\*|\{#|<!--).*\b(TODO|FIXME)\b", path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found, f"finish it or write it in the CHANGELOG or an ADR: {found}"


# Pages --------------------------------------------------------------------------------------------------------------


def _without_comments(template: str) -> str:
    return re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)


INLINE = {
    "a style attribute (use a class)": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event-handler attribute (use a script file)": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "an inline script without nonce": re.compile(
        r"<script(?![^>]*\b(?:src|nonce)\s*=)(?![^>]*type\s*=\s*[\"']application/(?:ld\+)?json)[^>]*>", re.IGNORECASE
    ),
    "an inline style sheet without nonce": re.compile(r"<style(?![^>]*\bnonce\s*=)[^>]*>", re.IGNORECASE),
    "a third-party address": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"']https?://", re.IGNORECASE
    ),
}


def test_templates_obey_the_content_security_policy() -> None:
    found = [
        f"{_name(path)} has {what}"
        for path in _templates()
        for what, pattern in INLINE.items()
        if pattern.search(_without_comments(path.read_text(encoding="utf-8")))
    ]
    assert not found, "\n".join(found)


def test_every_text_has_its_english_sentence() -> None:
    missing = untranslated()
    assert not missing, "run `make translations`, then write the English:\n" + "\n".join(missing)
    assert not malformed()


# Papers -------------------------------------------------------------------------------------------------------------


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", index))) == records


def _documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted(PACKAGE.glob("*/README.md"))]


def test_the_page_of_the_media_leads_to_each_of_them() -> None:
    page = (ROOT / "docs" / "media.md").read_text(encoding="utf-8")
    media = sorted(path.parent.name for path in (PACKAGE / "channels").glob("*/adapter.py"))
    missing = [name for name in media if f"(../kanal/channels/{name}/README.md)" not in page]
    assert not missing, f"docs/media.md says in which order media are set up; give these a line there: {missing}"


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{_name(document)} → {target}"
        for document in _documents()
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)


def test_make_explains_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))
    assert targets - explained == {"develop"}
