from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_reviews_that_are_still_to_come")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="imported_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        )
    ]
