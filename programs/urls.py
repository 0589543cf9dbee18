from django.urls import include, path

from programs.views import (
    absences,
    activities,
    api_tokens,
    closures,
    coordination,
    declarations,
    directory,
    embedding,
    exchange,
    feeds,
    imports,
    invitations,
    notices,
    opportunities,
    providers,
    roles,
    staff,
    takedowns,
    task_tools,
    tasks_together,
    text_drafts,
    texts_together,
    webhooks,
)

own_opportunities = [
    path("", coordination.opportunities, name="coordination_opportunities"),
    path("liste.<slug:kind>", coordination.opportunities_file, name="coordination_opportunities_file"),
    path("neu/", coordination.opportunity_new, name="coordination_opportunity_new"),
    path("<int:pk>/", coordination.opportunity, name="coordination_opportunity"),
    path("<int:pk>/bearbeiten/", coordination.opportunity_edit, name="coordination_opportunity_edit"),
    path(
        "<int:pk>/doch-nicht-laenger/",
        coordination.opportunity_prolong_undo,
        name="coordination_prolong_undo",
    ),
    path("<int:pk>/freigeben/", coordination.opportunity_release, name="coordination_opportunity_release"),
    path("<int:pk>/aufgaben/neu/", roles.role_new, name="coordination_role_new"),
    path("aufgaben/<int:pk>/", roles.role_edit, name="coordination_role_edit"),
    path("aufgaben/<int:pk>/entfernen/", roles.role_remove, name="coordination_role_remove"),
    path("<int:pk>/aushang.pdf", task_tools.poster, name="coordination_poster"),
    path("<int:pk>/ausfall/", closures.closure_new, name="coordination_closure_new"),
    path("ausfall/<int:pk>/zuruecknehmen/", closures.closure_undo, name="coordination_closure_undo"),
    path("gemeinsam/<slug:step>/", tasks_together.opportunities_step, name="coordination_opportunities_step"),
    path("<int:pk>/<slug:step>/", coordination.opportunity_step, name="coordination_opportunity_step"),
]

activity_pages = [
    path("", activities.activities, name="coordination_activities"),
    path("neu/", activities.activity_new, name="coordination_activity_new"),
    path("fragen/<int:pk>/", activities.activity_question, name="coordination_activity_question"),
    path("<int:pk>/", activities.activity, name="coordination_activity"),
    path("<int:pk>/entwurf/", activities.activity_edit, name="coordination_activity_edit"),
    path("<int:pk>/freigeben/", activities.activity_release, name="coordination_activity_release"),
    path("<int:pk>/verwerfen/", activities.activity_discard, name="coordination_activity_discard"),
]

declaration_pages = [
    path("", declarations.declaration, name="coordination_declaration"),
    path("entwurf/", declarations.declaration_edit, name="coordination_declaration_edit"),
    path("freigeben/", declarations.declaration_release, name="coordination_declaration_release"),
    path("verwerfen/", declarations.declaration_discard, name="coordination_declaration_discard"),
]

text_pages = [
    path("", text_drafts.text_draft, name="coordination_text"),
    path("freigeben/", text_drafts.text_release, name="coordination_text_release"),
    path("verwerfen/", text_drafts.text_discard, name="coordination_text_discard"),
]

