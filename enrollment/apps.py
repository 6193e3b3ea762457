from django.apps import AppConfig

from lms.lib import guards


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        guards.declare(guards.append_only("enrollment_learningevent"))
        from . import receivers  # noqa: F401
