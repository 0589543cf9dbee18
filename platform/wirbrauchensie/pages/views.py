"""Pages that show all of the platform, and the legal ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """The call, and the two ways to answer it."""
    return render(request, "pages/home.html")


def standing(request: HttpRequest) -> HttpResponse:
    """Wo wir stehen: the public part of the dashboard."""
    return render(request, "pages/standing.html")


def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/imprint.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


def easy_language(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/easy_language.html")
