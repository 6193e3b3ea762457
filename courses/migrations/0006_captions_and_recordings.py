"""Captions in the language of a translation, and lessons that are heard."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_last_imports")]

    operations = [
        migrations.AddField(
            model_name="lessontranslation",
            name="captions",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="lesson",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "Reading"),
                    ("video", "Video"),
                    ("audio", "Audio"),
                    ("quiz", "Quiz"),
                    ("file", "File"),
                ],
                max_length=8,
            ),
        ),
    ]
