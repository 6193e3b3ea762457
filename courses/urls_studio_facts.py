from django.urls import path

from .views.studio import facts

CHECKS = "studio/facts/checks/<int:pk>/"

urlpatterns = [
    path("studio/facts/", facts.register, name="studio_facts"),
    path("studio/facts/facts.csv", facts.register_csv, name="studio_facts_csv"),
    path("studio/facts/check/", facts.check, name="studio_check_facts"),
    path("studio/facts/source/", facts.source, name="studio_source"),
    path(CHECKS, facts.checks, name="studio_checks"),
    path(f"{CHECKS}take-back/", facts.take_back, name="studio_take_back_checks"),
]
