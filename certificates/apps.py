from django.apps import AppConfig

from lms.lib import guards


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from courses import impact as courses_impact
        from lms.records.services import register

        from . import impact, receivers, services  # noqa: F401
        from .guards import GUARDS

        guards.declare(GUARDS)
        courses_impact.register(impact.certificates_that_cover_it)
        courses_impact.register_on_editions(impact.certificates_resting_on)
        register(services.JOB_KIND, services.issue_item)
