"""Where the demo's mails are read: what was queued, as it left."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from outbox.models import Message

PER_PAGE = 25


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every mail of the demo, newest first."""
    newest = Message.objects.order_by("-queued_at", "-id").defer("body_text", "body_html", "attachment_body")
    page = Paginator(newest, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/mail_list.html", {"page": page})


@require_safe
def mail_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as text, with its links to click."""
    return render(request, "demo/mail_message.html", {"mail": get_object_or_404(Message, pk=pk)})
