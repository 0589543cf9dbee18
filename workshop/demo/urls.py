from django.urls import path

from workshop.demo import views

urlpatterns = [
    path("post/", views.mail_list, name="demo_mail"),
    path("post/<int:pk>/", views.mail_message, name="demo_mail_message"),
]
