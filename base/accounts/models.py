"""People who work with the platform. Citizens who give time or money need no account."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users whose name at the door is their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A coordinator, an officer of the youth office or an operator.

    The hash of the password is in a row of its own, so that who reads people does not read it
    (docs/decisions/0071).
    """

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_staff = models.BooleanField(_("Zugang zur Verwaltung"), default=False)
    date_joined = models.DateTimeField(_("angelegt"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email

    @property
    def password(self) -> str:
        """The hash, which Django compares, signs sessions with and renews; that of nothing without a row."""
        kept: PasswordHash | None = getattr(self, "password_hash", None)
        return kept.value if kept else UNUSABLE_PASSWORD_PREFIX

    @password.setter
    def password(self, value: str) -> None:
        self.password_hash = PasswordHash(value=value)

    def save(self, **options: Any) -> None:
        """Save also a hash that was chosen, as if it were a field: always, or if `update_fields` names it."""
        named = options.get("update_fields")
        if named is not None:
            options["update_fields"] = set(named) - {"password"}
        with transaction.atomic(savepoint=False):
            super().save(**options)
            if named is None or "password" in named:
                self._save_chosen_hash()

    def _save_chosen_hash(self) -> None:
        chosen = getattr(self, "password_hash", None) if User.password_hash.is_cached(self) else None
        if chosen and chosen._state.adding:
            PasswordHash.objects.bulk_create(
                [chosen], update_conflicts=True, unique_fields=["user"], update_fields=["value"]
            )


class _WithoutColumn(models.CharField[str, str]):
    def get_attname_column(self) -> tuple[str, Any]:
        return self.name, None


# `createsuperuser` asks for a password where people have a field of this name.
_WithoutColumn(max_length=128, editable=False).contribute_to_class(User, "password", private_only=True)


class PasswordHash(models.Model):
    """What a password is compared with. In the database web alone may read and write it."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="password_hash")
    value = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("Passwort")
        verbose_name_plural = _("Passwörter")

    def __str__(self) -> str:
        return str(self.user_id)


class SavedView(models.Model):
    """Filters and order of one list at `path`, kept by one person under a name; `query` as in the address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    path = models.CharField(max_length=120)
    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("gespeicherte Ansicht")
        verbose_name_plural = _("gespeicherte Ansichten")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "path", "name"], name="saved_view_once_by_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the list stands as it was kept."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Session(AbstractBaseSession):
    """One visit of one browser; the columns here repeat what it says of itself, so that it can be listed.

    `user` is empty while nobody is signed in. `handle` names it on a page, where its key must not stand.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    handle = models.CharField(max_length=32, blank=True)
    device = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
