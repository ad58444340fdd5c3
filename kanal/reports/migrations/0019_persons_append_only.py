"""What was done about persons is never rewritten: the database refuses it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("reports_contactdeed", "reports_contactmove")
WORDS = "what was done about a contact is append-only"


def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    if not sqlite:
        editor.execute(
            "CREATE FUNCTION reports_persons_refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
        )
    for table in TABLES:
        does = (
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            if sqlite
            else "FOR EACH ROW EXECUTE FUNCTION reports_persons_refuse_update()"
        )
        editor.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} {does}")


def tear_down(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    for table in TABLES:
        editor.execute(f"DROP TRIGGER {table}_append_only" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        editor.execute("DROP FUNCTION reports_persons_refuse_update()")


class Migration(migrations.Migration):
    dependencies = [("reports", "0018_persons")]
    operations = [migrations.RunPython(build, tear_down)]
