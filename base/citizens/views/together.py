"""The same act for several rows of a list: rehearsed for a look at what follows, then done one by one.

Each row keeps a transaction of its own. So what one of them refuses stops no other, and the answer says
which ones were done and why the rest was not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.views.private_pages import see_other
from foundation.lists.choosing import CHOSEN, LOOK, SURE, chosen_keys
from foundation.returns import back_or
from outbox.models import Message
from outbox.services.rehearsal import rehearse

Words: TypeAlias = str | Promise


@dataclass(frozen=True)
class Deed:
    """One row, or rows that are done in one go: `do` returns why not, "" once it is done.

    `addresses` are those of the people it is about, who may be known to whoever does it.
    """

    keys: tuple[int, ...]
    label: str
    do: Callable[[], Words]
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """A row for which it is not done, and why."""

    label: str
    why: Words

    @property
    def told(self) -> str:
        """Return both in one sentence."""
        return f"{self.label}: {self.why}".rstrip(".") + "."


@dataclass(frozen=True)
class Act:
    """What is done to the chosen rows, in words. `done` tells of how many, `nothing` that there were none;
    `later` says who is written to afterwards, of which the look before it can show no mail."""

    title: Words
    lead: Words
    button: Words
    done: Callable[[int], str]
    nothing: Words
    left: Sequence[Left] = field(default=())
    later: Words = ""


def answers(request: HttpRequest) -> QueryDict | None:
    """Return what was typed into the form of an act, None before it was shown."""
    return request.POST if LOOK in request.POST or SURE in request.POST else None


def done_together(
    request: HttpRequest,
    act: Act,
    deeds: Sequence[Deed],
    *,
    otherwise: str,
    form: forms.Form | None = None,
) -> HttpResponse:
    """Ask what `form` asks, show what would follow, and do it once that is confirmed."""
    back = back_or(request, see_other(otherwise))
    if not deeds:
        messages.warning(request, " ".join([str(act.nothing), *(each.told for each in act.left)]))
        return back
    if form is not None and not form.is_valid():
        status = 422 if form.is_bound else 200
        asked = {"asked": [deed.label for deed in deeds], "keys": _keys(deeds)}
        return _page(request, act, {**asked, "form": form, "back": back["Location"]}, status)
    if SURE in request.POST:
        _tell(request, act, [(deed, str(deed.do())) for deed in deeds])
        return back
    tried = [(deed, *rehearse(deed.do, deed.addresses)) for deed in deeds]
    left = [*act.left, *(Left(deed.label, why) for deed, why, _mails in tried if why)]
    coming = [(deed, mails) for deed, why, mails in tried if not why]
    if not coming:
        messages.warning(request, " ".join([str(act.nothing), *(each.told for each in left)]))
        return back
    context = {
        "coming": [(deed.label, [_in_words(mail) for mail in mails]) for deed, mails in coming],
        "keys": _keys([deed for deed, _mails in coming]),
        "of": len(chosen_keys(request.POST)),
        "left": left,
        "kept": [bound.as_hidden() for bound in form] if form else [],
        "said": _said(form) if form else [],
        "back": back["Location"],
        **_mails_in([mail for _deed, mails in coming for mail in mails]),
    }
    return _page(request, act, context)


def _page(request: HttpRequest, act: Act, context: dict[str, object], status: int = 200) -> HttpResponse:
    names = {"chosen": CHOSEN, "sure": SURE, "look": LOOK}
    return render(request, "components/together.html", {**context, **names, "act": act}, status=status)


def _keys(deeds: Sequence[Deed]) -> list[int]:
    return [key for deed in deeds for key in deed.keys]


def _mails_in(mails: list[Message]) -> dict[str, int]:
    """Count what leaves the house by mail, what waits to be printed, and what is kept back."""
    kinds = [mail.status for mail in mails]
    return {
        "mails": kinds.count(Message.Status.QUEUED),
        "letters": kinds.count(Message.Status.TO_PRINT),
        "suppressed": kinds.count(Message.Status.SUPPRESSED),
    }


def _in_words(mail: Message) -> str:
    if mail.status == Message.Status.TO_PRINT:
        return _("Brief: „%(subject)s“") % {"subject": mail.subject}
    if mail.status == Message.Status.SUPPRESSED:
        return _("keine Nachricht: Die Adresse nimmt keine mehr an")
    return _("E-Mail an %(address)s: „%(subject)s“") % {"address": mail.to_email, "subject": mail.subject}


def _said(form: forms.Form) -> list[str]:
    """Return what was typed and chosen, as people read it."""
    texts = []
    for bound in form.visible_fields():
        value = form.cleaned_data[bound.name]
        listed: Any = bound.field.choices if isinstance(bound.field, forms.ChoiceField) else []
        choices = dict(listed)
        texts.append(str(choices.get(value, value or "")))
    return [text for text in texts if text]


def _tell(request: HttpRequest, act: Act, results: list[tuple[Deed, str]]) -> None:
    """Say of how many it was done, and of each other one why not."""
    asked = len(chosen_keys(request.POST))
    done = sum(len(deed.keys) for deed, why in results if not why)
    refused = [Left(deed.label, why).told for deed, why in results if why]
    told = [act.done(done) if done else str(act.nothing)]
    if rest := asked - done:
        words = ngettext(
            "%(rest)d von %(asked)d blieb, wie sie war.",
            "%(rest)d von %(asked)d blieben, wie sie waren.",
            rest,
        )
        told += [words % {"rest": rest, "asked": asked}, *refused]
    (messages.success if done else messages.warning)(request, " ".join(told))
