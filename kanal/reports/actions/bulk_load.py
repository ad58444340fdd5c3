"""Many finished reports at once, with all that belongs to them: for the demo and for files of other systems.

Rows go into the tables without one model instance and one round trip each. What a verb would have guaranteed (clocks,
history, masks) is the caller's to bring; the database's constraints still check every row.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import connection, models, transaction

from kanal.agencies.queries import reference
from kanal.channels.actions import hash_of
from kanal.channels.models import Address, Contact, Medium
from kanal.common.secrets import EncryptedText, encrypted
from kanal.reports.actions import indexing
from kanal.reports.models import Answer, Feedback, Follower, Report, ReportClock, ReportEvent, Supporter
from kanal.reports.queries import report_reference

CHUNK = 2_000
"""Reports per transaction: large enough to be fast, small enough that an interrupted run loses little."""

Row = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Who reported, and how they can be reached; handles in their normal form (+62…, lower-case e-mail)."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def handles(self) -> list[tuple[str, str]]:
        """The ways to reach them, e-mail first, as (medium, handle)."""
        wanted = ((Medium.EMAIL.value, self.email), (Medium.PHONE.value, self.phone))
        return [(medium, handle) for medium, handle in wanted if handle]


@dataclass(slots=True, eq=False)
class Story:
    """One report with everything that happened to it; rows are dictionaries of column attributes.

    An event's `answer_no` stands for the primary key of that answer. `merged_into` is an earlier story of the batch.
    """

    report: Row
    person: Person | None = None
    events: list[Row] = field(default_factory=list)
    clocks: list[ReportClock] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    feedback: Row | None = None
    supporters: list[Row] = field(default_factory=list)
    merged_into: "Story | None" = None


@transaction.atomic
def load(stories: Sequence[Story]) -> list[int]:
    """Write a batch in one transaction and return the reports' primary keys, in order.

    Raises IntegrityError, and writes nothing, when a row breaks a constraint of the database.
    """
    ids = _reserve(Report, len(stories))
    for story, pk in zip(stories, ids, strict=True):
        story.report["id"] = pk
    owned = _people(stories)
    for story in stories:
        story.report["merged_into_id"] = story.merged_into.report["id"] if story.merged_into else None
    _write(Report, [story.report for story in stories])
    _write(Follower, list(_followers(owned)))
    _write_answers(stories)
    _write(ReportEvent, [event | {"report_id": s.report["id"]} for s in stories for event in s.events])
    _write(ReportClock, [c.__dict__ | {"report_id": s.report["id"]} for s in stories for c in s.clocks])
    _write(Feedback, [s.feedback | {"report_id": s.report["id"]} for s in stories if s.feedback])
    _write(Supporter, [row | {"report_id": s.report["id"]} for s in stories for row in s.supporters])
    indexing.index([(story.report["id"], _words(story.report)) for story in stories])
    transaction.on_commit(_begin_log_anew)
    return ids


def _begin_log_anew() -> None:
    """Let SQLite start its write-ahead log from the front: two processes that load without a pause never let it.

    A million reports left a log of forty gigabytes without this. A database that is busy just now is asked next time.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()


def _words(report: Row) -> str:
    region = reference().regions.get(report.get("region_id") or 0)
    category = report_reference().categories.get(report.get("category_id") or 0)
    return indexing.words_from(report, region.place if region else "", category.name if category else "")


def _write_answers(stories: Sequence[Story]) -> None:
    """Number the answers, so that the line of history that published one can name it."""
    count = sum(len(story.answers) for story in stories)
    numbers = iter(_reserve(Answer, count) if count else ())
    for story in stories:
        for answer in story.answers:
            answer |= {"id": next(numbers), "report_id": story.report["id"]}  # changes it in place
        for event in story.events:
            place = event.pop("answer_no", None)
            if place is not None:
                event["data"] = {"answer": story.answers[place]["id"]}
    _write(Answer, [answer for story in stories for answer in story.answers])


# People -------------------------------------------------------------------------------------------------------------


