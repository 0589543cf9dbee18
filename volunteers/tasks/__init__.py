"""The sweeps of this app, one module per noun, imported here so that Celery finds them."""

from volunteers.tasks import offers, placements, pledges

__all__ = ["offers", "placements", "pledges"]
