from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_job_repeats"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="says_dansk",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
