"""Which translations await a native speaker, and which layers no partner of their country has approved.

The second is written for layers that were published before; reversing drops both.
"""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def say_of_published_layers(apps: Any, _schema_editor: Any) -> None:
    revisions = apps.get_model("courses", "Revision")
    published = revisions.objects.filter(edition__kind="layer", published_at__isnull=False)
    reviewed = published.filter(approvals__country=F("edition__country"))
    lacking = list(published.exclude(pk__in=reviewed.values("pk")).values_list("pk", flat=True))
    revisions.objects.filter(pk__in=lacking).update(lacks_local_review=True)


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_send_back_reasons")]

    operations = [
        migrations.AddField(
            model_name="lessontranslation",
            name="review",
            field=models.CharField(
                blank=True,
                choices=[("awaiting-native-reviewer", "Awaits review by a native speaker")],
                max_length=30,
            ),
        ),
        migrations.AddField(
            model_name="revision", name="lacks_local_review", field=models.BooleanField(default=False)
        ),
        migrations.RunPython(say_of_published_layers, migrations.RunPython.noop),
    ]
