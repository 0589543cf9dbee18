"""Addresses of those who give time and of those who plan with them."""

from django.urls import include, path

from volunteers.views import (
    change_pledge,
    coordination_cancelling,
    coordination_clearances,
    coordination_consents,
    coordination_contacts,
    coordination_doubles,
    coordination_gaps,
    coordination_lists,
    coordination_messages,
    coordination_moving,
    coordination_offers,
    coordination_people,
    coordination_placements,
    coordination_roster,
    coordination_silences,
    coordination_taken,
    coordination_weights,
    guardians,
    my_dates,
    my_person,
    my_pledges,
    offers,
    people_together,
    placement_files,
    placements_together,
    pledge,
    pledge_confirm,
    stand_ins,
    steps,
)

pledging = [
    path("zeit/zusagen/", pledge.pledge_time, name="pledge_time"),
    path("zeit/zusagen/aufgabe/", pledge.pledge_time_task, name="pledge_time_task"),
    path("zeit/zusagen/wann/", pledge.pledge_time_when, name="pledge_time_when"),
    path("zeit/zusagen/wer/", pledge.pledge_time_who, name="pledge_time_who"),
    path("zeit/zusagen/gesendet/", pledge.pledge_sent, name="pledge_sent"),
    path("zeit/<slug:slug>/zusagen/", pledge.pledge_time_for, name="pledge_time_for"),
    path("zusage/bestaetigen/<str:token>/", pledge_confirm.pledge_confirm, name="pledge_confirm"),
    path("zusage/neuer-link/<str:token>/", pledge_confirm.pledge_confirm_again, name="pledge_confirm_again"),
    path(
        "zusage/zurueckziehen/<str:token>/", change_pledge.pledge_withdraw_step, name="pledge_withdraw_step"
    ),
    path("zusage/aufhoeren/<str:token>/", my_dates.placement_leave_step, name="placement_leave_step"),
]

own_pages = [
    path("", my_pledges.my_pledges_with, name="my_pledges_with"),
    path("angaben/<int:pk>/", my_person.my_person, name="my_person"),
    path("termin/<int:pk>/absagen/", my_dates.date_skip, name="date_skip"),
    path("termin/<int:pk>/doch/", my_dates.date_come, name="date_come"),
    path("einsatz/<int:pk>/bleiben/", my_dates.placement_stay, name="placement_stay"),
    path("einsatz/<int:pk>/anzahl/", my_dates.placement_heads, name="placement_heads"),
    path("einsatz/<int:pk>/verlassen/", my_dates.placement_leave, name="placement_leave"),
    path("<int:pk>/aendern/", change_pledge.pledge_change, name="pledge_change"),
    path("<int:pk>/pause/", change_pledge.pledge_pause, name="pledge_pause"),
    path("<int:pk>/weiter/", change_pledge.pledge_resume, name="pledge_resume"),
    path("<int:pk>/zurueckziehen/", change_pledge.pledge_withdraw, name="pledge_withdraw"),
    path("<int:pk>/abwesend/", change_pledge.pledge_absence, name="pledge_absence"),
    path(
        "<int:pk>/abwesend/<int:absence_pk>/loeschen/",
        change_pledge.pledge_absence_delete,
        name="pledge_absence_delete",
    ),
]

answering = [
    path("anfrage/<str:token>/", offers.offer_answer, name="offer_answer"),
    path("einspringen/<str:token>/", stand_ins.stand_in_answer, name="stand_in_answer"),
    path("einsatz/<str:token>/kalender.ics", placement_files.calendar_file, name="placement_calendar"),
    path("termine/<str:token>/termine.ics", placement_files.calendar_feed, name="person_calendar"),
    path("einsatz/<str:token>/schritte/", steps.placement_steps, name="placement_steps"),
    path("einsatz/<str:token>/unterschrift/", steps.commitment_sign, name="commitment_sign"),
    path("zustimmung/<str:token>/", guardians.guardian, name="guardian"),
    path("zustimmung/<str:token>/zurueck/", guardians.guardian_withdraw, name="guardian_withdraw"),
    path("einsatz/<str:token>/schreiben/", placement_files.letter, name="placement_letter"),
    path("einsatz/<str:token>/schreiben.pdf", placement_files.letter_pdf, name="placement_letter_pdf"),
]

