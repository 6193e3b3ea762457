from django.apps import AppConfig

from lms.lib import guards


class RecordsConfig(AppConfig):
    name = "lms.records"
    label = "records"

    def ready(self) -> None:
        guards.declare(guards.append_only("records_auditevent"))
