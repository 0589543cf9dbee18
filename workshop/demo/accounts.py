"""Logins of the demo: invented people, one per role, never made outside the demo."""

from dataclasses import dataclass

from accounts.models import User
from programs.models import Membership, Provider

PASSWORD = "Zeit-und-Geld-2026"  # noqa: S105
TREASURER = "kasse@demo.example"
SECOND_TREASURER = "kasse2@demo.example"
Role = Membership.Role


@dataclass(frozen=True)
class Login:
    """An invented person and what they may do; `provider_key` names a provider of the loaded city."""

    email: str
    name: str
    provider_key: str | None
    roles: tuple[Membership.Role, ...]
    is_operator: bool = False

    @property
    def description(self) -> str:
        """What this login is good for, in a line."""
        if self.is_operator:
            return "Betrieb: Verwaltung unter /verwaltung/"
        return ", ".join(str(role.label) for role in self.roles)


LOGINS = (
    Login("jugendamt@demo.example", "Ida Beispiel (Jugendamt)", "stadt-dueren", (Role.COORDINATOR,)),
    Login(
        "freigabe@demo.example",
        "Otto Muster (Jugendamt, Freigabe)",
        "stadt-dueren",
        (Role.COORDINATOR, Role.SAFEGUARDING_OFFICER, Role.TREASURER),
    ),
    Login("koordination@demo.example", "Mara Probe (SkF)", "skf", (Role.COORDINATOR,)),
    Login(
        "kinderschutz@demo.example",
        "Karl Versuch (SkF)",
        "skf",
        (Role.COORDINATOR, Role.SAFEGUARDING_OFFICER),
    ),
    Login(TREASURER, "Lena Zahl (Freiwilligenzentrum)", "freiwilligenzentrum", (Role.TREASURER,)),
    Login(SECOND_TREASURER, "Tom Zweit (Freiwilligenzentrum)", "freiwilligenzentrum", (Role.TREASURER,)),
    Login("betrieb@demo.example", "Bo Betrieb", None, (), is_operator=True),
)


def make_accounts() -> None:
    """Make or repair the demo's logins; running it again changes nothing."""
    for login in LOGINS:
        user, created = User.objects.get_or_create(
            email=login.email,
            defaults={
                "name": login.name,
                "is_staff": login.is_operator,
                "is_superuser": login.is_operator,
            },
        )
        if created:
            user.set_password(PASSWORD)
            user.save()
        if login.provider_key:
            provider = Provider.objects.get(source_key=login.provider_key)
            for role in login.roles:
                Membership.objects.get_or_create(user=user, provider=provider, role=role)
