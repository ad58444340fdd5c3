from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0009_held_lines")]

    operations = [
        migrations.AddField(
            model_name="mediumstate",
            name=name,
            field=models.DateTimeField(blank=True, null=True),
        )
        for name in ("failing_since", "down_since", "looks_failing_since", "looks_down_since")
    ]
