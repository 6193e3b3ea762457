from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Commands that fill and start a demonstration, through the services that users use."""

    name = "lms.demo"
    label = "demo"
