from django.urls import path

from wirbrauchensie.dashboard import views

urlpatterns = [
    path("", views.coordination, name="coordination"),
    path("stadtteile/", views.districts, name="coordination_dashboard"),
    path("nachtwache/", views.night_watch, name="coordination_night_watch"),
]
