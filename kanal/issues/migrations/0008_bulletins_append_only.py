"""The history of a bulletin is never rewritten: the database refuses it."""

from django.db import migrations

from kanal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("issues", "0007_bulletins")]
    operations = [
        append_only("issues_bulletinevent", name="issues_bulletin", words="the history of a bulletin is append-only")
    ]
