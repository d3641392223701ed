from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0004_provided_texts")]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="asked_data",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
