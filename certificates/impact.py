"""What a change of content means for those who hold certificates: the sentences that the studio shows."""

from collections.abc import Collection, Iterator

from django.db.models import Q
from django.utils.translation import ngettext

from courses.models import Edition, Revision

from .models import Certificate

Kind = Edition.Kind


def certificates_that_cover_it(revision: Revision) -> Iterator[str]:
    """How many people hold a certificate that rests on an earlier revision of the edition. One query."""
    edition = revision.edition
    if edition.kind == Kind.TRANSLATION:
        return
    held = Certificate.objects.live()
    if edition.kind == Kind.CORE:
        held = held.filter(parts__core_revision__edition=edition)
    else:
        held = held.filter(parts__layer_revision__edition=edition)
    count = held.values("enrollment__learner").distinct().count()
    if count:
        yield ngettext(
            "%(count)s person holds a certificate that covers it. It stays as it is.",
            "%(count)s people hold a certificate that covers it. They stay as they are.",
            count,
        ) % {"count": count}


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
