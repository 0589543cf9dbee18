from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import utc_now
from programs.admin.second_person import SecondPersonAdmin
from programs.models import Membership, Provider
from programs.selectors.text_drafts import open_draft
from programs.services.providers import PROTECTION, prepare_verification, tell_of_verification
from programs.signals import stripe_account_chosen

REVIEW = "protection_concept_review_on"


class MembershipInline(admin.TabularInline[Membership, Provider]):
    """Who acts for the provider, and as what; roles are given by invitation and end there."""

    model = Membership
    extra = 0
    fields = readonly_fields = ("user", "role")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Provider | None = None) -> bool:
        return False


class ProviderForm(ModelForm[Provider]):
    """What is typed of a provider; its account at Stripe is one that there is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stripe_account" in self.fields:
            field = self.fields["stripe_account"]
            known = ["default", *settings.STRIPE_FURTHER_ACCOUNTS, self.instance.stripe_account]
            self.fields["stripe_account"] = ChoiceField(
                choices=[("", _("keines")), *((name, name) for name in dict.fromkeys(known) if name)],
                required=False,
                label=field.label,
                help_text=field.help_text,
            )

    def clean(self) -> dict[str, Any]:
        """Whoever verifies a provider says when its concept is looked at again.

        A provider verified before is saved without that day as long as nobody touches it: the youth office
        may not know it yet. Taking its concept or contact away ends the verification.
        """
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.initial.get("is_verified") and any(not said.get(name) for name in self._touched()):
            said["is_verified"] = False  # § 79a SGB VIII: nobody is public without
        elif said.get("is_verified"):
            self._ask_for_protection(said)
        written_on, review_on = said.get("protection_concept_on"), said.get(REVIEW)
        asks = said.get("is_verified") and {"is_verified", REVIEW} & set(self.changed_data)
        if asks and review_on is None and REVIEW not in self.errors:
            self.add_error(
                REVIEW, _("Bitte geben Sie an, wann das Schutzkonzept des Trägers wieder angesehen wird.")
            )
        if written_on and review_on and review_on <= written_on:
            self.add_error(REVIEW, _("Die Durchsicht liegt nach dem Tag des Schutzkonzepts."))
        return said

    def _touched(self) -> list[str]:
        return [name for name in PROTECTION if name in self.changed_data and name not in self.errors]

    def _ask_for_protection(self, said: dict[str, Any]) -> None:
        """Refuse to verify whoever lacks concept or contact, or has words that nobody else has read."""
        row = Provider.objects.filter(pk=self.instance.pk).first()
        draft = open_draft(row) if row else None
        if row is None or (draft is not None and draft.is_new):
            self.add_error(
                "is_verified", _("Erst liest eine zweite Person seine Texte; danach kann er geprüft werden.")
            )
            return
        if not said.get("protection_concept_on") and "protection_concept_on" not in self.errors:
            self.add_error("protection_concept_on", _("Ohne Schutzkonzept wird niemand geprüft."))
        if not row.safeguarding_contact:
            self.add_error(
                "safeguarding_contact",
                _("Diese Angabe wartet auf eine zweite Person; danach kann der Träger geprüft werden.")
                if said.get("safeguarding_contact") and not self.initial.get("is_verified")
                else _("Ohne Ansprechperson für Kinderschutz wird niemand geprüft."),
            )

    def clean_stripe_account(self) -> str:
        account: str = self.cleaned_data["stripe_account"]
        if account and account != self.instance.stripe_account:
            asked = stripe_account_chosen.send(Provider, provider_id=self.instance.pk, account=account)
            if any(answer for _whose, answer in asked):
                raise ValidationError(
                    _(
                        "Über dieses Konto beim Zahlungsdienst liefen schon Spenden an einen anderen Träger. "
                        "Es bleibt seines; richten Sie für diesen ein eigenes ein."
                    )
                )
        return account


@admin.register(Provider)
class ProviderAdmin(SecondPersonAdmin[Provider]):
    """Träger: verification, protection of children, account, people."""

    form = ProviderForm
    list_display = ("name", "kind", "is_verified", "protection_concept_on", REVIEW, "stripe_account")
    list_filter = ("kind", "is_verified", "stripe_account")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> tuple[str, ...]:
        """The account that givers transfer to is said by two people of the body, the first one too."""
        return (*super().get_readonly_fields(request, obj), "account_holder_name", "iban", "account_by_two")

    @admin.display(description=gettext_lazy("Wo das Konto eingetragen wird"))
    def account_by_two(self, provider: Provider) -> str:
        return _(
            "Jemand aus der Kasse des Trägers schlägt es unter „Bücher und Freigaben“ vor, eine zweite "
            "Person der Kasse gibt es frei."
        )

    @transaction.atomic
    def save_model(
        self, request: HttpRequest, obj: Provider, form: ModelForm[Provider], change: bool
    ) -> None:
        if change and form.initial.get("is_verified") and not obj.is_verified:
            form.changed_data.append("is_verified")
        if obj.is_verified:
            obj.stop_reasons = ""
            form.changed_data.append("stop_reasons")
        if change:
            prepare_verification(obj)
        super().save_model(request, obj, form, change)
        if change and "is_verified" in form.changed_data:
            tell_of_verification(obj, now=utc_now())
