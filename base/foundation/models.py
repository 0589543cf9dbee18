"""Rows the machinery needs; no model of the domain belongs here."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from foundation.actors import ActorKind


class Event(models.Model):
    """One line of the one history: who did what to which row, when, how and why. Append-only by trigger.

    `changes` is {field: [old, new]}; a field that is a row of its own (a weekly time) has a mapping or null
    on either side. Of an access to an account `reason` is what happened, in a word. `route` is the name of
    the address at which a person acted, never the address itself. Only the doors in `foundation.doors` may
    change or delete a line.
    """

    class Kind(models.TextChoices):
        TRANSITION = "transition"
        CREATED = "created"
        CHANGED = "changed"
        DELETED = "deleted"
        READ = "read"
        ACCESS = "access"

    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    app_label = models.CharField(max_length=40)
    model = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    from_status = models.CharField(max_length=40, blank=True)
    to_status = models.CharField(max_length=40, blank=True)
    changes = models.JSONField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices)
    actor_user = models.BigIntegerField(null=True)
    actor_role = models.CharField(max_length=80, blank=True)
    route = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["app_label", "model", "object_id", "at"], name="event_of_object"),
            BrinIndex(fields=["at"], name="event_by_age"),
            models.Index(
                fields=["-at", "-id"],
                condition=Q(kind__in=["access", "read"]) | Q(model__in=["invitation", "provider", "user"]),
                name="event_for_audit",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(actor_kind__in=ActorKind.values), name="event_actor_is_known"),
            models.CheckConstraint(
                condition=Q(actor_kind="user", actor_user__isnull=False)
                | (~Q(actor_kind="user") & Q(actor_user__isnull=True)),
                name="event_exactly_a_user_has_an_account",
            ),
            models.CheckConstraint(
                condition=Q(kind="transition") & ~Q(to_status="")
                | Q(
                    kind__in=["created", "changed", "deleted", "read", "access"], from_status="", to_status=""
                ),
                name="event_kind_fits_its_columns",
            ),
        ]


class TokenBucket(models.Model):
    """The remaining tokens of one rate limit for one subject; survives a flush of any cache."""

    key = models.CharField(max_length=160, primary_key=True)
    tokens = models.FloatField()
    refilled_at = models.DateTimeField(db_index=True)


class SweepRun(models.Model):
    """When a sweep last started and ended, so that a late one can be seen and told.

    `known_since`: when it was first heard of; one that never succeeded is late from there.
    """

    name = models.CharField(max_length=80, primary_key=True)
    known_since = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    handled = models.IntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
