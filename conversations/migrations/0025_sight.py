"""Say of each model whether it sees images: yes, no, or not known.

Documented models get what is known of their family, unless an administrator had said that they see.
Of added models, those that nobody had said it of are not known.
"""

from typing import Any

from django.db import migrations, models

from conversations.models.documented import documented_models


def fill(apps: Any, _editor: Any) -> None:
    rows = apps.get_model("conversations", "LanguageModel").objects.filter(sees_images=False)
    rows.filter(is_documented=False).update(sees_images=None)
    for value in (True, None):
        names = [line.name for line in documented_models() if line.sees_images is value]
        rows.filter(is_documented=True, name__in=names).update(sees_images=value)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0024_conversation_tools")]

    operations = [
        migrations.AlterField(
            model_name="languagemodel",
            name="sees_images",
            field=models.BooleanField(null=True, default=None, verbose_name="sees images"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
