"""People who work with the platform. Citizens who give time or money need no account."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
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
    """A coordinator, an officer of the youth office or an operator."""

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
