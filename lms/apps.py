from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project itself: commands that run an installation, and checks of how it is configured."""

    name = "lms"

    def ready(self) -> None:
        from importlib.util import find_spec

        from . import celery  # noqa: F401  (registers the application that `shared_task` uses)
        from .lib import guards  # noqa: F401  (installs the database guards after each migration)

        if find_spec("lms.lib.checks"):
            from .lib import checks  # noqa: F401
