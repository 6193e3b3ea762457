from django.apps import AppConfig

from lms.lib import guards


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from .guards import GUARDS

        guards.declare(GUARDS)
        from . import receivers  # noqa: F401
