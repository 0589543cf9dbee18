from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "workshop.demo"
    label = "demo"
