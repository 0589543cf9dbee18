from django.urls import include, path

from programs.views import closures, coordination, directory, notices, opportunities, providers

own_opportunities = [
    path("", coordination.opportunities, name="coordination_opportunities"),
    path("neu/", coordination.opportunity_new, name="coordination_opportunity_new"),
    path("<int:pk>/", coordination.opportunity, name="coordination_opportunity"),
    path("<int:pk>/bearbeiten/", coordination.opportunity_edit, name="coordination_opportunity_edit"),
    path("<int:pk>/freigeben/", coordination.opportunity_release, name="coordination_opportunity_release"),
    path("<int:pk>/ausfall/", closures.closure_new, name="coordination_closure_new"),
    path("ausfall/<int:pk>/zuruecknehmen/", closures.closure_undo, name="coordination_closure_undo"),
    path("<int:pk>/<slug:step>/", coordination.opportunity_step, name="coordination_opportunity_step"),
]

urlpatterns = [
    path("zeit/", opportunities.opportunities, name="opportunities"),
    path("zeit/<slug:slug>/", opportunities.opportunity, name="opportunity"),
    path("kind-in-gefahr/", directory.child_in_danger, name="child_in_danger"),
    path("hilfe/", directory.directory, name="directory"),
    path("hilfe/<slug:slug>/", directory.program, name="program"),
    path("melden/<slug:about>/<int:pk>/", notices.notice, name="notice"),
    path("koordination/meldungen/", notices.coordination_notices, name="coordination_notices"),
    path("koordination/meldungen/<int:pk>/", notices.coordination_notice, name="coordination_notice"),
    path("koordination/traeger/", providers.coordination_providers, name="coordination_providers"),
    path(
        "koordination/traeger/<int:pk>/stoppen/",
        providers.coordination_provider_stop,
        name="coordination_provider_stop",
    ),
    path("koordination/angebote/", include(own_opportunities)),
]
