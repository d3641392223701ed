import core.kernel.clock
import core.kernel.ids
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("mentorships", "0005_taken_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Counting",
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
                ("at", models.DateTimeField(default=core.kernel.clock.now)),
                ("first_month", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="one_counting")
                ],
            },
        ),
        migrations.CreateModel(
            name="Searcher",
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
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("days", models.PositiveIntegerField(default=1)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Tally",
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
                ("segment", models.CharField(blank=True, max_length=130)),
                ("month", models.DateField()),
                ("measure", models.CharField(max_length=24)),
                ("key", models.CharField(blank=True, max_length=140)),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment", "month", "measure", "key"),
                        include=("count",),
                        name="tally_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberFacts",
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
                (
                    "side",
                    models.CharField(
                        choices=[("member", "Member"), ("mentee", "Mentee"), ("mentor", "Mentor")],
                        max_length=8,
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("listed", models.BooleanField(default=False)),
                ("open", models.BooleanField(default=False)),
                ("reached", models.PositiveSmallIntegerField(default=0)),
                ("joined_on", models.DateField()),
                ("complete_on", models.DateField(null=True)),
                ("searched_on", models.DateField(null=True)),
                ("requested_on", models.DateField(null=True)),
                ("matched_on", models.DateField(null=True)),
                ("talked_on", models.DateField(null=True)),
                ("completed_on", models.DateField(null=True)),
                ("over_on", models.DateField(null=True)),
                ("again_on", models.DateField(null=True)),
                ("seen_on", models.DateField(null=True)),
                (
                    "segments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=130), default=list, size=None
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["side", "joined_on"], name="facts_by_day"),
                    models.Index(
                        condition=models.Q(("over_on__isnull", False)),
                        fields=["over_on"],
                        name="facts_over",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["segments"], name="facts_by_segment"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "side"), name="facts_once_a_side")
                ],
            },
        ),
        migrations.CreateModel(
            name="Nudge",
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
                ("at", models.DateTimeField(default=core.kernel.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mentorship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mentorships.mentorship",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["mentorship", "-at"], name="nudge_latest")],
            },
        ),
        migrations.CreateModel(
            name="PairFacts",
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
                ("sent_on", models.DateField()),
                ("answer_hours", models.PositiveIntegerField(null=True)),
                ("matched_on", models.DateField(null=True)),
                ("talked_on", models.DateField(null=True)),
                ("completed_on", models.DateField(null=True)),
                ("over_on", models.DateField(null=True)),
                ("running", models.BooleanField(default=False)),
                (
                    "segments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=130), default=list, size=None
                    ),
                ),
                (
                    "mentorship",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mentorships.mentorship",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sent_on"], name="pair_sent"),
                    models.Index(
                        condition=models.Q(("matched_on__isnull", False)),
                        fields=["matched_on"],
                        name="pair_matched",
                    ),
                    models.Index(
                        condition=models.Q(("completed_on__isnull", False)),
                        fields=["completed_on"],
                        name="pair_completed",
                    ),
                    models.Index(
                        condition=models.Q(("running", True)),
                        fields=["matched_on"],
                        name="pair_running",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["segments"], name="pair_by_segment"
                    ),
                ],
            },
        ),
    ]
