from importlib import import_module

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.services.invitations import invite
from accounts.services.second_factors import reset_second_factor
from accounts.services.sessions import end_sessions
from accounts.views import administration_door
from foundation.actors import Actor, staff
from foundation.clock import utc_now

RIGHTS = {"email", "is_active", "is_staff", "is_superuser"}
"""Whoever gains or loses one of these signs in anew."""

log = structlog.get_logger(__name__)

admin.site.login = administration_door  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = gettext_lazy("Verwaltung")
for module in ("allauth.account.admin", "allauth.mfa.admin", "django.contrib.auth.admin"):
    import_module(module)  # registers before it is taken away
for model in (Authenticator, EmailAddress, Group):  # secrets of the second factor, and what nothing here uses
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Accounts by e-mail. Nobody types another person's password: a new account is invited to choose one."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("last_login",)
    actions = ("send_invitation", "forget_second_factor", "sign_out")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        obj.email = obj.email.strip().lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        rights = sorted(RIGHTS & set(form.changed_data))
        if rights:
            log.warning("rights_changed", account=obj.pk, rights=rights, by=request.user.pk)
        if change and rights:
            end_sessions(obj, actor=_hand_of(request), now=utc_now())
        if "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()  # else the old address would go on opening doors
        if not change and invite(obj, now=utc_now()):
            messages.success(request, _("Die Einladung ist unterwegs."))

    @admin.action(description=gettext_lazy("Einladung (noch einmal) senden"))
    def send_invitation(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        now = utc_now()
        done = sum(invite(user, now=now) for user in chosen)
        told = ngettext(
            "%(count)d Einladung ist unterwegs.",
            "%(count)d Einladungen sind unterwegs.",
            done,
        )
        messages.success(request, told % {"count": done})

    @admin.action(description=gettext_lazy("Zweiten Faktor zurücksetzen (Telefon verloren)"))
    def forget_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        actor, now = _hand_of(request), utc_now()
        done = sum(reset_second_factor(user, actor=actor, now=now) for user in chosen)
        told = ngettext(
            "%(count)d zweiter Faktor ist zurückgesetzt.",
            "%(count)d zweite Faktoren sind zurückgesetzt.",
            done,
        )
        messages.success(request, told % {"count": done})

    @admin.action(description=gettext_lazy("Überall abmelden"))
    def sign_out(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        actor, now = _hand_of(request), utc_now()
        done = sum(end_sessions(user, actor=actor, now=now) for user in chosen)
        told = ngettext(
            "%(count)d Sitzung ist beendet.",
            "%(count)d Sitzungen sind beendet.",
            done,
        )
        messages.success(request, told % {"count": done})


def _hand_of(request: HttpRequest) -> Actor:
    assert request.user.pk is not None
    return staff(request.user.pk, "operator")
