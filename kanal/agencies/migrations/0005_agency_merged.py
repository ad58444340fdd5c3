from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q


def settle(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """A pointer of an agency that is still at work, or to itself, never had an effect: take it away."""
    agency = apps.get_model("agencies", "Agency")
    agency.objects.filter(Q(active=True) | Q(successor=F("id"))).update(successor=None)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_agency_successor"),
    ]

    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=Q(("successor", None), ("active", False), _connector="OR"), name="agency_merged_is_closed"
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=Q(("successor", None), Q(("successor", F("id")), _negated=True), _connector="OR"),
                name="agency_not_merged_into_itself",
            ),
        ),
    ]
