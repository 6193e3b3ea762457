from django.urls import path

from .views.studio import facts, sources

CHECKS = "studio/facts/checks/<int:pk>/"
REPLACEMENT = "studio/facts/replacements/<int:pk>/"

urlpatterns = [
    path("studio/facts/", facts.register, name="studio_facts"),
    path("studio/facts/facts.csv", facts.register_csv, name="studio_facts_csv"),
    path("studio/facts/check/", facts.check, name="studio_check_facts"),
    path("studio/facts/source/", sources.source, name="studio_source"),
    path("studio/facts/<int:pk>/source-replaced/", sources.replace_source, name="studio_replace_source"),
    path(REPLACEMENT, sources.replacement, name="studio_replacement"),
    path(f"{REPLACEMENT}withdraw/", sources.withdraw, name="studio_withdraw_replacement"),
    path(f"{REPLACEMENT}restore/", sources.restore, name="studio_restore_replacement"),
    path(f"{REPLACEMENT}unchanged/", sources.unchanged, name="studio_source_unchanged"),
    path("studio/facts/source-tasks/<int:pk>/reopen/", sources.reopen, name="studio_reopen_source_task"),
    path(CHECKS, facts.checks, name="studio_checks"),
    path(f"{CHECKS}take-back/", facts.take_back, name="studio_take_back_checks"),
]
