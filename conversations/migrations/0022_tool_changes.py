"""Add the time of the last change of an HTTP tool's request."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0021_pictures")]

    operations = [
        migrations.AddField(
            model_name="httptool",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
    ]
