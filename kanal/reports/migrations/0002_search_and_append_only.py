"""The search table and the append-only history: both need the database's own words."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    # detail=none: single words and prefixes are all that is asked; the index is a third of its usual size.
    (
        "CREATE VIRTUAL TABLE reports_search USING fts5(words, prefix='2 3', detail=none, tokenize='unicode61 remove_diacritics 2')",
        "DROP TABLE reports_search",
    ),
    (
        "CREATE TRIGGER reports_event_append_only BEFORE UPDATE ON reports_reportevent "
        "BEGIN SELECT RAISE(ABORT, 'the history of a report is append-only'); END",
        "DROP TRIGGER reports_event_append_only",
    ),
]
POSTGRES = [
    (
        "CREATE TABLE reports_search (report_id bigint PRIMARY KEY REFERENCES reports_report (id) ON DELETE CASCADE "
        "DEFERRABLE INITIALLY DEFERRED, words tsvector NOT NULL)",
        "DROP TABLE reports_search",
    ),
    ("CREATE INDEX reports_search_words ON reports_search USING gin (words) WITH (fastupdate = on)", "DROP INDEX reports_search_words"),
    (
        "CREATE FUNCTION reports_event_refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the history of a report is append-only'; END $$",
        "DROP FUNCTION reports_event_refuse_update()",
    ),
    (
        "CREATE TRIGGER reports_event_append_only BEFORE UPDATE ON reports_reportevent "
        "FOR EACH ROW EXECUTE FUNCTION reports_event_refuse_update()",
        "DROP TRIGGER reports_event_append_only ON reports_reportevent",
    ),
]


def statements(editor: BaseDatabaseSchemaEditor) -> list[tuple[str, str]]:
    return SQLITE if editor.connection.vendor == "sqlite" else POSTGRES


def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    for do, _undo in statements(editor):
        editor.execute(do)


def tear_down(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    for _do, undo in reversed(statements(editor)):
        editor.execute(undo)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(build, tear_down)]
