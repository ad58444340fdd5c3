"""The history of an issue is never rewritten: the database refuses it."""

from django.db import migrations

from kanal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [append_only("issues_issueevent", name="issues_event", words="the history of an issue is append-only")]
