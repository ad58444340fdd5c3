"""What the ranking once weighed is never rewritten: the database refuses it."""

from django.db import migrations

from kanal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("issues", "0004_weights")]
    operations = [append_only("issues_weighing", name="issues_weighing", words="the weights of the ranking are append-only")]
