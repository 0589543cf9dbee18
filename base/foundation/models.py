"""Rows the machinery needs; no model of the domain belongs here."""

from django.db import models


class Transition(models.Model):
    """One legal move of one row's status: who moved what from where to where, when and why."""

    noun = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    from_status = models.CharField(max_length=40)
    to_status = models.CharField(max_length=40)
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["noun", "object_id", "id"], name="transition_of_object")]


class TokenBucket(models.Model):
    """The remaining tokens of one rate limit for one subject; survives a flush of any cache."""

    key = models.CharField(max_length=160, primary_key=True)
    tokens = models.FloatField()
    refilled_at = models.DateTimeField(db_index=True)


class SweepRun(models.Model):
    """When a sweep last started and ended, so that a late one can be seen and told."""

    name = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    handled = models.IntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
