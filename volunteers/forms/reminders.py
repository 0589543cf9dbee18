"""When somebody wants to be reminded of dates."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import Mailbox
from volunteers.domain.reminders import Reminders
from volunteers.selectors.people import people_at
from volunteers.services.personal_data import choose_reminders


class RemindersField(forms.ChoiceField):
    """One of the wishes; without an answer everything stays as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "label": gettext_lazy("Wann sollen wir Sie an Termine erinnern?"),
                "choices": Reminders.choices,
                "required": False,
                "widget": forms.RadioSelect,
                "help_text": gettext_lazy(
                    "Höchstens eine E-Mail am Tag, nie für Termine, die ausfallen. Manche Aufgaben erinnern"
                    " vor jedem Termin, es sei denn, Sie möchten gar keine Erinnerung."
                ),
                **options,
            }
        )


class RemindersForm(forms.Form):
    """The wish of each person of a mailbox, as part of its settings."""

    def __init__(self, mailbox: Mailbox, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_zeit_%s")
        self._people = {f"reminders_{person.pk}": person for person in people_at(mailbox)}
        for name, person in self._people.items():
            self.fields[name] = RemindersField(initial=person.reminders)
            if len(self._people) > 1:
                self.fields[name].label = _("Wann sollen wir %(name)s an Termine erinnern?") % {
                    "name": person.first_name
                }

    def save(self) -> None:
        """Store what was chosen."""
        for name, person in self._people.items():
            choose_reminders(person, self.cleaned_data[name])


def preferences(mailbox: Mailbox, data: QueryDict | None) -> RemindersForm | None:
    """Return the form for the people of a mailbox, None where nobody gives time."""
    form = RemindersForm(mailbox, data)
    return form if form.fields else None
