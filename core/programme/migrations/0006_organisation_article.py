"""Whether the organisation's name takes an article inside a sentence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("programme", "0005_asked_data"),)
    operations = (
        migrations.AddField(
            model_name="programme",
            name="organisation_article",
            field=models.CharField(
                blank=True, choices=[("", "none"), ("the", "the")], default="", max_length=3
            ),
            preserve_default=False,
        ),
    )
