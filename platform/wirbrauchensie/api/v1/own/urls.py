from django.urls import path

from wirbrauchensie.api.v1.own import views

urlpatterns = [
    path("openapi.json", views.Description.as_view(), name="api-v1-own-openapi"),
    path("activities/", views.ActivitiesView.as_view(), name="api-v1-own-activities"),
    path("tasks/", views.TasksView.as_view(), name="api-v1-own-tasks"),
    path("tasks/<int:pk>/", views.TaskView.as_view(), name="api-v1-own-task"),
    path("tasks/<int:pk>/dates/", views.DatesView.as_view(), name="api-v1-own-dates"),
    path("tasks/<int:pk>/closures/", views.ClosuresView.as_view(), name="api-v1-own-closures"),
    path("tasks/<int:pk>/closures/<int:closure>/", views.ClosureView.as_view(), name="api-v1-own-closure"),
]