staff_pages = [
    path("", staff.coordination_staff, name="coordination_staff"),
    path("liste.<slug:kind>", staff.coordination_staff_file, name="coordination_staff_file"),
    path("einladen/", staff.coordination_invitation_new, name="coordination_invitation_new"),
    path(
        "einladungen/<int:pk>/<slug:step>/",
        staff.coordination_invitation_step,
        name="coordination_invitation_step",
    ),
    path("schluessel/", api_tokens.coordination_api_tokens, name="coordination_api_tokens"),
    path(
        "schluessel/<int:pk>/zuruecknehmen/",
        api_tokens.coordination_api_token_revoke,
        name="coordination_api_token_revoke",
    ),
    path("meldungen/", webhooks.coordination_webhooks, name="coordination_webhooks"),
    path("meldungen/<int:pk>/", webhooks.coordination_webhook, name="coordination_webhook"),
    path(
        "meldungen/<int:pk>/uebernahme/",
        webhooks.coordination_webhook_take_over,
        name="coordination_webhook_take_over",
    ),
    path("meldungen/<int:pk>/ende/", webhooks.coordination_webhook_end, name="coordination_webhook_end"),
    path(
        "meldungen/<int:pk>/<int:delivery>/nochmal/",
        webhooks.coordination_webhook_replay,
        name="coordination_webhook_replay",
    ),
    path("<int:pk>/", staff.coordination_staff_member, name="coordination_staff_member"),
]

import_pages = [
    path("", imports.imports, name="coordination_imports"),
    path("<int:pk>/", imports.import_page, name="coordination_import"),
    path("<int:pk>/<slug:step>/", imports.import_step, name="coordination_import_step"),
    path("<slug:kind>/", imports.import_new, name="coordination_import_new"),
]

urlpatterns = [
    path("zeit/", opportunities.opportunities, name="opportunities"),
    path("zeit/aufgaben.rss", feeds.tasks_rss, name="tasks_rss"),
    path("zeit/aufgaben.csv", exchange.tasks_csv, name="tasks_csv"),
    path("zeit/termine.ics", feeds.dates_ics, name="dates_ics"),
    path("zeit/<slug:slug>/", opportunities.opportunity, name="opportunity"),
    path("zeit/<slug:slug>/aufgabe.jsonld", feeds.task_json_ld, name="task_json_ld"),
    path("einbetten/", embedding.embedding, name="embedding"),
    path("einbetten/zeit/", embedding.embedded_tasks, name="embedded_tasks"),
    path("offene-daten/hsds/", exchange.hsds, name="hsds"),
    path("offene-daten/hsds/services", exchange.hsds_services, name="hsds_services"),
    path("offene-daten/hsds/services/<uuid:pk>", exchange.hsds_service, name="hsds_service"),
    path("kind-in-gefahr/", directory.child_in_danger, name="child_in_danger"),
    path("hilfe/", directory.directory, name="directory"),
    path("hilfe/traeger/", directory.providers, name="providers"),
    path("hilfe/traeger/<slug:slug>/", directory.provider, name="provider"),
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
    path(
        "koordination/traeger/<int:pk>/durchgesehen/",
        providers.coordination_concept_reviewed,
        name="coordination_concept_reviewed",
    ),
    path(
        "koordination/traeger/<int:pk>/doch-nicht/",
        providers.coordination_concept_undo,
        name="coordination_concept_undo",
    ),
    path("einladung/<str:token>/", invitations.staff_invitation, name="staff_invitation"),
    path("koordination/zugaenge/", include(staff_pages)),
    path("koordination/angebote/", include(own_opportunities)),
    path("koordination/abwesend/", absences.absences, name="coordination_absences"),
    path(
        "koordination/abwesend/<int:pk>/loeschen/",
        absences.absence_delete,
        name="coordination_absence_delete",
    ),
    path("koordination/entfernen/", takedowns.takedown_find, name="coordination_takedown_find"),
    path("koordination/entfernen/<slug:about>/<int:pk>/", takedowns.takedown, name="coordination_takedown"),
    path("koordination/einlesen/", include(import_pages)),
    path("koordination/taetigkeiten/", include(activity_pages)),
    path("koordination/texte/", text_drafts.texts, name="coordination_texts"),
    path("koordination/texte/lesen/", texts_together.texts_read, name="coordination_texts_read"),
    path("koordination/texte/liste.<slug:kind>", text_drafts.texts_file, name="coordination_texts_file"),
    path("koordination/texte/<int:pk>/", include(text_pages)),
    path("koordination/erklaerungen/<slug:kind>/", include(declaration_pages)),
]
