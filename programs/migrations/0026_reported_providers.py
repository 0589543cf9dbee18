"""A provider's page can be reported, too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0025_deputies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='about',
            field=models.CharField(choices=[('task', 'Engagementangebot'), ('program', 'Angebot'), ('purpose', 'Spendenzweck'), ('news', 'Neuigkeit zu einem Spendenzweck'), ('provider', 'Träger')], max_length=12, verbose_name='Was'),
        ),
    ]