coordination = [
    path("anfragen/", coordination_offers.offers, name="coordination_offers"),
    path("anfragen/liste.<slug:kind>", coordination_offers.offers_file, name="coordination_offers_file"),
    path("anfragen/zuruecknehmen/", coordination_offers.offers_withdraw, name="coordination_offers_withdraw"),
    path(
        "anfragen/<int:pk>/zuruecknehmen/",
        coordination_offers.offer_withdraw,
        name="coordination_offer_withdraw",
    ),
    path("zusagen/", coordination_offers.pledges, name="coordination_pledges"),
    path("zusagen/liste.<slug:kind>", coordination_offers.pledges_file, name="coordination_pledges_file"),
    path("zusagen/aufnehmen/", coordination_taken.pledge_take, name="coordination_pledge_take"),
    path("zusagen/<int:pk>/eintragen/", coordination_taken.place, name="coordination_place"),
    path("anfragen/<int:pk>/antwort/", coordination_taken.offer_answered, name="coordination_offer_answered"),
    path("zusagen/anrufe/", people_together.pledges_call, name="coordination_pledges_call"),
    path("zusagen/<int:pk>/anruf/", coordination_contacts.call, name="coordination_call"),
    path(
        "gespraeche/<int:pk>/zuruecknehmen/", coordination_contacts.call_undo, name="coordination_call_undo"
    ),
    path("notizen/<int:pk>/zuruecknehmen/", coordination_contacts.note_undo, name="coordination_note_undo"),
    path("zuordnung/", coordination_weights.weights, name="coordination_weights"),
    path("zusagen/<int:pk>/fragen/", coordination_people.ask, name="coordination_ask"),
    path("menschen/", coordination_lists.people, name="coordination_people"),
    path("menschen/nachricht/", people_together.people_message, name="coordination_people_message"),
    path("menschen/notiz/", people_together.people_note, name="coordination_people_note"),
    path("menschen/liste.<slug:kind>", coordination_lists.people_file, name="coordination_people_file"),
    path("termine/", coordination_lists.dates, name="coordination_dates"),
    path("termine/absagen/", coordination_cancelling.dates_cancel, name="coordination_dates_cancel"),
    path("termine/liste.<slug:kind>", coordination_lists.dates_file, name="coordination_dates_file"),
    path(
        "menschen/<int:pk>/doppelt/<int:double_pk>/",
        coordination_doubles.merge,
        name="coordination_person_merge",
    ),
    path("menschen/getrennt/<int:pk>/", coordination_doubles.part, name="coordination_person_part"),
    path("menschen/<int:pk>/", coordination_people.person, name="coordination_person"),
    path("angebote/<int:pk>/menschen/", coordination_people.task_people, name="coordination_task_people"),
    path("angebote/<int:pk>/nachricht/", coordination_messages.message, name="coordination_message"),
    path(
        "angebote/<int:pk>/nachricht/<int:date_pk>/",
        coordination_messages.message,
        name="coordination_date_message",
    ),
    path(
        "angebote/<int:pk>/termine/<int:date_pk>/verlegen/",
        coordination_moving.date_move,
        name="coordination_date_move",
    ),
    path(
        "angebote/<int:pk>/termine/<int:date_pk>/so-lassen/",
        coordination_gaps.gap_accept,
        name="coordination_gap_accept",
    ),
    path(
        "angebote/<int:pk>/termine/<int:date_pk>/doch-nicht/",
        coordination_gaps.gap_undo,
        name="coordination_gap_undo",
    ),
    path("plan/", coordination_roster.roster, name="coordination_roster"),
    path("einsaetze/", coordination_placements.placements, name="coordination_placements"),
    path(
        "einsaetze/liste.<slug:kind>",
        coordination_placements.placements_file,
        name="coordination_placements_file",
    ),
    path(
        "einsaetze/bestaetigen/",
        placements_together.placements_confirm,
        name="coordination_placements_confirm",
    ),
    path("einsaetze/beenden/", placements_together.placements_stop, name="coordination_placements_stop"),
    path("einsaetze/erinnern/", placements_together.placements_remind, name="coordination_placements_remind"),
    path(
        "einsaetze/nachricht/",
        placements_together.placements_message,
        name="coordination_placements_message",
    ),
    path("einsaetze/<int:pk>/", coordination_placements.placement, name="coordination_placement"),
    path(
        "einsaetze/<int:pk>/bestaetigen/",
        coordination_placements.placement_confirm,
        name="coordination_placement_confirm",
    ),
    path(
        "einsaetze/<int:pk>/anzahl/",
        coordination_placements.placement_heads,
        name="coordination_placement_heads",
    ),
    path(
        "einsaetze/<int:pk>/beenden/",
        coordination_placements.placement_stop,
        name="coordination_placement_stop",
    ),
    path(
        "einteilungen/<int:pk>/teilnahme/", coordination_placements.attendance, name="coordination_attendance"
    ),
    path("einsichtnahmen/", coordination_clearances.clearances, name="coordination_clearances"),
    path("einsichtnahmen/<int:pk>/", coordination_clearances.clearance, name="coordination_clearance"),
    path(
        "einsichtnahmen/<int:pk>/absagen/",
        coordination_clearances.clearance_refuse,
        name="coordination_clearance_refuse",
    ),
    path("keine-anfragen/", coordination_silences.silences, name="coordination_silences"),
    path("keine-anfragen/<int:pk>/wieder/", coordination_silences.ask_again, name="coordination_ask_again"),
    path(
        "einsichtnahmen/<int:pk>/einverstaendnis/",
        coordination_consents.consent,
        name="coordination_consent",
    ),
    path("einsichtnahmen/<int:pk>/masern/", coordination_clearances.measles, name="coordination_measles"),
]

urlpatterns = [
    *pledging,
    *answering,
    path("koordination/", include(coordination)),
    path("meine-zusagen/", my_pledges.my_pledges, name="my_pledges"),
    path("meine-zusagen/<str:token>/", include(own_pages)),
]
