"""Writing to the office: questions and reported barriers (§ 10b BGG NRW, § 5 BITVNRW)."""

import hashlib
from datetime import datetime

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.brakes import is_newcomer, turn_at
from foundation.free_texts import FreeText
from foundation.limit_values import CONTACT_MESSAGES, CONTACT_MESSAGES_PER_ADDRESS
from foundation.limits import take_from_networks
from outbox.services.queue import queue
from programs.models import City
from wirbrauchensie.pages.mails import CONTACT_MESSAGE

TOPICS = [
    ("frage", _("Frage oder Hinweis")),
    ("barriere", _("Barriere auf diesen Seiten")),
    ("daten", _("Meine Daten")),
    ("traeger", _("Wir möchten als Träger mitmachen")),
]


class ContactForm(forms.Form):
    """What somebody wants to tell the office; an address only if an answer is wanted."""

    topic = forms.ChoiceField(label=_("Worum geht es?"), choices=TOPICS)
    text = forms.CharField(
        label=_("Ihre Nachricht"),
        max_length=4000,
        validators=[FreeText("contact.text")],
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Bitte keine Angaben über einzelne Kinder oder Familien."),
    )
    reply_to = forms.EmailField(
        label=_("Ihre E-Mail-Adresse, wenn Sie eine Antwort möchten"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def send_to_office(form: ContactForm, *, city: City, client: str, now: datetime) -> None:
    """Queue the message for the city's office, for later when very many write. Raises LimitReached."""
    take_from_networks(CONTACT_MESSAGES_PER_ADDRESS, client, now=now)
    newcomer = is_newcomer(CONTACT_MESSAGES, client, now=now)
    due_at = turn_at(CONTACT_MESSAGES, newcomer=newcomer, now=now)
    answers = form.cleaned_data
    fingerprint = hashlib.sha256(
        f"{answers['topic']}\n{answers['text']}\n{answers['reply_to']}\n{now:%Y-%m-%d}".encode()
    ).hexdigest()
    queue(
        key=f"contact:{fingerprint[:40]}",
        mail=CONTACT_MESSAGE,
        to_email=city.contact_email or settings.OFFICE_EMAIL,
        context={
            "topic": dict(TOPICS)[answers["topic"]],
            "text": answers["text"],
            "reply_to": answers["reply_to"],
        },
        now=now,
        due_at=due_at,
    )
