import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='regency',
            name='address',
            field=models.CharField(blank=True, max_length=200, verbose_name='alamat'),
        ),
        migrations.AddField(
            model_name='regency',
            name='office',
            field=models.CharField(blank=True, max_length=120, verbose_name='nama kantor'),
        ),
        migrations.AddField(
            model_name='regency',
            name='website',
            field=models.CharField(blank=True, max_length=200, validators=[django.core.validators.URLValidator(schemes=['https', 'http'])], verbose_name='situs web'),
        ),
        migrations.AddField(
            model_name='regency',
            name='whatsapp',
            field=models.CharField(blank=True, max_length=20, validators=[django.core.validators.RegexValidator('^(\\+62|0)8[\\d -]{7,15}$')], verbose_name='WhatsApp'),
        ),
    ]
