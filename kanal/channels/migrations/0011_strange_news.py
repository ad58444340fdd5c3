from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0010_outages")]

    operations = [
        migrations.AddField(
            model_name="passing",
            name="strange",
            field=models.BooleanField(default=False, verbose_name="belum dikenal"),
        ),
    ]
