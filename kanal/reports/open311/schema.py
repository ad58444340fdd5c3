"""GeoReport v2 as an OpenAPI 3.1 document: the answers as typed shapes, the parameters of writing from their form."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from kanal.common.fields import Words
from kanal.reports.models import ServiceAttribute
from kanal.reports.open311.asking import MOST
from kanal.reports.open311.forms import RemarkForm, RequestForm

Node = dict[str, Any]
_REF = "#/components/schemas/{name}"
_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
_JSON = "application/json"
_FAULTS: dict[int, str] = {
    400: "Isian keliru, dengan kalimatnya.",
    403: "api_key kosong atau tidak berlaku.",
    404: "Tidak ada.",
    405: "Cara panggil yang tidak dikenal alamat ini.",
    429: "Terlalu sering.",
    503: "Kanal sedang bermasalah.",
}


class Service(msgspec.Struct):
    """Satu jenis laporan."""

    service_code: str
    service_name: str
    description: str | None
    metadata: bool
    type: Literal["realtime", "blackbox"]
    keywords: str | None
    group: str | None


class Choice(msgspec.Struct):
    """Satu pilihan jawaban."""

    key: str
    name: str


class Question(msgspec.Struct, kw_only=True):
    """Satu pertanyaan sebuah jenis laporan."""

    variable: bool
    code: str
    datatype: Annotated[str, Meta(extra_json_schema={"enum": ServiceAttribute.Datatype.values})]
    required: bool
    datatype_description: str | None
    order: int
    description: str
    values: list[Choice] | msgspec.UnsetType = msgspec.UNSET


class Definition(msgspec.Struct):
    """Pertanyaan sebuah jenis laporan."""

    service_code: str
    attributes: list[Question]


class Request(msgspec.Struct):
    """Satu laporan yang tampil untuk umum, atau keadaannya saja bila belum."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str | None
    service_name: str
    service_code: str
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


class Receipt(msgspec.Struct, kw_only=True):
    """Tanda terima: kode, atau token bila kodenya menyusul; laporan pengawasan tanpa keduanya."""

    service_request_id: str | msgspec.UnsetType = msgspec.UNSET
    token: str | msgspec.UnsetType = msgspec.UNSET
    service_notice: str
    account_id: None


class Token(msgspec.Struct):
    """Kode di balik sebuah token; kosong selama laporannya belum diperiksa."""

    service_request_id: str | None
    token: str


class Update(msgspec.Struct):
    """Satu kabar sebuah laporan."""

    update_id: str
    service_request_id: str
    status: str
    updated_datetime: datetime
    description: str
    media_url: str | None


class UpdateReceipt(msgspec.Struct):
    """Tanda terima sebuah kabar."""

    update_id: str


class Error(msgspec.Struct):
    """Satu sebab penolakan."""

    code: int
    description: str


class Endpoint(msgspec.Struct):
    """Satu alamat API."""

    specification: str
    url: str
    changeset: datetime
    type: Literal["production", "test"]
    formats: list[str]


class Discovery(msgspec.Struct):
    """Di mana API-nya dan bagaimana kuncinya didapat."""

    changeset: datetime
    contact: str
    key_service: str
    endpoints: list[Endpoint]


_MODELS = (Service, Definition, Request, Receipt, Token, Update, UpdateReceipt, Error, Discovery)


def _ref(model: type) -> Node:
    return {"$ref": _REF.format(name=model.__name__)}


def _query(name: str, words: str, **rules: object) -> Node:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": {"type": "string", **rules}}


def _path(name: str, words: str) -> Node:
    rules = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[A-Za-z0-9_-]+$"}
    return {"name": name, "in": "path", "required": True, "description": words, "schema": rules}


_JURISDICTION = _query("jurisdiction_id", "Boleh kosong; selain kabupaten ini 404.")
_SPAN = [
    _query("start_date", "Sejak kapan (W3C); paling panjang 90 hari.", format="date-time"),
    _query("end_date", "Sampai kapan (W3C).", format="date-time"),
]
_LIST = [
    _JURISDICTION,
    _query("service_request_id", "Kode, boleh beberapa dengan koma; mengalahkan saringan lain."),
    _query("service_code", "Jenis, boleh beberapa dengan koma."),
    *_SPAN,
    _query("status", "open, closed, atau keduanya dengan koma.", enum=["", "open", "closed", "open,closed"]),
    _query("page", "Halaman.", pattern="^[1-9][0-9]{0,2}$"),
    _query("page_size", f"Baris sehalaman, paling banyak {MOST}.", pattern="^[1-9][0-9]{0,2}$"),
]


