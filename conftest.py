"""What every test of Kanal may ask for. A room's own factories live in its tests/ folder."""

import itertools
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management.commands import flush
from django.core.management.sql import sql_flush
from django.db import connections
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, Playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.support import databases
from tests.support.browser import DESKTOP, PHONE, Watch, assert_accessible, chromium_path

# A busy machine is no fault: how long something may take is said by the tests that are about that.
hypothesis.settings.register_profile("kanal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("kanal")
_PEOPLE, _PLACES = ("people", "citizens", "town"), ("media", "simulator", "installation")
pytest_plugins = [f"tests.support.{name}" for name in (*_PLACES, *_PEOPLE)]

_BROWSER_FIXTURES = {"playwright", "browser", "new_page", "phone", "desktop"}
_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "template", "urls"}


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs that tests start, even where the shell that started the tests ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever asks for a browser is a browser test, marked or not."""
    if _BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
        item.add_marker("browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put browser tests last: Playwright leaves a running event loop in the thread, which no other test should meet.

    What never meets a database says nothing new on PostgreSQL and is left to the run on SQLite.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if not _on_sqlite():
        idle = [item for item in items if not _meets_a_database(item)]
        config.hook.pytest_deselected(items=idle)
        items[:] = [item for item in items if _meets_a_database(item)]


def _meets_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(_DATABASE_FIXTURES & fixtures) or item.get_closest_marker("django_db") is not None


# The databases ------------------------------------------------------------------------------------------------------


def _on_sqlite() -> bool:
    return connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,  # noqa: ARG001  # it names the databases of each worker
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Give each worker a copy of a migrated database.

    On SQLite a file rather than memory: live server threads then have connections of their own, as in production, and
    a test can start a second process on the same database.
    """
    if _on_sqlite():
        path = databases.copy_to(tmp_path_factory.mktemp("database"))
        connections["default"].settings_dict["TEST"]["NAME"] = str(path)
    else:
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = databases.migrated_postgres()
    yield
    connections.close_all()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Take the copied SQLite file as it is; on PostgreSQL do as the command line says."""
    return _on_sqlite() or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session", autouse=True)
def _emptying_takes_the_search_table_along() -> Iterator[None]:
    """Let tests that commit empty the database.

    PostgreSQL truncates no table that another refers to without CASCADE, and Django does not know the search table.
    """
    plain = sql_flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", lambda *given, **options: plain(*given, **{**options, "allow_cascade": True}))
        yield


@pytest.fixture(scope="session", autouse=True)
def _folder_of_static_files() -> None:
    """Make the folder that WhiteNoise looks into: it warns about a missing one, and warnings are errors."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_for_once() -> Iterator[None]:
    """Look at the static files once: every test client builds the middlewares anew, an eighth of a test's time."""
    found: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


# A clean house for every test ---------------------------------------------------------------------------------------

_media_folders = itertools.count()


@pytest.fixture(scope="session")
def _files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _clean_house(settings: Settings, _files: Path) -> Iterator[None]:
    """Own folder for uploads, fast passwords, an empty cache (rate limits live there) and Indonesian as language."""
    settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.MEDIA_ROOT = _files / str(next(_media_folders))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


# Browsers -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """Playwright, with Django told that database calls under its event loop are meant.

    Playwright's synchronous interface runs a loop in this thread; Django would refuse every query of the test itself.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright


@pytest.fixture(scope="session")
def base_url() -> None:
    """Stand in for the plugin's own fixture, which pytest 9 warns about; each context gets `live_url` instead."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium; without its sandbox, which cannot start for root or in a container."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": chromium_path(), "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Place the browser in Bojonegoro, without animations to wait for."""
    return {
        **browser_context_args,
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def live_url(live_server: LiveServer) -> str:
    """Give the address of a running Kanal on the test database, without a slash at its end."""
    return str(live_server.url)


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext], live_url: str) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own for each person: `new_page(PHONE)`; more arguments go to the browser context.

    Paths are enough for `page.goto("/lapor/")`. The test fails if a page threw a script error, met its own Content
    Security Policy or asked a third party for anything.
    """
    watches: list[Watch] = []

    def open_page(screen: dict[str, Any], **options: Any) -> Page:
        page = new_context(base_url=live_url, **{**screen, **options}).new_page()
        page.set_default_timeout(10_000)
        watches.append(Watch(page, live_url))
        return page

    yield open_page
    for watch in watches:
        watch.page.context.close()  # before the database is emptied under a page that still asks for something
    faults = [fault for watch in watches for fault in watch.faults]
    if faults:
        pytest.fail("\n".join(faults))


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """Open a page on a phone, 360 px wide."""
    return new_page(PHONE)


@pytest.fixture
def desktop(new_page: Callable[..., Page]) -> Page:
    """Open a page on an office screen, 1280 px wide."""
    return new_page(DESKTOP)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Give `axe(page)`, which fails when the page has a serious or critical accessibility problem."""
    return assert_accessible
