import core.kernel.clock
import core.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('security', '0001_known_browsers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StandIn',
            fields=[
                ('id', models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('staff', 'staff'), ('operator', 'operator')], max_length=10)),
                ('by_name', models.CharField(max_length=200)),
                ('operator_key', models.UUIDField(blank=True, null=True)),
                ('reason', models.CharField(max_length=500)),
                ('may_change', models.BooleanField(default=True)),
                ('asked_at', models.DateTimeField(default=core.kernel.clock.now)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stand_ins', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='stood_in_for', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sign-in for somebody else',
                'verbose_name_plural': 'sign-ins for somebody else',
                'ordering': ('-asked_at', '-id'),
                'indexes': [models.Index(fields=['kind', '-asked_at', '-id'], name='stand_in_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'staff'), ('operator_key', None)), models.Q(('by', None), ('kind', 'operator'), ('operator_key__isnull', False)), _connector='OR'), name='stand_in_of_one_kind')],
            },
        ),
    ]
