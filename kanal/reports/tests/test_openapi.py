"""The OpenAPI documents are valid, and the running application keeps what they promise (schemathesis)."""

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as rules
from openapi_spec_validator import validate
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from kanal.agencies.models import Regency
from kanal.channels.app import signing
from kanal.reports.models import ApiClient, Report
from kanal.reports.open311.actions import issue_key
from kanal.reports.webhooks.actions import keeping
from kanal.reports.webhooks.openapi import SIGNATURES
from tests.support.people import People

pytestmark = pytest.mark.django_db
WEBHOOKS, OPEN311 = "/pengembang/openapi.json", "/pengembang/open311.json"
PROMISES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = rules(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""The same few examples in every run: what is looked for is a broken promise, not a rare one."""
App = Callable[[dict[str, Any], Any], Any]


class Signed:
    """The application, with every call signed on its way in as a program would.

    What brings headers that the document does not allow, or none, goes on as it is.
    """

    def __init__(self, app: App, client: ApiClient, key: str) -> None:
        self.app, self.client, self.key = app, client, key

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Sign and go on."""
        names = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in (signing.ID, signing.TIMESTAMP)}
        told = {name: environ.get(key, "") for name, key in names.items()}
        promised = re.fullmatch(SIGNATURES, environ.get("HTTP_WEBHOOK_SIGNATURE", ""))
        if promised and signing.read_headers({**told, signing.APP: "1", signing.SIGNATURE: "v1,"}):
            self._sign(environ, told[signing.ID])
        return self.app(environ, start)

    def _sign(self, environ: dict[str, Any], identifier: str) -> None:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        headers = signing.headers([self.key], identifier, int(time.time()), body)
        for name, value in {**headers, signing.APP: str(self.client.pk)}.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value


@pytest.fixture(autouse=True)
def _no_limits(settings: Settings, tmp_path: Any) -> Iterator[None]:
    settings.LIMITS = {**settings.LIMITS, "open311": (0, 600)}
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    for signal in (request_started, request_finished):  # as Django's own test client does: the connection is the test's
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    cache.clear()


@pytest.mark.parametrize("path", [WEBHOOKS, OPEN311])
@pytest.mark.usefixtures("regency")
def test_the_documents_are_valid_openapi(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
    document = json.loads(answer.content)
    assert document["openapi"] == "3.1.0"
    validate(document)


def tried(schema: Any, path: str, method: str, checks: list[Any], *, mode: GenerationMode, **given_: str) -> set[int]:
    """Call one operation with made-up cases; returns the statuses that came back."""
    statuses: set[int] = set()

    @FEW
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        if isinstance(case.body, dict):
            case.body |= given_
        answer = case.call()
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=checks)

    check()
    return statuses


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", ["/reports", "/messages", "/status"])
def test_the_webhook_calls_keep_their_promises(people: People, path: str, mode: GenerationMode) -> None:
    by = people.doing(people.kun)
    app = keeping.keep_app(app=keeping.App(name="Contoh", hourly_limit=0), by=by)
    key = keeping.change_signing_key(client=app, seen="", by=by)
    schema = schemathesis.openapi.from_wsgi(WEBHOOKS, Signed(get_wsgi_application(), app, key))
    checks = [*PROMISES, negative_data_rejection] if mode is GenerationMode.NEGATIVE else PROMISES
    statuses = tried(schema, path, "POST", checks, mode=mode)
    if mode is GenerationMode.POSITIVE and path != "/status":
        assert 201 in statuses, "something that is right is taken"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/discovery.json"),
        ("GET", "/v2/services.json"),
        ("GET", "/v2/services/{service_code}.json"),
        ("GET", "/v2/requests.json"),
        ("POST", "/v2/requests.json"),
        ("GET", "/v2/requests/{service_request_id}.json"),
        ("GET", "/v2/tokens/{token}.json"),
        ("GET", "/v2/servicerequestupdates.json"),
        ("POST", "/v2/servicerequestupdates.json"),
    ],
)
@pytest.mark.usefixtures("sari_reports")
def test_the_open311_calls_keep_their_promises(regency: Regency, method: str, path: str) -> None:
    key = issue_key(name=f"Contoh {regency.code}")
    ApiClient.objects.update(hourly_limit=0)
    Report.objects.update(published=True)
    schema = schemathesis.openapi.from_wsgi(OPEN311, get_wsgi_application())
    more = {"api_key": key, "service_code": "umum"} if method == "POST" else {}
    statuses = tried(schema, path, method, PROMISES, mode=GenerationMode.POSITIVE, **more)
    if "{" not in path and method == "GET":
        assert 200 in statuses
