"""A bulk action that still runs is told from one that was cut off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_index_the_record_by_time")]

    operations = [
        migrations.AddField(
            model_name="bulkrun",
            name="written_at",
            field=models.DateTimeField(
                auto_now=True,
                help_text="When it last came further.",
                verbose_name="last written",
            ),
        ),
    ]