def _answers(schema: Node, words: str | None, faults: set[int]) -> Node:
    good = {"200": {"description": words or "", "content": {_JSON: {"schema": schema}}}}
    refused = {"type": "array", "items": _ref(Error)}
    return good | {
        str(code): {"description": _FAULTS[code], "content": {_JSON: {"schema": refused}}} for code in sorted(faults)
    }


def _reading(name: str, model: type, parameters: list[Node], *, several: bool = True) -> Node:
    """A GET; anything it can refuse."""
    schema: Node = {"type": "array", "items": _ref(model)} if several else _ref(model)
    return {
        "operationId": name,
        "summary": model.__doc__,
        "parameters": parameters,
        "responses": _answers(schema, model.__doc__, {400, 403, 404, 405, 429, 503}),
    }


def _properties(form: type[RequestForm | RemarkForm]) -> Node:
    """The parameters of a form, each with how long it may be."""
    return {
        name: {"type": "string", "maxLength": field.most} if isinstance(field, Words) else {"type": "string"}
        for name, field in form.base_fields.items()
    }


def _writing(name: str, model: type, properties: Node, required: list[str], *, files: bool) -> Node:
    shape = {"type": "object", "required": required, "properties": properties}
    content: Node = {_FORM: {"schema": shape}}
    if files:
        media = {"type": "array", "maxItems": 5, "items": {"type": "string", "format": "binary"}}
        content[_PARTS] = {"schema": {**shape, "properties": {**properties, "media": media}}}
    return {
        "operationId": name,
        "summary": model.__doc__,
        "requestBody": {"required": True, "content": content},
        "responses": _answers(
            {"type": "array", "items": _ref(model)}, model.__doc__, {400, 403, 404, 405, 413, 429, 503} & set(_FAULTS)
        ),
    }


def _paths() -> Node:
    ours: Node = {"jurisdiction_id": {"type": "string"}, "api_key": {"type": "string", "maxLength": 200}}
    filing = {**ours, "service_code": {"type": "string", "maxLength": 80}, **_properties(RequestForm)}
    filing["media_url"] = {"type": "string", "format": "uri", "maxLength": 500}
    key = _query("api_key", "Dengan kunci: hanya laporan dari aplikasi itu.", maxLength=200)
    token, code = _path("token", "Token dari tanda terima."), _path("service_request_id", "Kode laporan.")
    return {
        "/discovery.json": {"get": _reading("discovery", Discovery, [], several=False)},
        "/v2/services.json": {"get": _reading("services", Service, [_JURISDICTION])},
        "/v2/services/{service_code}.json": {
            "get": _reading("service", Definition, [_path("service_code", "Jenis."), _JURISDICTION], several=False)
        },
        "/v2/requests.json": {
            "get": _reading("requests", Request, _LIST),
            "post": _writing("fileRequest", Receipt, filing, ["api_key", "service_code"], files=True),
        },
        "/v2/requests/{service_request_id}.json": {"get": _reading("request", Request, [code, _JURISDICTION])},
        "/v2/tokens/{token}.json": {"get": _reading("token", Token, [token, _JURISDICTION])},
        "/v2/servicerequestupdates.json": {
            "get": _reading("updates", Update, [_JURISDICTION, *_SPAN, key]),
            "post": _writing(
                "addUpdate",
                UpdateReceipt,
                {**ours, **_properties(RemarkForm)},
                ["api_key", *RemarkForm.base_fields],
                files=False,
            ),
        },
    }


@cache
def document(base: str, regency: str) -> Node:
    """The whole document for an installation."""
    _out, shapes = msgspec.json.schema_components(_MODELS, ref_template=_REF)
    words = "Open311 GeoReport v2 dalam JSON. Ganti .json dengan .xml untuk XML."
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Kanal {regency}: Open311", "version": "2.0", "description": words},
        "servers": [{"url": f"{base}/open311"}],
        "paths": _paths(),
        "components": {"schemas": shapes},
    }