def _people(stories: Sequence[Story]) -> list[tuple[Story, list[int]]]:
    """Give every story its contact, known or new, and return the addresses that belong to it."""
    named = [story for story in stories if story.person]
    hashes = {
        (medium, hash_of(medium, handle)): handle
        for story in named
        for medium, handle in (story.person.handles() if story.person else ())
    }
    known = {
        (medium, key): (pk, contact)
        for pk, contact, medium, key in Address.objects.filter(
            handle_hash__in=[key for _medium, key in hashes]
        ).values_list("pk", "contact_id", "medium", "handle_hash")
    }
    contacts: list[Row] = []
    addresses: list[Row] = []
    fresh_contacts = iter(_reserve(Contact, len(named)) if named else ())
    fresh_addresses = iter(_reserve(Address, len(hashes)) if hashes else ())
    owned = []
    for story in named:
        handles = [(m, h, hash_of(m, h)) for m, h in (story.person.handles() if story.person else ())]
        found = [known[m, key] for m, _handle, key in handles if (m, key) in known]
        contact = found[0][1] if found else next(fresh_contacts)
        if not found and story.person:
            contacts.append({"id": contact, "name": story.person.name, "created_at": story.report["received_at"]})
        for medium, handle, key in handles:
            if (medium, key) not in known:
                pk = next(fresh_addresses)
                known[medium, key] = (pk, contact)
                row = {"id": pk, "contact_id": contact, "medium": medium, "handle": handle, "handle_hash": key}
                addresses.append(row)
        story.report["contact_id"] = contact
        owned.append((story, [known[medium, key][0] for medium, _handle, key in handles]))
    _write(Contact, contacts)
    _write(Address, addresses)
    return owned


def _followers(owned: Iterable[tuple[Story, list[int]]]) -> Iterable[Row]:
    """Reporters follow their own report, and the main one when theirs was merged."""
    seen: set[tuple[int, int]] = set()
    for story, addresses in owned:
        since = story.report["received_at"]
        for target in (story, story.merged_into):
            for address in addresses if target else ():
                key = (target.report["id"], address) if target else (0, 0)
                if key not in seen:
                    seen.add(key)
                    yield {
                        "report_id": key[0],
                        "address_id": address,
                        "reporter": target is story,
                        "confirmed_at": since,
                        "created_at": since,
                    }


# Tables -------------------------------------------------------------------------------------------------------------


def _reserve(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that nobody else will use; call it inside the transaction that uses them."""
    table = model._meta.db_table  # noqa: SLF001  # Django's documented model API
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # BEGIN IMMEDIATE holds the only write lock, so the counter cannot move under us.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            first = (row[0] if row else 0) + 1
            return list(range(first, first + count))
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def _plain_moment(value: datetime) -> str:
    """A moment as Django writes it on SQLite; its own adapter takes ten times as long, and there are 25 in a story."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _json(value: Any) -> str:
    return json.dumps(value) if value else "[]" if isinstance(value, list) else "{}"


def _converter(column: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a value of this column is handed to the database driver; None when it goes as it is."""
    if isinstance(column, EncryptedText):
        return encrypted
    if isinstance(column, models.JSONField):
        return _json
    if connection.vendor == "sqlite" and isinstance(column, models.DateTimeField):
        return _plain_moment
    return date.isoformat if connection.vendor == "sqlite" and isinstance(column, models.DateField) else None


class _Table:
    """The columns of a model, and how a row of attributes becomes a row of the database."""

    def __init__(self, model: type[models.Model], *, with_key: bool) -> None:
        facts = model._meta  # noqa: SLF001  # Django's documented model API
        columns = [column for column in facts.concrete_fields if with_key or not column.primary_key]
        quote = connection.ops.quote_name
        self.name = quote(facts.db_table)
        self.columns = ", ".join(quote(str(column.column)) for column in columns)
        self.marks = ", ".join(["%s"] * len(columns))
        self._defaults: dict[str, Any] = {str(column.attname): column.get_default() for column in columns}
        self._pick = itemgetter(*self._defaults)
        places = enumerate(map(_converter, columns))
        self._converters = [(place, convert) for place, convert in places if convert]

    def row(self, given: dict[str, Any]) -> list[Any]:
        """The values in the order of the columns; what a row leaves out gets the model's default."""
        values = list(self._pick(self._defaults | given))
        for place, convert in self._converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        return values


@cache
def _table(model: type[models.Model], *, with_key: bool) -> _Table:
    return _Table(model, with_key=with_key)


def _write(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of column attributes."""
    if not rows:
        return
    table = _table(model, with_key=rows[0].get("id") is not None)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table.name} ({table.columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(table.row(row))
            return
        cursor.executemany(
            f"INSERT INTO {table.name} ({table.columns}) VALUES ({table.marks})",  # noqa: S608  # names of our own columns
            [table.row(row) for row in rows],
        )
