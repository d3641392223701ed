from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0001_initial'),
    ]

    operations = [
        migrations.RemoveField(model_name='meeting', name='details_sent'),
        migrations.AddField(
            model_name='meeting', name='sent_to_mentor', field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name='meeting', name='sent_to_mentee', field=models.BooleanField(default=False)
        ),
    ]
