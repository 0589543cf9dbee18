from django.urls import path

from wirbrauchensie.pages import machines, views

urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("app.webmanifest", machines.manifest, name="manifest"),
    path("wo-wir-stehen/", views.standing, name="standing"),
    path("kontakt/", views.contact, name="contact"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("leichte-sprache/", views.easy_language, name="easy_language"),
]
