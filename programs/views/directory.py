"""Hilfe finden: the directory for families."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.clock import local_day, utc_now
from programs.forms.filters import ProgramFilter
from programs.selectors.directory import (
    find_programs,
    help_telephones,
    independent_providers,
    known_parts,
    program_page,
    programs_of,
    provider_cards,
    youth_office,
)
from programs.selectors.task_cards import cards_of_program, cards_of_provider
from programs.selectors.visibility import public_funds

PROGRAMS_PER_PAGE = 12
MOST_TASKS = 6


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show what helps, filtered by topic, age, district and words."""
    form = ProgramFilter.of(request.GET)
    found = find_programs(form.wanted())
    core = [] if form.asks_for_something else [program for program in found if program.is_core_system]
    listed = [program for program in found if program not in core]
    return render(
        request,
        "programs/directory.html",
        {
            "form": form,
            "core": core,
            "total": len(found),
            "page": Paginator(listed, PROGRAMS_PER_PAGE).get_page(request.GET.get("page")),
            "is_filtered": form.asks_for_something,
        },
    )


@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one Angebot with contact, source and how to join in; 404 if it is gone or was never there."""
    found = program_page(slug)
    if found is None:
        return render(request, "programs/program_gone.html", status=404)
    tasks = cards_of_program(found.pk, local_day(utc_now()), MOST_TASKS)
    parts = known_parts(found)
    missing = max((found.part_count or 0) - len(parts), 0)
    context = {"program": found, "tasks": tasks, "parts": parts, "missing_parts": missing}
    return render(request, "programs/program.html", context)


@require_safe
def providers(request: HttpRequest) -> HttpResponse:
    """List the freie Träger and how much each offers."""
    return render(request, "programs/providers.html", {"cards": provider_cards(local_day(utc_now()))})


@require_safe
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one freier Träger: how to reach it, what it offers, where to help and give; or 404."""
    found = independent_providers().filter(slug=slug).first()
    if found is None:
        return render(request, "programs/provider_gone.html", status=404)
    context = {
        "provider": found,
        "programs": programs_of(found),
        "tasks": cards_of_provider(found.pk, local_day(utc_now()), MOST_TASKS),
        "funds": list(public_funds().filter(provider=found)),
    }
    return render(request, "programs/provider.html", context)


@require_safe
def child_in_danger(request: HttpRequest) -> HttpResponse:
    """Show whom to call: police, youth office, telephones that listen."""
    context = {"youth_office": youth_office(), "telephones": help_telephones()}
    return render(request, "programs/child_in_danger.html", context)
