"""What the ranking once weighed is never rewritten: the database refuses it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WORDS = "the weights of the ranking are append-only"
TRIGGER = "CREATE TRIGGER issues_weighing_append_only BEFORE UPDATE ON issues_weighing "


def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute(TRIGGER + f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END")
        return
    editor.execute(
        "CREATE FUNCTION issues_weighing_refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    editor.execute(TRIGGER + "FOR EACH ROW EXECUTE FUNCTION issues_weighing_refuse_update()")


def tear_down(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER issues_weighing_append_only")
        return
    editor.execute("DROP TRIGGER issues_weighing_append_only ON issues_weighing")
    editor.execute("DROP FUNCTION issues_weighing_refuse_update()")


class Migration(migrations.Migration):
    dependencies = [("issues", "0004_weights")]
    operations = [migrations.RunPython(build, tear_down)]
