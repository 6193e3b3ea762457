from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_comments")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="imported_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        )
    ]
