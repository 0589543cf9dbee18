from django.urls import path

from donations import webhooks
from donations.views import (
    acceptance_list,
    assigning,
    books,
    cash,
    funds,
    giving,
    money_together,
    my_gifts,
    my_recurring,
    named_list,
    proposals,
    recurring_list,
    statements,
    treasury,
    unclear_lines,
)

urlpatterns = [
    path("spenden/", giving.donate, name="donate"),
    path("spenden/angaben/", giving.donate_details, name="donate_details"),
    path("spenden/ueberweisung/<uuid:public_id>/", giving.donate_transfer, name="donate_transfer"),
    path("spenden/gleich/<uuid:public_id>/", giving.donate_turn, name="donate_turn"),
    path("spenden/danke/<uuid:public_id>/", giving.donate_thanks, name="donate_thanks"),
    path("spendenzwecke/", funds.funds, name="funds"),
    path("spendenzweck/<slug:slug>/", funds.fund, name="fund"),
    path("meine-spenden/", my_gifts.my_gifts_link, name="my_gifts_link"),
    path("meine-spenden/<str:token>/", my_gifts.my_gifts, name="my_gifts"),
    path("dauerspende/beenden/<str:token>/", my_gifts.my_gifts_end_step, name="my_gifts_end_step"),
    path("meine-spenden/<str:token>/beenden/<int:pk>/", my_gifts.my_gifts_end, name="my_gifts_end"),
    path("meine-spenden/<str:token>/name/", my_gifts.my_gifts_unnamed, name="my_gifts_unnamed"),
    path("meine-spenden/<str:token>/aendern/<int:pk>/", my_recurring.my_gifts_change, name="my_gifts_change"),
    path("dauerspende/aendern/<str:token>/", my_recurring.my_gifts_change_step, name="my_gifts_change_step"),
    path("dauerspende/zahlung/<str:token>/", my_recurring.monthly_mend, name="monthly_mend"),
    path("stripe/webhook/", webhooks.stripe_webhook, name="stripe_webhook"),
    path("stripe/webhook/<slug:account>/", webhooks.stripe_webhook, name="stripe_webhook_of"),
    path("koordination/spenden/", treasury.coordination_donations, name="coordination_donations"),
    path(
        "koordination/spenden/liste.<slug:kind>",
        treasury.coordination_donations_file,
        name="coordination_donations_file",
    ),
    path(
        "koordination/spenden/dauerspenden/",
        recurring_list.coordination_recurring,
        name="coordination_recurring",
    ),
    path(
        "koordination/spenden/dauerspenden/liste.<slug:kind>",
        recurring_list.coordination_recurring_file,
        name="coordination_recurring_file",
    ),
    path("koordination/spenden/namen/", named_list.coordination_named, name="coordination_named"),
    path(
        "koordination/spenden/namen/liste.<slug:kind>",
        named_list.coordination_named_file,
        name="coordination_named_file",
    ),
    path(
        "koordination/spenden/annahmen/",
        acceptance_list.coordination_acceptances,
        name="coordination_acceptances",
    ),
    path(
        "koordination/spenden/annahmen/liste.<slug:kind>",
        acceptance_list.coordination_acceptances_file,
        name="coordination_acceptances_file",
    ),
    path(
        "koordination/spenden/bewegungen/zuordnen/",
        assigning.coordination_lines_assign,
        name="coordination_lines_assign",
    ),
    path(
        "koordination/spenden/bewegungen/gebuehren/",
        money_together.coordination_lines_fee,
        name="coordination_lines_fee",
    ),
    path(
        "koordination/spenden/umwidmen/",
        money_together.coordination_donations_reallocate,
        name="coordination_donations_reallocate",
    ),
    path(
        "koordination/spenden/erstatten/",
        money_together.coordination_donations_refund,
        name="coordination_donations_refund",
    ),
    path("koordination/spenden/bewegungen/", treasury.coordination_lines, name="coordination_lines"),
    path(
        "koordination/spenden/bewegungen/liste.<slug:kind>",
        treasury.coordination_lines_file,
        name="coordination_lines_file",
    ),
    path(
        "koordination/spenden/kontoauszug/",
        statements.coordination_statement_new,
        name="coordination_statement_new",
    ),
    path(
        "koordination/spenden/kontoauszug/<int:pk>/",
        statements.coordination_statement,
        name="coordination_statement",
    ),
    path("koordination/spenden/boxen/", cash.coordination_cash, name="coordination_cash"),
    path("koordination/spenden/boxen/neu/", cash.coordination_cash_new, name="coordination_cash_new"),
    path(
        "koordination/spenden/boxen/<int:pk>/", cash.coordination_cash_count, name="coordination_cash_count"
    ),
    path(
        "koordination/spenden/boxen/<int:pk>/verwerfen/",
        cash.coordination_cash_drop,
        name="coordination_cash_drop",
    ),
    path(
        "koordination/spenden/boxen/<int:pk>/rueckgaengig/",
        cash.coordination_cash_undo,
        name="coordination_cash_undo",
    ),
    path(
        "koordination/spenden/eingang/<int:pk>/bargeld/",
        cash.coordination_credit_cash,
        name="coordination_credit_cash",
    ),
    path("koordination/spenden/buecher/", books.coordination_books, name="coordination_books"),
    path(
        "koordination/spenden/zweck/<int:pk>/auszahlen/",
        proposals.coordination_payout_new,
        name="coordination_payout_new",
    ),
    path(
        "koordination/spenden/zweck/<int:pk>/fehlbetrag/",
        proposals.coordination_cover_new,
        name="coordination_cover_new",
    ),
    path(
        "koordination/spenden/<int:pk>/erstatten/",
        proposals.coordination_refund_new,
        name="coordination_refund_new",
    ),
    path(
        "koordination/spenden/eingang/<int:pk>/berichtigen/",
        proposals.coordination_correction_new,
        name="coordination_correction_new",
    ),
    path(
        "koordination/spenden/abgang/<int:pk>/gebuehr/",
        unclear_lines.coordination_bank_fee_new,
        name="coordination_bank_fee_new",
    ),
    path(
        "koordination/spenden/abgang/<int:pk>/freigabe/",
        unclear_lines.coordination_sent_new,
        name="coordination_sent_new",
    ),
    path(
        "koordination/spenden/vorschlag/<int:pk>/",
        proposals.coordination_proposal,
        name="coordination_proposal",
    ),
    path("koordination/spenden/eingang/", treasury.coordination_credit_new, name="coordination_credit_new"),
    path("koordination/spenden/eingang/<int:pk>/", treasury.coordination_credit, name="coordination_credit"),
    path(
        "koordination/spenden/eingang/<int:pk>/neue-spende/",
        treasury.coordination_credit_gift,
        name="coordination_credit_gift",
    ),
    path(
        "koordination/spenden/<int:pk>/umwidmen/",
        proposals.coordination_reallocation_new,
        name="coordination_reallocation_new",
    ),
    path(
        "koordination/spenden/konto/<int:pk>/",
        proposals.coordination_account_new,
        name="coordination_account_new",
    ),
    path(
        "koordination/spenden/<int:pk>/annehmen/",
        proposals.coordination_donation_accept,
        name="coordination_donation_accept",
    ),
]
