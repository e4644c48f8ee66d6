"""The register, the record's period and what was submitted in a month ask by time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_editorial_process")]

    operations = [
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(fields=["made_at"], name="transition_by_time"),
        ),
    ]
