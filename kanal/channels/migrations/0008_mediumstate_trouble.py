from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0007_merged_contacts")]

    operations = [
        migrations.AddField(
            model_name="mediumstate",
            name="trouble",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
    ]
