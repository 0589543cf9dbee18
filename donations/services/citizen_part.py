"""What this app shows and knows of the owner of a mailbox, for "Meine Seite"."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import Mailbox
from citizens.services.parts import NotNow, OldLink, Part, Section
from donations.domain.links import CHANGE_MONTHLY, END_MONTHLY, MEND_MONTHLY, MY_GIFTS
from donations.gateways.errors import PaymentServiceError
from donations.models import Donor, RecurringDonation
from donations.selectors.gifts import gifts_of, monthly_among
from donations.services.online.monthly import cancel_monthly
from donations.services.personal_data import erase_giver, names_of, stored_about
from donations.wording.mails import TRANSFER_REMINDERS


def _section(mailbox: Mailbox, token: str, now: datetime) -> Section | None:
    gifts = gifts_of(mailbox)
    if not gifts:
        return None
    is_named = any(not gift.hide_name_public for gift in gifts)
    told = {"gifts": gifts, "monthly": monthly_among(gifts), "is_named": is_named}
    return Section("donations/_my_money.html", told)


def _mailbox_of(donor_id: int) -> Mailbox | None:
    """Return whose old link it is."""
    return Mailbox.objects.filter(donor=donor_id).first()


def _end_monthly(mailbox: Mailbox, now: datetime) -> None:
    """End what is collected every month. Raises NotNow if it may go on."""
    running = RecurringDonation.objects.filter(donor__mailbox=mailbox)
    for row in running.exclude(status=RecurringDonation.Status.CANCELLED):
        try:
            cancel_monthly(row, now)
        except PaymentServiceError as error:
            raise NotNow(
                _(
                    "Ihre Dauerspende lässt sich gerade nicht beenden, weil der Zahlungsdienst nicht "
                    "erreichbar ist. Deshalb ist noch nichts gelöscht. Bitte versuchen Sie es gleich noch "
                    "einmal."
                )
            ) from error


def _take_over(typed: Mailbox, to: Mailbox) -> bool:
    """Gifts of two givers are never joined by an address alone."""
    given = Donor.objects.filter(mailbox=typed)
    if given.exists() and Donor.objects.filter(mailbox=to).exists():
        return False
    given.update(mailbox=to)
    return True


PART = Part(
    name="geld",
    section=_section,
    knows=lambda mailbox: Donor.objects.filter(mailbox=mailbox).exists(),
    data=stored_about,
    erase=erase_giver,
    take_over=_take_over,
    words=names_of,
    let_go=_end_monthly,
    old_link=OldLink(MY_GIFTS, _mailbox_of),
    link_kinds=(CHANGE_MONTHLY, END_MONTHLY, MEND_MONTHLY),
    mail_kinds=(TRANSFER_REMINDERS,),
    notices={
        "dauerspende_geaendert": gettext_lazy(
            "Ihre Dauerspende ist geändert. Was jetzt gilt, steht in unserer E-Mail."
        ),
        "dauerspende_pausiert": gettext_lazy(
            "Ihre Dauerspende pausiert. Sie können sie jederzeit fortsetzen."
        ),
        "dauerspende_fortgesetzt": gettext_lazy("Ihre Dauerspende läuft weiter. Danke!"),
        "nicht_genannt": gettext_lazy("Ihr Name wird für Ihre Spenden nicht mehr öffentlich genannt."),
        "beendet": gettext_lazy("Ihre Dauerspende ist beendet. Danke für alles, was Sie gegeben haben."),
    },
)
