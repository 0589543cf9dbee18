from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from citizens.models import Mailbox
from foundation.lists.searching import searched
from volunteers.domain.minors import is_minor
from volunteers.domain.reminders import Reminders
from volunteers.wording.groups import people

MOST_HEADS = 99
LEAST_AGE = 16  # RULES §1.9: from 16 on a person consents to the use of their own data
FULL_AGE = 18

WHOLE_NAME = Concat("first_name", Value(" "), "last_name")
"""What is searched for a name; an index holds it folded."""


def heads_sane(name: str) -> models.CheckConstraint:
    """Return the condition that a row counts one head at least, and no more than a group may have."""
    return models.CheckConstraint(condition=Q(heads__gte=1, heads__lte=MOST_HEADS), name=name)


def age_at_least(*, is_adult: bool) -> int:
    """Return the age in years that somebody has stated to have reached."""
    return FULL_AGE if is_adult else LEAST_AGE


class Volunteer(models.Model):
    """A Freiwillige person: how to reach them, nothing more than the pledge needs. No account.

    A group or company is one contact with its name (`group_name`) and how many come (`heads`), all of age:
    asked as one, with one answer, and with as many places as heads. Who comes alone has no such name.

    Until its mailbox has confirmed, a row is what somebody typed and nothing else. Confirming joins it to a
    confirmed person of that mailbox, so no stranger changes a person; two people may share a mailbox.
    `born_in` is the first of the month of birth, known of minors once a guardian is asked and forgotten when
    they are of age. `is_asked_with_children` is False after a safeguarding officer's "keine weiteren
    Anfragen": no reason, no day and nobody's name is kept with it.
    """

    first_name = models.CharField(_("Vorname"), max_length=60)
    last_name = models.CharField(_("Nachname"), max_length=80, blank=True)
    group_name = models.CharField(
        _("Gruppe oder Firma"), max_length=80, blank=True, default="", db_default=""
    )
    heads = models.PositiveSmallIntegerField(_("Menschen"), default=1, db_default=1)
    mailbox = models.ForeignKey(
        Mailbox, models.PROTECT, related_name="volunteers", verbose_name=_("Postfach")
    )
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    is_adult = models.BooleanField(_("mindestens 18 Jahre alt"), default=True)
    born_in = models.DateField(_("Geburtsmonat, nur unter 18"), null=True, editable=False)
    is_asked_with_children = models.BooleanField(
        _("wird nach Aufgaben mit Kindern gefragt"), default=True, db_default=True, editable=False
    )
    reminders = models.CharField(
        _("Erinnerung an Termine"),
        max_length=5,
        choices=Reminders.choices,
        default=Reminders.FIRST.value,
        db_default=Reminders.FIRST.value,
    )
    last_asked_at = models.DateTimeField(_("zuletzt gefragt"), null=True, editable=False)
    created_at = models.DateTimeField(_("angelegt"), editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt"), null=True, editable=False)
    erased_at = models.DateTimeField(_("gelöscht"), null=True, editable=False)
    is_demo = models.BooleanField(_("Beispieldaten"), default=False, editable=False)

    class Meta:
        verbose_name = _("Freiwillige Person")
        verbose_name_plural = _("Freiwillige")
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(first_name="", last_name="", group_name="", phone=""),
                name="volunteer_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(born_in=None) | Q(is_adult=False, erased_at=None),
                name="volunteer_birth_month_of_minors",
            ),
            heads_sane("volunteer_heads_sane"),
            models.CheckConstraint(
                condition=Q(group_name="", heads=1)
                | ~Q(group_name="") & Q(heads__gte=2, is_adult=True)
                | Q(erased_at__isnull=False),
                name="volunteer_group_has_heads",
            ),
        ]
        indexes = [
            searched(WHOLE_NAME, name="volunteer_by_name"),
            searched("first_name", name="volunteer_by_first_name"),
            searched("group_name", name="volunteer_by_group", condition=~Q(group_name="")),
        ]

    def __str__(self) -> str:
        return self.first_name or str(_("gelöscht"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Of somebody of age the month of birth is not known."""
        if self.is_adult and self.born_in is not None:
            self.born_in = None
            if (names := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*names, "born_in"}
        super().save(*args, **kwargs)

    @property
    def email(self) -> str:
        """The address of the mailbox."""
        return self.mailbox.email

    @property
    def is_unreachable(self) -> bool:
        """Whether mails to the address come back."""
        return self.mailbox.bounced_at is not None

    @property
    def is_group(self) -> bool:
        """Whether several come with this one contact."""
        return self.group_name != ""

    @property
    def short_name(self) -> str:
        """Enough to tell people apart if no more is needed: first name and initial; of a group its name."""
        contact = f"{self} {self.last_name[:1]}." if self.last_name else str(self)
        return self._with_group(contact)

    @property
    def whole_name(self) -> str:
        """First and last name, and the name of the group before them."""
        return self._with_group(f"{self.first_name} {self.last_name}".strip())

    @property
    def who(self) -> str:
        """The short name, and how many come."""
        return self.with_heads(self.heads)

    def with_heads(self, heads: int) -> str:
        """Return the short name, with how many come if they are several."""
        return self.short_name if heads == 1 else f"{self.short_name}, {people(heads)}"

    def _with_group(self, contact: str) -> str:
        return f"{self.group_name} ({contact})" if self.is_group else contact

    def is_of_age(self, day: date) -> bool:
        """Whether this person has certainly reached 18 by that day, noted by a sweep already or not."""
        return not is_minor(day, is_adult=self.is_adult, born_in=self.born_in)

    @property
    def age_at_least(self) -> int:
        """The age in years this person has stated to have reached."""
        return age_at_least(is_adult=self.is_adult)
