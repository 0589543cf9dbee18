from django.urls import path

from donations.receipts.views import (
    acceptance_year,
    contributions,
    issuers,
    own,
    own_address,
    register,
    register_checks,
    wishes,
)

_REGISTER = "koordination/bestaetigungen/"

urlpatterns = [
    path("spenden/danke/<uuid:public_id>/nachweis.pdf", own.donate_slip, name="donate_slip"),
    path("meine-seite/<str:token>/bestaetigung/<int:pk>.pdf", own.my_receipt_pdf, name="my_receipt_pdf"),
    path(
        "meins/<str:token>/anschrift/<int:pk>/",
        own_address.my_receipt_address,
        name="my_receipt_address",
    ),
    path(
        "meins/anschrift/<str:token>/",
        own_address.my_receipt_address_step,
        name="my_receipt_address_step",
    ),
    path(_REGISTER, register.coordination_receipts, name="coordination_receipts"),
    path(
        f"{_REGISTER}bestaetigungen.csv", register.coordination_receipts_csv, name="coordination_receipts_csv"
    ),
    path(f"{_REGISTER}<int:pk>/", register.coordination_receipt, name="coordination_receipt"),
    path(f"{_REGISTER}<int:pk>.pdf", register.coordination_receipt_pdf, name="coordination_receipt_pdf"),
    path(
        f"{_REGISTER}<int:pk>/ruecknahme.pdf",
        register.coordination_receipt_letter,
        name="coordination_receipt_letter",
    ),
    path(
        f"{_REGISTER}<int:pk>/unterschrieben/",
        register.coordination_receipt_sign,
        name="coordination_receipt_sign",
    ),
    path(
        f"{_REGISTER}<int:pk>/zuruecknehmen/",
        register.coordination_receipt_withdraw,
        name="coordination_receipt_withdraw",
    ),
    path(
        f"{_REGISTER}<int:pk>/gemeldet/",
        register.coordination_receipt_told,
        name="coordination_receipt_told",
    ),
    path(f"{_REGISTER}wuensche/", wishes.coordination_wishes, name="coordination_wishes"),
    path(f"{_REGISTER}wuensche/<int:pk>/", wishes.coordination_wish, name="coordination_wish"),
    path(
        f"{_REGISTER}wuensche/<int:pk>/ausstellen/",
        wishes.coordination_wish_issue,
        name="coordination_wish_issue",
    ),
    path(
        f"{_REGISTER}wuensche/<int:pk>/absagen/",
        wishes.coordination_wish_refuse,
        name="coordination_wish_refuse",
    ),
    path(
        f"{_REGISTER}wuensche/<int:pk>/zahler/",
        wishes.coordination_wish_payer,
        name="coordination_wish_payer",
    ),
    path(f"{_REGISTER}aussteller/", issuers.coordination_issuers, name="coordination_issuers"),
    path(
        f"{_REGISTER}aussteller/<int:pk>/",
        issuers.coordination_issuer_edit,
        name="coordination_issuer_edit",
    ),
    path(
        f"{_REGISTER}aussteller/vorschlag/<int:pk>/",
        issuers.coordination_issuer_confirm,
        name="coordination_issuer_confirm",
    ),
    path(
        f"{_REGISTER}aussteller/<int:pk>/empfaengerregister/",
        register_checks.coordination_register_check,
        name="coordination_register_check",
    ),
    path(
        f"{_REGISTER}aussteller/<int:pk>/vorlagen/",
        issuers.coordination_templates,
        name="coordination_templates",
    ),
    path(
        f"{_REGISTER}aussteller/<int:pk>/vorlagen/<str:digest>/",
        issuers.coordination_template_approve,
        name="coordination_template_approve",
    ),
    path(
        "koordination/spenden/annahmen/jahr/<int:year>.<slug:kind>",
        acceptance_year.coordination_acceptance_year,
        name="coordination_acceptance_year",
    ),
    path(
        f"{_REGISTER}sachwerte/", contributions.coordination_contributions, name="coordination_contributions"
    ),
    path(
        f"{_REGISTER}sachwerte/neu/<slug:what>/",
        contributions.coordination_contribution_new,
        name="coordination_contribution_new",
    ),
    path(
        f"{_REGISTER}sachwerte/<int:pk>/",
        contributions.coordination_contribution,
        name="coordination_contribution",
    ),
    path(
        f"{_REGISTER}sachwerte/<int:pk>/entscheiden/",
        contributions.coordination_contribution_decide,
        name="coordination_contribution_decide",
    ),
    path(
        f"{_REGISTER}sachwerte/<int:pk>/ausstellen/",
        contributions.coordination_contribution_issue,
        name="coordination_contribution_issue",
    ),
    path(
        f"{_REGISTER}sachwerte/<int:pk>/rueckgaengig/",
        contributions.coordination_contribution_undo,
        name="coordination_contribution_undo",
    ),
]
