"""Keep the texts that the bundle brought, not only their digests."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0003_edition")]

    operations = [
        migrations.AddField(
            model_name="provided",
            name="texts",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
