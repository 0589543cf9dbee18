"""Where one date is moved to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.clock import LOCAL_ZONE, local_day
from foundation.units import DAY, QUARTER, MinuteOfDay, minute_of_day
from programs.domain.rhythms import LONGEST
from programs.forms.fields import ClockField, DayField
from programs.models import Shift
from programs.services.moving import Slot


class MoveForm(forms.Form):
    """A day and its wall times; an end that is not after the begin lies on the next day."""

    day = DayField(label=_("Neuer Tag"), error_messages={"required": _("Bitte geben Sie den neuen Tag an.")})
    begin = ClockField(label=_("von"), error_messages={"required": _("Bitte geben Sie den Beginn an.")})
    end = ClockField(label=_("bis"), error_messages={"required": _("Bitte geben Sie das Ende an.")})

    def __init__(self, data: Any = None, *, date: Shift) -> None:
        starts_at, ends_at = (each.astimezone(LOCAL_ZONE) for each in (date.starts_at, date.ends_at))
        there = {"day": local_day(date.starts_at), "begin": starts_at.time(), "end": ends_at.time()}
        super().__init__(data, initial=there)

    def clean(self) -> None:
        """Refuse what is not in quarters of an hour, and what is longer than a date may be."""
        super().clean()
        if self.errors:
            return
        slot = self.slot
        if slot.start % QUARTER or slot.end % QUARTER:
            self.add_error("begin", _("Bitte nur volle Viertelstunden angeben."))
        elif slot.end > DAY and slot.end - slot.start > LONGEST:
            self.add_error("end", _("Das Ende muss nach dem Beginn liegen."))

    @property
    def slot(self) -> Slot:
        """Where the valid form moves it to."""
        said = self.cleaned_data
        start, end = minute_of_day(said["begin"]), minute_of_day(said["end"])
        return Slot(said["day"], start, MinuteOfDay(end if end > start else end + DAY))
