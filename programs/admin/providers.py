from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.clock import utc_now
from foundation.ibans import is_iban, plain_iban
from programs.admin.second_person import SecondPersonAdmin
from programs.models import Membership, Provider
from programs.services.providers import prepare_verification, tell_of_verification


class MembershipInline(admin.TabularInline[Membership, Provider]):
    """Who acts for the provider, and as what; roles are given by invitation and end there."""

    model = Membership
    extra = 0
    fields = readonly_fields = ("user", "role")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Provider | None = None) -> bool:
        return False


class ProviderForm(ModelForm[Provider]):
    """What is typed of a provider; its IBAN is checked."""

    def clean_iban(self) -> str:
        iban = plain_iban(self.cleaned_data["iban"])
        if iban and not is_iban(iban):
            raise ValidationError(
                _("Das ist keine gültige IBAN. Bitte prüfen Sie jede Ziffer und die Länge.")
            )
        return iban


@admin.register(Provider)
class ProviderAdmin(SecondPersonAdmin[Provider]):
    """Träger: verification, protection of children, account, people."""

    form = ProviderForm
    list_display = ("name", "kind", "is_verified", "protection_concept_on", "takes_online_payments")
    list_filter = ("kind", "is_verified", "takes_online_payments")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> tuple[str, ...]:
        """An account that givers transfer to is changed by two people of the body, in its books."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "account_holder_name", "iban") if obj is not None and obj.iban else fields

    @transaction.atomic
    def save_model(
        self, request: HttpRequest, obj: Provider, form: ModelForm[Provider], change: bool
    ) -> None:
        if obj.is_verified:
            obj.stop_reasons = ""
            form.changed_data.append("stop_reasons")
        if change:
            prepare_verification(obj)
        super().save_model(request, obj, form, change)
        if change and "is_verified" in form.changed_data:
            tell_of_verification(obj, now=utc_now())
