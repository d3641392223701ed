from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_copies")]

    operations = [
        migrations.AddField(
            model_name="erasure",
            name="doomed",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
