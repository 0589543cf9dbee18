"""Who may come to a door: one person of every kind."""

from enum import StrEnum

from accounts.models import User
from programs.models import Membership, Provider
from tests.factories import make_coordinator, make_user

Role = Membership.Role


class Who(StrEnum):
    """A kind of visitor; `own` is the provider to which the rows of the scene belong."""

    ANONYMOUS = "anonymous"
    CITIZEN = "citizen with their own link"
    OTHER_CITIZEN = "citizen with a link of their own to somebody else's rows"
    NO_ROLE = "signed in without membership"
    TREASURER = "treasurer"
    FOREIGN_TREASURER = "foreign treasurer"
    COORDINATOR = "coordinator"
    FOREIGN_COORDINATOR = "foreign coordinator"
    OFFICER = "safeguarding officer"
    YOUTH_OFFICER = "foreign safeguarding officer, that of the youth office"
    OWNER = "owner of the provider, who invites its people"
    YOUTH_OFFICE = "coordinator of the youth office"
    OPERATOR = "superuser"


WITHOUT_ACCOUNT = (Who.ANONYMOUS, Who.CITIZEN, Who.OTHER_CITIZEN)


def make_people(own: Provider, foreign: Provider, youth_office: Provider) -> dict[Who, User]:
    """Make everybody who signs in."""
    return {
        Who.NO_ROLE: make_user(),
        Who.TREASURER: make_user(Role.TREASURER, own),
        Who.FOREIGN_TREASURER: make_user(Role.TREASURER, foreign),
        Who.COORDINATOR: make_coordinator(own),
        Who.FOREIGN_COORDINATOR: make_coordinator(foreign),
        Who.OFFICER: make_user(Role.SAFEGUARDING_OFFICER, own),
        Who.YOUTH_OFFICER: make_user(Role.SAFEGUARDING_OFFICER, youth_office),
        Who.OWNER: make_user(Role.OWNER, own),
        Who.YOUTH_OFFICE: make_coordinator(youth_office),
        Who.OPERATOR: make_user(is_staff=True, is_superuser=True),
    }
