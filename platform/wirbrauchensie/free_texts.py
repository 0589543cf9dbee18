"""Every column that holds text: who may write what there, and what becomes of it.

`PUBLISHED` is read by everybody: what identifies somebody is refused, everything else is read by a second
person. `KEPT` is read by staff: what identifies a child is refused. `FOREIGN` comes in from outside as it is
and is masked where it is shown. `MACHINE` is written by the program or has a fixed shape that leaves no room
for a sentence: keys, codes, mailboxes, telephone numbers.
"""

from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from django.apps import apps
from django.utils.translation import gettext as _

from foundation.clock import local_day, utc_now
from foundation.free_texts import FreeText, guard
from programs.domain.screening import Kind, Policy, screen

MACHINE = None


@dataclass(frozen=True)
class Declared:
    """What a column is for; `expected` hard findings are its own (a giver's family name)."""

    policy: Policy
    expected: frozenset[Kind] = frozenset()


PUBLISHED = Declared(Policy.PUBLISHED)
PLACE = Declared(Policy.PUBLISHED, frozenset({Kind.ADDRESS}))
KEPT = Declared(Policy.KEPT)
NAME = Declared(Policy.KEPT, frozenset({Kind.FAMILY}))
ADDRESS = Declared(Policy.KEPT, frozenset({Kind.HOME}))
ENVELOPE = Declared(Policy.KEPT, frozenset({Kind.HOME, Kind.FAMILY}))
FOREIGN = Declared(Policy.FOREIGN)

