"""What is stored about the person themselves: change it, make old links void, erase it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.clock import utc_now
from volunteers.access import access_volunteer
from volunteers.forms.my_pledges import PersonForm
from volunteers.services import link_requests, personal_data
from volunteers.views.answers import see_other
from volunteers.views.token_pages import token_page


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_person(request: HttpRequest, token: str) -> HttpResponse:
    """Change name, telephone and age."""
    volunteer = access_volunteer(token, utc_now())
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm.showing(volunteer)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token, "volunteer": volunteer}
        return render(request, "volunteers/my_person.html", context, status=422 if form.is_bound else 200)
    personal_data.change_person(volunteer, **form.cleaned_data)
    return see_other("my_pledges_with", token, query="hinweis=daten")


@token_page
@require_POST
def my_link_renew(request: HttpRequest, token: str) -> HttpResponse:
    """Make every link so far void and mail a new one."""
    now = utc_now()
    link_requests.renew_link(access_volunteer(token, now), now=now)
    return see_other("my_pledges_link_sent")


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_person_erase(request: HttpRequest, token: str) -> HttpResponse:
    """Erase the person, after one page that says what that means."""
    now = utc_now()
    volunteer = access_volunteer(token, now)
    if request.method != "POST":
        return render(request, "volunteers/my_person_erase.html", {"token": token, "volunteer": volunteer})
    personal_data.erase_person(volunteer, now=now)
    return see_other("my_person_erased")


@require_safe
def my_person_erased(request: HttpRequest) -> HttpResponse:
    """Say that nothing is stored any more."""
    return render(request, "volunteers/my_person_erased.html")
