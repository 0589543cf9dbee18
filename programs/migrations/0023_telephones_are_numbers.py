"""A telephone number leaves no room for words."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0022_released_texts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='city',
            name='contact_phone',
            field=models.CharField(blank=True, max_length=40, validators=[django.core.validators.RegexValidator('^\\+?[\\d\\s()/-]*\\d[\\d\\s()/-]*$', 'Bitte geben Sie nur eine Telefonnummer ein, zum Beispiel 02421 250.')], verbose_name='Telefon'),
        ),
        migrations.AlterField(
            model_name='city',
            name='youth_office_phone',
            field=models.CharField(blank=True, help_text='Die Nummer für den Fall, dass ein Kind in Gefahr ist; eine Nummer des Amts, keine private.', max_length=40, validators=[django.core.validators.RegexValidator('^\\+?[\\d\\s()/-]*\\d[\\d\\s()/-]*$', 'Bitte geben Sie nur eine Telefonnummer ein, zum Beispiel 02421 250.')], verbose_name='Telefon des Jugendamts'),
        ),
        migrations.AlterField(
            model_name='helptelephone',
            name='number',
            field=models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^\\+?[\\d\\s()/-]*\\d[\\d\\s()/-]*$', 'Bitte geben Sie nur eine Telefonnummer ein, zum Beispiel 02421 250.')], verbose_name='Telefonnummer'),
        ),
    ]
