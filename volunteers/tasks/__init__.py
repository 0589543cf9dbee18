"""The sweeps of this app, one module per noun, imported here so that Celery finds them."""

from volunteers.tasks import matching, offers, placements, pledges

__all__ = ["matching", "offers", "placements", "pledges"]
