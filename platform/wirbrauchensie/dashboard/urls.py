from django.urls import path

from accounts import list_views
from wirbrauchensie.dashboard import views
from wirbrauchensie.today import views as today_views

urlpatterns = [
    path("", views.coordination, name="coordination"),
    path("stadtteile/", views.districts, name="coordination_dashboard"),
    path("nachtwache/", views.night_watch, name="coordination_night_watch"),
    path("nachrichten/<int:pk>/noch-einmal/", today_views.mail_again, name="coordination_mail_again"),
    path("nachrichten/<int:pk>/angekommen/", today_views.mail_arrived, name="coordination_mail_arrived"),
    path("ansichten/", list_views.view_keep, name="list_view_keep"),
    path("ansichten/<int:pk>/loeschen/", list_views.view_drop, name="list_view_drop"),
]
