"""How somebody who gives time is called and reached."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from volunteers.access import access_own_page, access_volunteer
from volunteers.forms.my_pledges import PersonForm
from volunteers.services import personal_data


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_person(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Change name, telephone and age."""
    volunteer = access_volunteer(access_own_page(token, utc_now()).mailbox, pk)
    is_sent = request.method == "POST"
    form = PersonForm(request.POST, volunteer=volunteer) if is_sent else PersonForm.showing(volunteer)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token, "volunteer": volunteer}
        return render(request, "volunteers/my_person.html", context, status=422 if form.is_bound else 200)
    personal_data.change_person(volunteer, **form.cleaned_data, now=utc_now())
    return see_other("my_page", token, query="hinweis=daten")
