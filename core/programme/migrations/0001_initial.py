import core.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("programme_name", models.CharField(max_length=120)),
                ("organisation_name", models.CharField(max_length=160)),
                ("tagline", models.CharField(blank=True, max_length=160)),
                ("contact_name", models.CharField(max_length=120)),
                ("contact_email", models.EmailField(max_length=254)),
                ("mail_sender_name", models.CharField(max_length=120)),
                ("mail_sender_address", models.EmailField(max_length=254)),
                ("mail_footer", models.TextField(blank=True, max_length=600)),
                ("time_zone", models.CharField(default="Europe/London", max_length=60)),
                ("typical_length", models.CharField(blank=True, max_length=120)),
                ("front_data", models.JSONField(default=dict)),
                ("words_data", models.JSONField(default=dict)),
                ("menus_data", models.JSONField(default=dict)),
                ("policies_data", models.JSONField(default=dict)),
                ("legal_data", models.JSONField(default=list)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programme",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("only", True)), name="programme_is_one"
                    )
                ],
            },
        ),
    ]
