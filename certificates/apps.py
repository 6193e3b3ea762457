from django.apps import AppConfig

from lms.lib import guards


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from lms.records.services import register

        from . import receivers, services  # noqa: F401
        from .guards import GUARDS

        guards.declare(GUARDS)
        register(services.JOB_KIND, services.issue_item)
