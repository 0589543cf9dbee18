"""Addresses of the letters to print, below /koordination/briefe/."""

from django.urls import path

from wirbrauchensie.letters import views

urlpatterns = [
    path("", views.letters, name="coordination_letters"),
    path("liste.<slug:kind>", views.letters_file, name="coordination_letters_file"),
    path("drucken/", views.letters_print, name="coordination_letters_print"),
    path("doch-nicht/", views.letters_undo, name="coordination_letters_undo"),
    path("verschickt/", views.letters_posted, name="coordination_letters_posted"),
]
