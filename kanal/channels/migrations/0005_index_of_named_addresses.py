"""The index of messages by address leaves out those without one: most of what is filed on the web."""

import django.db.models.deletion
from django.db import migrations, models

NAME = "channels_inbound_address_id_4d13b8db"


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_language_of_an_address")]
    operations = [
        # Not left to AlterField: on SQLite that copies the whole table.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="inbound",
                    name="address",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inbounds",
                        to="channels.address",
                        verbose_name="alamat",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(f"DROP INDEX {NAME}", f"CREATE INDEX {NAME} ON channels_inbound (address_id)"),
            ],
        ),
        migrations.AddIndex(
            model_name="inbound",
            index=models.Index(
                condition=models.Q(("address__isnull", False)), fields=["address"], name="inbound_of_address"
            ),
        ),
    ]
