"""What publishing a revision means for those who are learning: the sentences that the studio shows before it."""

from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from courses.models import Edition, Revision

from .models import Enrollment

Kind = Edition.Kind


def learners_in_the_middle(revision: Revision) -> Iterator[str]:
    """How many people are in the middle of what the edition says now. One query."""
    count = affected(revision.edition).distinct().count()
    if count:
        yield ngettext(
            "%(count)s learner is in the middle of this.",
            "%(count)s learners are in the middle of this.",
            count,
        ) % {"count": count}


def affected(edition: Edition) -> QuerySet[Enrollment]:
    """Enrolments not yet completed that read this edition in some revision, or will be offered its first."""
    learning = Enrollment.objects.open().filter(completed_at=None)
    if edition.kind == Kind.CORE:
        return learning.filter(pins__core_revision__edition=edition)
    if edition.kind == Kind.LAYER:
        # Those who learn for the country, whether or not it had a layer when they began.
        return learning.filter(pins__module=edition.module_id, country=edition.country)
    return learning.filter(pins__module=edition.module_id, language=edition.language)


def learners_resting_on(editions: Collection[Edition]) -> Iterator[str]:
    """How many people are in the middle of any of these cores and layers. One query."""
    pks = [edition.pk for edition in editions]
    reading = Q(pins__core_revision__edition__in=pks) | Q(pins__layers__layer_revision__edition__in=pks)
    learning = Enrollment.objects.open().filter(reading, completed_at=None)
    count = learning.values("learner").distinct().count()
    yield ngettext(
        "%(count)s learner is in the middle of what rests on it.",
        "%(count)s learners are in the middle of what rests on it.",
        count,
    ) % {"count": count}
