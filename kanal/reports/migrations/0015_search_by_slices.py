"""PostgreSQL's search rows learn the stretch of ids to which they belong (kanal.reports.queries.search)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TELL = "UPDATE reports_search SET words = words || array_to_tsvector(ARRAY['/' || (report_id >> 14)])"
FORGET = "UPDATE reports_search SET words = ts_delete(words, '/' || (report_id >> 14))"


def tell(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(TELL)


def forget(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FORGET)


class Migration(migrations.Migration):
    dependencies = [("reports", "0014_wordings")]
    operations = [migrations.RunPython(tell, forget)]
