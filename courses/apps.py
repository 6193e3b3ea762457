from django.apps import AppConfig

from lms.lib import guards


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from .guards import GUARDS

        guards.declare(GUARDS)
        from lms.accounts import holdings as accounts_holdings

        from . import holdings, receivers  # noqa: F401

        accounts_holdings.register(holdings.content_owned)
