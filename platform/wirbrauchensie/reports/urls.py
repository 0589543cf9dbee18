from django.urls import path

from wirbrauchensie.reports import views

urlpatterns = [
    path("", views.reports, name="coordination_reports"),
    path("<int:pk>/", views.report, name="coordination_report"),
    path(
        "<int:pk>/dahinter/<slug:measure>/<slug:where>/",
        views.report_behind,
        name="coordination_report_behind",
    ),
    path("<int:pk>/<slug:kind>/", views.report_file, name="coordination_report_file"),
]
