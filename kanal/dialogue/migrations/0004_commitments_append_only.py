"""The history of a promise is never rewritten: the database refuses it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WORDS = "the history of a promise is append-only"
TRIGGER = "CREATE TRIGGER dialogue_promise_event_append_only BEFORE UPDATE ON dialogue_commitmentevent "


def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute(TRIGGER + f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END")
        return
    editor.execute(
        "CREATE FUNCTION dialogue_promise_event_refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    editor.execute(TRIGGER + "FOR EACH ROW EXECUTE FUNCTION dialogue_promise_event_refuse_update()")


def tear_down(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER dialogue_promise_event_append_only")
        return
    editor.execute("DROP TRIGGER dialogue_promise_event_append_only ON dialogue_commitmentevent")
    editor.execute("DROP FUNCTION dialogue_promise_event_refuse_update()")


class Migration(migrations.Migration):
    dependencies = [("dialogue", "0003_commitments")]
    operations = [migrations.RunPython(build, tear_down)]
