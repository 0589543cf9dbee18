""" "Meine Seite": time and money of one mailbox, and what its owner decides about it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from citizens.forms import ALL_LINKS, RevokeForm, SettingsForm
from citizens.models import Mailbox
from citizens.services.address_changes import make_links_void
from citizens.services.link_requests import make_kind_void
from citizens.services.links import ask_token
from citizens.services.pages import Opened, open_page
from citizens.services.parts import all_parts
from citizens.services.personal_data import everything_about
from citizens.services.unsubscribing import change_settings
from citizens.views.private_pages import private_page, see_other
from citizens.wording import readable
from foundation.clock import utc_now
from foundation.links import LinkNotValid

NOTICES = {
    "einstellungen": gettext_lazy("Ihre Einstellungen sind gespeichert."),
    "gesperrt": gettext_lazy("Diese Links gelten nicht mehr."),
}


@private_page
@require_safe
def my_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what every app knows; an old link shows its own part."""
    now = utc_now()
    opened = open_page(token, now)
    notices = dict(NOTICES)
    for part in opened.parts():
        notices |= part.notices
    context = {
        "token": token,
        "mailbox": opened.mailbox,
        "is_whole": opened.is_whole,
        "ask_token": "" if opened.is_whole else ask_token(opened.mailbox, now),
        "notice": notices.get(request.GET.get("hinweis", "")),
        "sections": _sections(request, opened, now),
    }
    return render(request, "citizens/my_page.html", context)


def _sections(request: HttpRequest, opened: Opened, now: datetime) -> list[SafeString]:
    found = [part.section(opened.mailbox, opened.token, now) for part in opened.filled_parts()]
    return [
        render_to_string(section.template, {**section.context, "token": opened.token}, request)
        for section in found
        if section is not None
    ]


def _owner(token: str, now: datetime) -> Mailbox:
    """Return the mailbox of its owner's own link; what concerns all apps is beyond an old one."""
    opened = open_page(token, now)
    if not opened.is_whole:
        raise LinkNotValid
    return opened.mailbox


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_settings(request: HttpRequest, token: str) -> HttpResponse:
    """Choose which mails come, and in which language."""
    now = utc_now()
    mailbox = _owner(token, now)
    sent = request.POST if request.method == "POST" else None
    form = SettingsForm(sent) if sent is not None else SettingsForm.showing(mailbox)
    of_parts = [each for part in all_parts() if (each := part.preferences(mailbox, sent)) is not None]
    if sent is None or not all([form.is_valid(), *(each.is_valid() for each in of_parts)]):
        context = {"form": form, "of_parts": of_parts, "token": token, "mailbox": mailbox}
        return render(request, "citizens/my_settings.html", context, status=422 if form.is_bound else 200)
    language = form.cleaned_data["language"] or mailbox.language
    change_settings(mailbox, language=language, unwanted=form.unwanted, now=now)
    for each in of_parts:
        each.save()
    return see_other("my_page", token, query="hinweis=einstellungen")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_links(request: HttpRequest, token: str) -> HttpResponse:
    """Make old links void: all of them, which mails a new one, or one kind."""
    now = utc_now()
    mailbox = _owner(token, now)
    form = RevokeForm(request.POST if request.method == "POST" else None, parts=all_parts())
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token}
        return render(request, "citizens/my_links.html", context, status=422 if form.is_bound else 200)
    which = form.cleaned_data["which"] or ALL_LINKS
    if which == ALL_LINKS:
        make_links_void(mailbox, now)
        return see_other("my_page_link_sent")
    make_kind_void(mailbox, which, now=now)
    return see_other("my_page", token, query="hinweis=gesperrt")


@private_page
@require_safe
def my_data(request: HttpRequest, token: str) -> HttpResponse:
    """Show in words what is stored."""
    now = utc_now()
    context = {"token": token, "data": readable(everything_about(_owner(token, now), now))}
    return render(request, "citizens/my_data.html", context)


@private_page
@require_safe
def my_data_file(request: HttpRequest, token: str) -> HttpResponse:
    """Give what is stored as a file that other programs can read."""
    now = utc_now()
    response = JsonResponse(
        everything_about(_owner(token, now), now), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = 'attachment; filename="meine-daten.json"'
    return response
