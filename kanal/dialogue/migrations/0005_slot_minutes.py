"""How long a topic is talked about, and topics that ask about a promise."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dialogue', '0004_commitments_append_only'),
        ('issues', '0005_weights_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='slot',
            name='commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='dialogue.commitment', verbose_name='janji'),
        ),
        migrations.AddField(
            model_name='slot',
            name='minutes',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='lama (menit)'),
        ),
        migrations.AddConstraint(
            model_name='slot',
            constraint=models.UniqueConstraint(condition=models.Q(('commitment__isnull', False)), fields=('episode', 'commitment'), name='slot_commitment_once'),
        ),
        migrations.AddConstraint(
            model_name='slot',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__range', (1, 720))), name='slot_minutes_sensible'),
        ),
    ]
