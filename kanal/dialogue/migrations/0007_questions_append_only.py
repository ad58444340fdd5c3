"""The history of a question is never rewritten: the database refuses it."""

from django.db import migrations

from kanal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("dialogue", "0006_questions")]
    operations = [
        append_only(
            "dialogue_questionevent",
            name="dialogue_question_event",
            words="the history of a question is append-only",
        )
    ]
