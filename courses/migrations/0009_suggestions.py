"""Corrections that readers suggest. Reverses by dropping them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("wrong", "It is wrong"),
    ("unclear", "It is unclear"),
    ("outdated", "It is out of date"),
    ("language", "The language is not right"),
    ("other", "Something else"),
]
STATES = [
    ("new", "New"),
    ("taken_up", "Being looked at"),
    ("answered", "Corrected"),
    ("declined", "Stays as it is"),
]
OPEN, CLOSED = ["new", "taken_up"], ["answered", "declined"]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_sources_that_are_replaced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=200)),
                ("title", models.CharField(max_length=200)),
                ("quote", models.TextField(blank=True, max_length=1_000)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("words", models.TextField(max_length=2_000)),
                ("sent_at", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="new", max_length=10)),
                ("answer", models.TextField(blank=True, max_length=2_000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="taken_up",
                        to="courses.revision",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="courses.revision",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="suggestions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", OPEN)), fields=["revision"], name="suggestion_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(answered_at=None, state__in=OPEN)
                        | models.Q(answered_at__isnull=False, state__in=CLOSED),
                        name="suggestion_answered_dated",
                    )
                ],
            },
        ),
    ]
