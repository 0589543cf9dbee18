"""The third screen of a transfer."""

from django.test import Client
from django.urls import reverse

from donations.domain.references import is_reference, reference_of
from donations.models import Donation, TransferReference
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.clock import local_day, utc_now
from outbox.models import Message
from programs.models import Fund
from tests.donations.visits import details_address, filled, give, newest, text


def test_a_transfer_gets_its_own_reference_and_a_mail_with_the_data(browser: Client, fund: Fund) -> None:
    answer = give(browser, method="transfer")
    donation = newest()
    assert answer.status_code == 303
    assert answer["Location"] == reverse("donate_transfer", args=[donation.public_id])
    assert (donation.status, donation.method, donation.amount_cents) == ("pledged", "transfer", 2500)
    assert (donation.purpose_text, donation.fallback_text) == (fund.purpose, fund.fallback_purpose)
    reference = TransferReference.objects.get().reference
    assert is_reference(reference)
    mail = Message.objects.get()
    assert (mail.key, mail.to_email) == (f"gift.transfer_data:{donation.pk}", "geberin@example.org")
    assert "DE02 1203 0000 0000 2020 51" in mail.body_text
    assert reference[:4] + " " + reference[4:8] in mail.body_text
    assert "Stadt Düren" in mail.body_text
    assert "/meins/" in mail.body_text


def test_the_mail_to_an_unproved_address_carries_nothing_a_stranger_typed(
    browser: Client, fund: Fund
) -> None:
    give(browser, method="transfer", name="Gewinnspiel Boesewicht")
    mail = Message.objects.get()
    assert "Boesewicht" not in mail.body_text + mail.body_html + mail.subject


def test_the_transfer_page_shows_everything_as_text_and_as_code(browser: Client, fund: Fund) -> None:
    page = browser.get(give(browser, method="transfer")["Location"])
    reference = TransferReference.objects.get().reference
    shown = text(page)
    assert page.status_code == 200
    assert "Stadt Düren" in shown
    assert "DE02 1203 0000 0000 2020 51" in shown
    assert "25,00 €" in shown
    assert " ".join(reference[i : i + 4] for i in range(0, len(reference), 4)) in shown
    assert 'src="data:image/svg+xml,%3Csvg' in shown
    assert "geberin@example.org" not in shown
    assert page["Cache-Control"] == "no-store, private"
    assert page["X-Robots-Tag"] == "noindex"


def test_a_reference_that_is_taken_is_not_given_twice(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer")
    first = newest()
    address = details_address(betrag="5000")
    answers = filled(browser, address, method="transfer")
    browser.post(address, answers)
    wanted = newest()
    TransferReference.objects.filter(donation=wanted).delete()
    Message.objects.all().delete()
    Donation.objects.filter(pk=wanted.pk).delete()
    TransferReference.objects.filter(donation=first).update(reference=reference_of(wanted.public_id, 0))
    browser.post(address, answers)
    assert newest().public_id == wanted.public_id
    assert newest().transfer_reference.reference == reference_of(wanted.public_id, 1)


def test_unknown_gifts_have_no_page(browser: Client, db: None) -> None:
    for name in ("donate_transfer", "donate_thanks"):
        assert browser.get(reverse(name, args=["00000000-0000-4000-8000-000000000000"])).status_code == 404


def test_who_is_told_that_the_name_does_not_match_reads_what_to_do(browser: Client, fund: Fund) -> None:
    shown = text(browser.get(give(browser, method="transfer")["Location"]))
    assert "Ihre Bank meldet „stimmt nicht überein“?" in shown
    assert "als Empfänger genau „Stadt Düren“ ein" in shown


def test_no_page_of_a_gift_says_who_gave(browser: Client, fund: Fund) -> None:
    """Whoever has its address, out of a history say, reads of the gift and nothing of the giver."""
    give(browser, method="transfer", name="Kanarie Feder", email="kanarie@example.org")
    gift, reference = newest(), TransferReference.objects.get().reference
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    shown = [stranger.get(reverse("donate_transfer", args=[gift.public_id]))]
    came = Credit(local_day(utc_now()), gift.amount_cents, "Kanarie Feder", reference)
    record_bank_transfer(fund.provider, came, recorded_by=None, now=utc_now())
    shown.append(stranger.get(reverse("donate_thanks", args=[gift.public_id])))
    assert [page.status_code for page in shown] == [200, 200]
    assert "Danke von Herzen!" in text(shown[1])
    for page in shown:
        assert "kanarie" not in page.content.decode().lower()
