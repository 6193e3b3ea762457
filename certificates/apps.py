from django.apps import AppConfig

from lms.lib import guards


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from .guards import GUARDS

        guards.declare(GUARDS)
        from . import receivers  # noqa: F401