# app.Model → columns, each with what is declared; several columns of one declaration are written in one text.
_TABLE: dict[str, dict[str, Declared | None]] = {
    "foundation.Event": {"app_label model from_status to_status changes reason actor_role route": MACHINE},
    "foundation.TokenBucket": {"key": MACHINE},
    "foundation.SweepRun": {"name error": MACHINE},
    "outbox.Message": {
        "key template to_email subject body_text body_html unsubscribe_url attachment_name attachment_type"
        " attachment_body claimed_by error": MACHINE
    },
    "outbox.Outage": {"error": MACHINE},
    "outbox.Suppression": {"email": MACHINE},
    "accounts.User": {"email": MACHINE, "name": NAME},
    "accounts.PasswordHash": {"value": MACHINE},
    "accounts.Session": {"session_key session_data handle device": MACHINE},
    "accounts.SavedView": {"path query": MACHINE, "name": KEPT},
    "citizens.Mailbox": {
        "email language unwanted kind_versions took_over": MACHINE,
        "postal_address": ENVELOPE,
    },
    "citizens.AddressChange": {"from_email to_email": MACHINE, "from_postal_address": ENVELOPE},
    "citizens.LinkRequest": {"email": MACHINE},
    "programs.Activity": {"slug": MACHINE},
    "programs.ActivityVersion": {
        "measles_sites answers writers": MACHINE,
        "name explanation": PUBLISHED,
        "reasons source": KEPT,
    },
    "programs.ActivityQuestion": {"text answer": KEPT},
    "programs.City": {
        "source_key loaded_values official_key contact_email contact_phone youth_office_phone"
        " sign_language_url appeal_program": MACHINE,
        "name state represented_by youth_office_phone_source call call_source appeal appeal_text help_intro"
        " map_attribution figures unconfirmed": PUBLISHED,
        "postal_address": PLACE,
    },
    "programs.District": {
        "source_key loaded_values slug geometry": MACHINE,
        "name short_name borough geometry_note": PUBLISHED,
        "note": KEPT,
    },
    "programs.DistrictFigure": {"source_key loaded_values": MACHINE, "source": PUBLISHED},
    "programs.Declaration": {"writers": MACHINE, "text source": PUBLISHED},
    "programs.ApiToken": {"digest scopes": MACHINE, "label": KEPT},
    "programs.ApiAnswer": {"key fingerprint body": MACHINE},
    # What stands in the rows of a file passed the door of the column that each text is for.
    "programs.DataImport": {"rows": MACHINE, "source file_name": KEPT},
    "programs.ImportedRow": {"key before after": MACHINE},
    "programs.Webhook": {"url secret": MACHINE},
    "programs.WebhookDelivery": {"key data": MACHINE},
    "programs.Invitation": {"email": MACHINE},
    "programs.Provider": {
        "source_key loaded_values slug coordination_email stripe_account": MACHINE,
        "name name_dative public_contact safeguarding_contact": PUBLISHED,
        "address": PLACE,
        "account_holder_name": NAME,
        "source note stop_reasons iban": KEPT,
    },
    "programs.Program": {
        "source_key loaded_values slug fields topics": MACHINE,
        "name operator partners area_label description page_text public_contact as_of source": PUBLISHED,
        "site": PLACE,
    },
    "programs.Fund": {
        "source_key loaded_values slug": MACHINE,
        "name purpose fallback_purpose unit_label": PUBLISHED,
    },
    "programs.FundUpdate": {"title text": PUBLISHED},
    "programs.HelpTelephone": {
        "source_key loaded_values number": MACHINE,
        "name hours source as_of": PUBLISHED,
    },
    "programs.Notice": {"email digest": MACHINE, "text reasons": KEPT},
    "programs.Opportunity": {
        "slug age_bands": MACHINE,
        "title task": PUBLISHED,
        "site": PLACE,
    },
    "programs.Role": {"skills languages": MACHINE, "name": PUBLISHED},
    "programs.SchoolHoliday": {"source_key loaded_values": MACHINE, "name": PUBLISHED},
    "programs.ShiftSeries": {"rrule rdates exdates": MACHINE},
    "programs.TextDraft": {"texts": PLACE, "writers": MACHINE},
    "figures.DueFact": {"kind causes": MACHINE},
    "figures.Figure": {"period": MACHINE},
    "figures.FinishedSheet": {"period content": MACHINE},
    "figures.CityReport": {"period content": MACHINE},
    "volunteers.Volunteer": {"first_name last_name group_name": NAME, "phone": MACHINE},
    "volunteers.GuardianConsent": {"name": NAME},
    "volunteers.MeaslesProof": {"site_key": MACHINE},
    "volunteers.MatchRun": {"inputs_hash weights error": MACHINE},
    "volunteers.TimePledge": {
        "fields skills learning_skills lacking_skills languages age_bands": MACHINE,
        "note": KEPT,
    },
    "volunteers.Contact": {"text": KEPT},
    "volunteers.Weighting": {"reason": KEPT, "needs": MACHINE},
    "volunteers.Offer": {"reasons": MACHINE},
    "volunteers.PersonMerge": {"pledge_ids": MACHINE},
    "volunteers.TaskNotice": {"place times period": MACHINE},
    "volunteers.Placement": {"calendar_uid": MACHINE},
    "donations.AcceptanceRule": {"source": KEPT},
    "donations.MethodLimit": {"source": KEPT},
    "donations.CreditorId": {"creditor_id": MACHINE, "source": KEPT},
    "donations.Allocation": {"identity": MACHINE},
    "donations.RecurringDonation": {"stripe_subscription_id failed_invoice_id failure": MACHINE},
    "donations.Donation": {
        "donor_name": NAME,
        "purpose_text fallback_text checkout_session_id checkout_url stripe_invoice_id failure": MACHINE,
    },
    "donations.ReceiptAddress": {"street town": ADDRESS, "postcode": MACHINE},
    "donations.TransferReference": {"reference": MACHINE},
    "donations.BankTransaction": {
        "fingerprint statement_key form return_reason counterparty_country": MACHINE,
        "counterparty_name remittance refs": FOREIGN,
    },
    "donations.StatementImport": {"digest flags periods": MACHINE},
    "donations.StatementKey": {"key form": MACHINE},
    "donations.LedgerAccount": {"external_reference": MACHINE},
    "donations.LedgerTransaction": {"key": MACHINE},
    "donations.Proposal": {"reference iban": MACHINE, "reason": KEPT, "account_holder_name": NAME},
    "donations.CashCount": {"reference pieces": MACHINE, "box undone_for": KEPT},
    "donations.SentPart": {"key": MACHINE},
    "donations.Payment": {"external_id charge mandate country": MACHINE},
    "donations.Refund": {"external_id": MACHINE},
    "donations.Dispute": {"external_id reason": MACHINE},
    "receipts.Issuer": {
        "code tax_number postcode purposes fund_purposes forwarding assessed_until": MACHINE,
        "name tax_office": PUBLISHED,
        "street town": PLACE,
        "signatory": NAME,
    },
    "receipts.Contribution": {
        "postcode": MACHINE,
        "name accepted_by": NAME,
        "street town": ADDRESS,
        "description age condition purchase_price basis undone_for": KEPT,
    },
    "receipts.PayerNote": {"about": MACHINE, "reason": KEPT},
    "receipts.RegisterCheck": {"iban": MACHINE},
    "receipts.TemplateApproval": {"template digest": MACHINE},
    "receipts.Receipt": {"number snapshot digest": MACHINE},
    "donations.StripeTransit": {"external_id": MACHINE},
    "donations.StripeCursor": {"account": MACHINE},
    "donations.StripeEvent": {"event_id kind noun subject_id error": MACHINE},
}
COLUMNS: dict[str, Declared | None] = {
    f"{model}.{column}": declared
    for model, columns in _TABLE.items()
    for names, declared in columns.items()
    for column in names.split()
}
# Free text that becomes a mail and no row of its own.
LETTERS: dict[str, Declared | None] = {"contact.text": KEPT, "message.text": KEPT}

# Marks of texts that passed today, for a city's data are validated again and again; never a text.
_PASSED: set[bytes] = set()
_MOST_PASSED = 20_000


def open_doors() -> None:
    """Let every free text be judged, in forms that name its column and wherever a row is validated."""
    guarded = {
        column: declared
        for column, declared in (COLUMNS | LETTERS).items()
        if declared and declared.policy != Policy.FOREIGN
    }
    guard({column: partial(reasons_against, declared) for column, declared in guarded.items()})
    for column in guarded.keys() - LETTERS.keys():
        label, _dot, name = column.rpartition(".")
        apps.get_model(label)._meta.get_field(name).validators.append(FreeText(column))


def reasons_against(declared: Declared, text: str) -> list[str]:
    """Return why `text` may not be stored, in German; empty if it may."""
    today = local_day(utc_now())
    mark = blake2b(f"{today}{declared}{text}".encode(), digest_size=16).digest()
    if mark in _PASSED:
        return []
    reasons = [
        _(
            "„%(excerpt)s“ – %(kind)s. Hier wird kein Kind und keine Familie gespeichert; bitte schreiben"
            " Sie es ohne diese Angabe."
        )
        % {"excerpt": each.excerpt, "kind": each.label}
        for each in screen({"text": text}, today=today)
        if each.is_hard and each.kind not in declared.expected
    ]
    if not reasons and len(_PASSED) < _MOST_PASSED:
        _PASSED.add(mark)
    return reasons
