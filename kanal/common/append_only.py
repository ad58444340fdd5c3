"""Histories that the database itself refuses to rewrite."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def append_only(table: str, *, name: str, words: str) -> migrations.RunPython:
    """A migration's step that lets no row of `table` be changed; `words` is what the database says then.

    `name` begins the names of the trigger and, on PostgreSQL, of its function. A later migration that makes the table
    anew (on SQLite: any AlterField) loses the trigger and must take this step again.
    """
    trigger = f"{name}_append_only"
    created = f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} "

    def build(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            editor.execute(created + f"BEGIN SELECT RAISE(ABORT, '{words}'); END")
            return
        editor.execute(
            f"CREATE FUNCTION {name}_refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
        )
        editor.execute(created + f"FOR EACH ROW EXECUTE FUNCTION {name}_refuse_update()")

    def tear_down(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {trigger}")
            return
        editor.execute(f"DROP TRIGGER {trigger} ON {table}")
        editor.execute(f"DROP FUNCTION {name}_refuse_update()")

    return migrations.RunPython(build, tear_down)
