import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kanal.common.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0004_agency_successor'),
        ('reports', '0026_learned_models'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RoutingSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.BooleanField(default=False, verbose_name='menyala')),
                ('least', models.FloatField(default=0.95, verbose_name='paling sedikit yakin')),
                ('changed_at', models.DateTimeField(verbose_name='diubah')),
                ('category', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reports.category', verbose_name='kategori')),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='oleh')),
            ],
            options={
                'verbose_name': 'sakelar disposisi',
                'verbose_name_plural': 'sakelar disposisi',
            },
        ),
        migrations.CreateModel(
            name='SwitchChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('on', models.BooleanField()),
                ('least', models.FloatField()),
                ('why', models.CharField(blank=True, default='', max_length=200)),
                ('switch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='reports.routingswitch')),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'riwayat sakelar',
                'verbose_name_plural': 'riwayat sakelar',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='MachineDisposition',
            fields=[
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='by_machine', serialize=False, to='reports.report')),
                ('at', models.DateTimeField()),
                ('chance', models.FloatField()),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('refused_by', models.CharField(blank=True, default='', max_length=24)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agencies.agency')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reports.category')),
            ],
            options={
                'verbose_name': 'disposisi mesin',
                'verbose_name_plural': 'disposisi mesin',
                'indexes': [models.Index(fields=['category', '-at'], name='by_machine_recent')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='proposal', serialize=False, to='reports.report')),
                ('chance', models.FloatField(null=True, verbose_name='yakin')),
                ('sure', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField(null=True, verbose_name='dibuat')),
                ('agency', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agencies.agency')),
                ('category', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reports.category')),
            ],
            options={
                'verbose_name': 'usul disposisi',
                'verbose_name_plural': 'usul disposisi',
                'indexes': [models.Index(condition=models.Q(('made_at__isnull', True)), fields=['report'], name='proposal_wanted'), models.Index(fields=['made_at'], name='proposal_made')],
                'constraints': [models.CheckConstraint(condition=models.Q(('chance__isnull', True), ('chance__range', (0, 1)), _connector='OR'), name='proposal_chance')],
            },
        ),
        migrations.AddConstraint(
            model_name='routingswitch',
            constraint=models.CheckConstraint(condition=models.Q(('least__gte', 0.8), ('least__lt', 1)), name='switch_least_is_high'),
        ),
        migrations.AddConstraint(
            model_name='switchchange',
            constraint=models.CheckConstraint(condition=models.Q(('user__isnull', False), ('on', False), _connector='OR'), name='switch_on_by_a_person'),
        ),
        append_only(
            "reports_switchchange", name="reports_switch", words="the history of a routing switch is append-only"
        ),
    ]
