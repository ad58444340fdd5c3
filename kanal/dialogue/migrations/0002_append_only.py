"""The history of an episode is never rewritten: the database refuses it."""

from django.db import migrations

from kanal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("dialogue", "0001_initial")]
    operations = [append_only("dialogue_episodeevent", name="dialogue_event", words="the history of an episode is append-only")]
