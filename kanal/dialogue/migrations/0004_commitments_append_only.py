"""The history of a promise is never rewritten: the database refuses it."""

from django.db import migrations

from kanal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("dialogue", "0003_commitments")]
    operations = [append_only("dialogue_commitmentevent", name="dialogue_promise_event", words="the history of a promise is append-only")]
