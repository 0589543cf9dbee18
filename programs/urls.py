from django.urls import path

from programs.views import directory, opportunities

urlpatterns = [
    path("zeit/", opportunities.opportunities, name="opportunities"),
    path("zeit/<slug:slug>/", opportunities.opportunity, name="opportunity"),
    path("hilfe/", directory.directory, name="directory"),
    path("hilfe/<slug:slug>/", directory.program, name="program"),
]
