from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0008_mediumstate_trouble")]

    operations = [
        migrations.AddField(
            model_name="mediumstate",
            name="held_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="mediumstate",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
