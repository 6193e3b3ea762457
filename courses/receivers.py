from typing import Any

from django.dispatch import receiver

from lms.accounts.signals import organisation_saved

from .selectors import forget_programme
from .selectors.keeping import forget_kept
from .signals import course_closed, course_published, revision_published, revision_withdrawn


@receiver(organisation_saved)
def partner_changed(**_kwargs: Any) -> None:
    forget_programme()
    forget_kept()


@receiver([course_published, course_closed, revision_published, revision_withdrawn])
def catalogue_changed(**_kwargs: Any) -> None:
    forget_kept()
