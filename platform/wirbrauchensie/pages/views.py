"""Pages that show all of the platform, and the legal ones."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.client import client_address
from foundation.clock import local_day, utc_now
from programs.models import City
from programs.selectors.city import current_city
from wirbrauchensie.dashboard.filters import PublicFigureFilter
from wirbrauchensie.dashboard.presentation import Links, page_context
from wirbrauchensie.dashboard.selectors import public_report
from wirbrauchensie.pages import selectors
from wirbrauchensie.pages.contact import TOPICS, ContactForm, send_to_office


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The call, and the two ways to answer it."""
    context = {
        "lead": _(
            "Mit einer Stunde in der Woche oder mit ein paar Euro sorgen Sie dafür, "
            "dass Kinder in unserer Stadt dabei sind."
        ),
        "time_way": (_("Zeit schenken"), reverse("opportunities")),
        "money_way": (_("Geld geben"), reverse("donate")),
        "pledge_url": reverse("pledge_time"),
        "appeal_program": selectors.program_of_the_appeal(current_city()),
        "needs": selectors.most_wanted(local_day(utc_now())),
        "funds": selectors.open_purposes(),
        "fields": selectors.field_links(),
    }
    return render(request, "pages/home.html", context)


@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """Wo wir stehen: the public part of the dashboard."""
    form = PublicFigureFilter(request.GET)
    context = {"form": form, **page_context(public_report(form.choice), form.map_measure, _links())}
    return render(request, "pages/standing.html", context)


def _links() -> Links:
    tasks = reverse("opportunities")
    return Links(
        lambda district: f"{tasks}?district={district.slug}",
        {"needs": tasks, "pledged": reverse("pledge_time"), "gifts": reverse("funds")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Write to the office; no account, no obligatory address."""
    city = City.objects.filter(source_key=settings.CITY).first()
    if city is None:
        raise Http404
    if request.method != "POST":
        topic = request.GET.get("thema", "")
        initial = {"topic": topic} if topic in dict(TOPICS) else {}
        return render(request, "pages/contact.html", {"form": ContactForm(initial=initial)})
    form = ContactForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/contact.html", {"form": form}, status=422)
    send_to_office(form, city=city, client=client_address(request), now=utc_now())
    return render(request, "pages/contact_sent.html")


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/imprint.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
def easy_language(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/easy_language.html")
