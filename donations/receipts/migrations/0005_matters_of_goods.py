"""Goods and waivers, too, say whether something is pending between giver and city."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0032_two_wishes_about_names'),
        ('receipts', '0004_goods_and_waivers'),
    ]

    operations = [
        migrations.AddField(
            model_name='contribution',
            name='pending_matter',
            field=models.CharField(blank=True, choices=[('no', 'Nein'), ('yes', 'Ja'), ('unknown', 'Nicht bekannt')], db_default='', default='', max_length=7, verbose_name='Laufende Angelegenheit mit der Stadt'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('pending_matter__in', ['', 'no', 'yes', 'unknown'])), name='contribution_matter_known'),
        ),
    ]
