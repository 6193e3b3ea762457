"""Announcements that a source is replaced, and what they leave to be looked at. Reversing drops them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_membership_index"),
        ("courses", "0007_effective_and_withdrawn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceReplacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_url", models.URLField(max_length=600)),
                ("replaced_on", models.DateField()),
                ("successor", models.CharField(max_length=400)),
                ("successor_url", models.URLField(blank=True, max_length=600)),
                ("note", models.TextField(blank=True, max_length=1000)),
                ("announced_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["replaced_on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="fact",
            name="replacement",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="facts",
                to="courses.sourcereplacement",
            ),
        ),
        migrations.CreateModel(
            name="SourceTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_tasks",
                        to="courses.edition",
                    ),
                ),
                (
                    "replacement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="courses.sourcereplacement",
                    ),
                ),
            ],
            options={
                "ordering": ["replacement", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="sourcereplacement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("source_url",),
                name="replacement_one_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcetask",
            constraint=models.UniqueConstraint(fields=("replacement", "edition"), name="source_task_once"),
        ),
        migrations.AddConstraint(
            model_name="sourcetask",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_at__isnull", False), ("reason", ""), _connector="OR"),
                name="source_task_open_has_no_reason",
            ),
        ),
    ]
