from django.db import migrations


def count(apps, schema_editor):
    editions = apps.get_model("articles", "Edition").objects.filter(body__contains="<picture>")
    for edition in editions.only("body").iterator(chunk_size=200):
        editions.filter(pk=edition.pk).update(pictures=edition.body.count("<picture>"))


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_topics_and_series")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop, elidable=True)]
