from django.urls import path

from wirbrauchensie.audit import views

urlpatterns = [
    path("", views.audit, name="coordination_audit"),
    path("liste.<slug:kind>", views.audit_file, name="coordination_audit_file"),
]
