"""The draft as a learner would read it."""

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from lms.lib.fragments import wants_fragment

from ...models import Revision
from ...preview import Preview, preview
from ...selectors.studio.editions import edition_name
from ...selectors.studio.places import place_at
from .access import load_revision, studio_only


@require_safe
@studio_only
@vary_on_headers("HX-Request")
def preview_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """`?lesson=…&country=FI&language=sv`; what is missing or unknown is chosen for the reader.

    htmx gets only the text, for the editor. With `print=1` the browser is asked to show how it prints.
    """
    revision = load_revision(request, pk)
    wanted = {name: request.GET.get(name, "") for name in ("lesson", "language", "country")}
    page = preview(revision, **wanted, on=timezone.localdate())
    module = revision.edition.module
    context = {
        "revision": revision,
        "page": page,
        "is_preview": True,
        "is_printed": request.GET.get("print") == "1",
        # The fragments of the lesson page ask a reader for the language; there is none here but the one imagined.
        "enrollment": SimpleNamespace(language=page.language),
        "crumbs": [
            (reverse("studio"), _("Studio")),
            (reverse("studio_module", args=[module.key]), module),
            (reverse("studio_revision", args=[revision.pk]), edition_name(revision.edition)),
        ],
        "speak": way_to_speak(revision, page),
        "used": [(edition_name(each.edition), each) for each in page.used],
    }
    template = "_preview_text.html" if wants_fragment(request) else "preview.html"  # type: ignore[arg-type]
    return render(request, f"courses/studio/{template}", context)


def way_to_speak(revision: Revision, page: Preview) -> str:
    """Of a draft one comments, of what is published one suggests a correction. Empty where it has no such lesson."""
    lesson = next((each.code for each in page.lessons if each.is_chosen), "")
    if revision.is_open:
        code = f"lesson/{lesson}"
        there = place_at(revision, code) if lesson else None
        return (
            f"{reverse('studio_comments', args=[revision.pk])}?{urlencode({'place': code})}" if there else ""
        )
    if not lesson or revision.pk != revision.edition.current_id:
        return ""
    asked = {"language": page.language, "country": page.country}
    return f"{reverse('suggest', args=[revision.edition.module.key, lesson])}?{urlencode(asked)}"
