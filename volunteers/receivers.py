"""What this app does when help is offered or needed in another way."""

from datetime import datetime

from django.dispatch import receiver

from programs.signals import need_changed
from volunteers.services.match_requests import want_run
from volunteers.signals import pledge_changed


@receiver(need_changed)
@receiver(pledge_changed)
def match_again(now: datetime, **_about: object) -> None:
    """Let the matcher look again."""
    want_run(now)
