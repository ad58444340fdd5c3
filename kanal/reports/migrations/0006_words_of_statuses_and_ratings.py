"""The words of statuses and ratings, as the pages say them; the tables stay as they are."""

import kanal.reports.workflow
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_question_before_an_agency"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="feedback",
            options={"verbose_name": "nilai", "verbose_name_plural": "nilai"},
        ),
        migrations.AlterField(
            model_name="reason",
            name="use",
            field=models.CharField(
                choices=[
                    ("archive", "mengarsipkan"),
                    ("return", "bukan wewenang"),
                    ("cause", "penyebab, dicatat saat menutup"),
                    ("satisfied", "nilai puas"),
                    ("unsatisfied", "nilai tidak puas"),
                ],
                max_length=12,
                verbose_name="dipakai untuk",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="status",
            field=models.CharField(
                choices=[
                    ("received", "Belum diteruskan"),
                    ("assigned", "Belum ditangani"),
                    ("in_progress", "Ditangani"),
                    ("needs_info", "Menunggu pelapor"),
                    ("answered", "Dijawab"),
                    ("closed", "Selesai"),
                    ("merged", "Digabung"),
                    ("archived", "Diarsipkan"),
                ],
                default=kanal.reports.workflow.Status["RECEIVED"],
                max_length=12,
                verbose_name="keadaan",
            ),
        ),
    ]
