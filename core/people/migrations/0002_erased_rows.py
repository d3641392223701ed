"""A row of a file can be about somebody who was erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("people", "0001_invitations_and_files"),)
    operations = (
        migrations.AlterField(
            model_name="importrow",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("changed", "Changed"),
                    ("unchanged", "Unchanged"),
                    ("refused", "Refused"),
                    ("erased", "Erased before"),
                ],
                max_length=10,
            ),
        ),
    )
