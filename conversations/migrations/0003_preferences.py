
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0002_audit_entries'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='reads_sentences',
            field=models.BooleanField(default=False, verbose_name='read replies as they arrive'),
        ),
        migrations.AddField(
            model_name='user',
            name='sends_with_enter',
            field=models.BooleanField(default=True, verbose_name='Enter sends'),
        ),
        migrations.AddField(
            model_name='user',
            name='shows_usage',
            field=models.BooleanField(default=True, verbose_name='show usage'),
        ),
        migrations.AddField(
            model_name='user',
            name='theme',
            field=models.CharField(blank=True, choices=[('', 'System'), ('light', 'Light'), ('dark', 'Dark')], max_length=8, verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='user',
            name='uses_shortcuts',
            field=models.BooleanField(default=True, verbose_name='keyboard shortcuts'),
        ),
    ]
