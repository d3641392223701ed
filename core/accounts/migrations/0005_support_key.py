from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_staff_role"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="support_key",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
    ]
