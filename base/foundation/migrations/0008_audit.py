"""The history also tells what happens at the door of accounts, and the audit trail reads it by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0007_forgiving_search'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_fits_its_columns',
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('transition', 'Transition'), ('created', 'Created'), ('changed', 'Changed'), ('deleted', 'Deleted'), ('read', 'Read'), ('access', 'Access')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('kind__in', ['access', 'read']), ('model__in', ['invitation', 'provider', 'user']), _connector='OR'), fields=['-at', '-id'], name='event_for_audit'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'transition'), models.Q(('to_status', ''), _negated=True)), models.Q(('from_status', ''), ('kind__in', ['created', 'changed', 'deleted', 'read', 'access']), ('to_status', '')), _connector='OR'), name='event_kind_fits_its_columns'),
        ),
    ]
