from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mentorships", "0006_made_by_the_team"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mentorship",
            index=models.Index(
                condition=models.Q(("state__in", ["changes_asked", "proposed"])),
                fields=["waiting_since"],
                name="mentorship_unanswered",
            ),
        ),
    ]
