from django.apps import AppConfig

from lms.lib import guards


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        guards.declare(guards.append_only("enrollment_learningevent"))
        from courses import impact as courses_impact

        from . import impact, receivers  # noqa: F401

        courses_impact.register(impact.learners_in_the_middle)
        courses_impact.register_on_editions(impact.learners_resting_on)
