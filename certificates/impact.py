"""What a change of content means for those who hold certificates: the sentences that the studio shows."""

from collections.abc import Collection, Iterator

from django.db.models import Q
from django.utils.translation import ngettext

from courses.models import Edition

from .models import Certificate


def certificates_resting_on(editions: Collection[Edition]) -> Iterator[str]:
    """How many certificates that stand cover any of these cores and layers, in whatever revision. One query."""
    pks = [edition.pk for edition in editions]
    covering = Q(parts__core_revision__edition__in=pks) | Q(parts__layer_revision__edition__in=pks)
    count = Certificate.objects.live().filter(covering).distinct().count()
    yield ngettext(
        "%(count)s certificate covers what rests on it.",
        "%(count)s certificates cover what rests on it.",
        count,
    ) % {"count": count}
