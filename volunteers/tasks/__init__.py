"""The sweeps of this app, one module per noun, imported here so that Celery finds them."""

from volunteers.tasks import matching, placements, pledges, questions

__all__ = ["matching", "placements", "pledges", "questions"]
