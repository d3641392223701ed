"""Every closed account says since when; who deleted their own is a mark beside it.

Of accounts that the team closed earlier the date is that of the last entry in the audit trail, or
else when they were last seen.
"""

from django.db import migrations, models

SORT = """
UPDATE accounts_person SET last_closed_at = closed_at WHERE closed_at IS NOT NULL;
UPDATE accounts_person SET closed_by_owner = TRUE
WHERE NOT is_active AND closed_at IS NOT NULL AND erased_at IS NULL AND merged_into_id IS NULL;
UPDATE accounts_person SET closed_at = NULL WHERE is_active;
UPDATE accounts_person SET closed_at = COALESCE(
    (SELECT MAX(at) FROM kernel_auditentry
     WHERE verb = 'person deactivated' AND thing_id = accounts_person.id::text),
    GREATEST(last_login, joined_at)
)
WHERE NOT is_active AND closed_at IS NULL;
UPDATE accounts_person SET last_closed_at = closed_at WHERE last_closed_at IS NULL AND NOT is_active
"""
BACK = """
UPDATE accounts_person SET closed_at = NULL WHERE NOT closed_by_owner AND merged_into_id IS NULL
AND erased_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = (("accounts", "0007_erased"), ("kernel", "0001_initial"))
    operations = (
        migrations.AlterField(
            model_name="person",
            name="closed_at",
            field=models.DateTimeField("closed on", null=True, blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="person",
            name="closed_by_owner",
            field=models.BooleanField("deleted by themselves", default=False, editable=False),
        ),
        migrations.AddField(
            model_name="person",
            name="last_closed_at",
            field=models.DateTimeField(null=True, blank=True, editable=False),
        ),
        migrations.RunSQL(SORT, BACK),
    )
