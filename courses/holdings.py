"""What keeps a partner a partner: only partners own modules, translations and layers of modules, and courses."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from lms.accounts.models import Organisation

from .models import Course, Edition, Module


def content_owned(organisation: Organisation) -> Iterator[str]:
    modules = Module.objects.filter(owner=organisation).count()
    others = Edition.objects.filter(owner=organisation).exclude(module__owner=organisation).count()
    courses = Course.objects.filter(owner=organisation).count()
    counted = (
        (modules, ngettext("%(count)s module", "%(count)s modules", modules)),
        (others, ngettext("%(count)s translation or layer", "%(count)s translations and layers", others)),
        (courses, ngettext("%(count)s course", "%(count)s courses", courses)),
    )
    return (words % {"count": count} for count, words in counted if count)
