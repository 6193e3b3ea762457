"""From a place of a draft (selectors/studio/places.py) to the page on which it is written."""

from django.urls import reverse
from django.utils.http import urlencode

from ...models import Edition, Revision

Kind = Edition.Kind


def way_to(draft: Revision, code: str) -> str:
    """The editor's page of that place; of one that it does not know, the outline."""
    kind, *keys = code.split("/")
    if kind == "lesson" and draft.edition.kind != Kind.LAYER:
        return reverse("studio_lesson", args=[draft.pk, *keys])
    if kind == "question":
        return reverse("studio_question", args=[draft.pk, *keys])
    if kind == "panel":
        lesson, anchor, language = keys
        asked = urlencode({"anchor": anchor, "language": language})
        return f"{reverse('studio_panel', args=[draft.pk, lesson])}?{asked}"
    if kind == "fact":
        return reverse("studio_fact", args=[draft.pk, *keys])
    if kind == "about" and draft.edition.kind == Kind.CORE:
        return reverse("studio_about", args=[draft.pk])
    return reverse("studio_edit", args=[draft.pk])
