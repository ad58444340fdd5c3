"""What was printed stays the same for ever: the database refuses to change an edition."""

from django.db import migrations

from kanal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("brief", "0001_editions")]
    operations = [append_only("brief_edition", name="brief_edition", words="an edition is append-only")]
