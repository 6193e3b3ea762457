import django.db.models.deletion
from django.db import migrations, models

import lms.lib.places


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_send_back_reasons"),
        ("enrollment", "0001_enrolments_progress"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="plan",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="learningevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("enrolled", "Enrolled"),
                    ("assigned", "Assigned"),
                    ("lesson_completed", "Lesson done"),
                    ("lesson_undone", "Lesson undone"),
                    ("attempt_started", "Attempt started"),
                    ("attempt_submitted", "Attempt submitted"),
                    ("country_chosen", "Country chosen"),
                    ("language_chosen", "Language chosen"),
                    ("credited", "Credited from another course"),
                    ("revision_moved", "Moved to a newer revision"),
                    ("revision_kept", "Stayed with the earlier revision"),
                    ("course_completed", "Course completed"),
                    ("course_reopened", "Course reopened"),
                    ("withdrew", "Left the course"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    models.CharField(blank=True, choices=lms.lib.places.country_choices, max_length=2),
                ),
                ("made_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("taken", models.BooleanField(blank=True, null=True)),
                (
                    "pin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="enrollment.pin",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="courses.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["pin__position", "country"],
                "constraints": [
                    models.UniqueConstraint(fields=("pin", "revision"), name="offer_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("pin", "country"),
                        name="offer_one_open",
                    ),
                ],
            },
        ),
    ]
