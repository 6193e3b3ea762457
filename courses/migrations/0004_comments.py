"""Comments at a place of a draft. Reverses by dropping them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SOMEBODY = {
    "null": True,
    "on_delete": django.db.models.deletion.SET_NULL,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_reviews_that_are_still_to_come"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommentThread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("place", models.CharField(max_length=200)),
                ("quote", models.TextField(blank=True, max_length=1_000)),
                ("version", models.CharField(max_length=64)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("begun_by", models.ForeignKey(**SOMEBODY)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="threads",
                        to="courses.edition",
                    ),
                ),
                ("last_by", models.ForeignKey(**SOMEBODY)),
                ("resolved_by", models.ForeignKey(blank=True, **SOMEBODY)),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="threads",
                        to="courses.revision",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("words", models.TextField(max_length=4_000)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(**SOMEBODY)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="courses.commentthread",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddIndex(
            model_name="commentthread",
            index=models.Index(
                condition=models.Q(("resolved_at", None)), fields=["edition"], name="thread_open"
            ),
        ),
    ]
