"""Questions that were not sent or not answered."""

from datetime import datetime, timedelta

from foundation.sweeps import every, sweep
from volunteers.services.answers import expire_due
from volunteers.services.questions import send_proposed


@sweep("volunteers.send_offers", every(60), timedelta(minutes=15), side_by_side=4)
def send_offers(now: datetime) -> int:
    """Help a run to send what it proposed, and send what it left because its worker died."""
    return send_proposed(now)


@sweep("volunteers.expire_offers", every(60), timedelta(minutes=15))
def expire_offers(now: datetime) -> int:
    """Give back the places of questions nobody answered in time."""
    return expire_due(now)
