"""From a place of a draft (selectors/studio/places.py) to the page on which it is written."""

from django.urls import reverse

from ...models import Edition, Revision

Kind = Edition.Kind


def way_to(draft: Revision, code: str) -> str:
    """The editor's page of that place, or the nearest there is."""
    kind, *keys = code.split("/")
    if kind == "lesson" and draft.edition.kind != Kind.LAYER:
        return reverse("studio_lesson", args=[draft.pk, *keys])
    if kind == "question":
        return reverse("studio_question", args=[draft.pk, *keys])
    if kind == "about" and draft.edition.kind == Kind.CORE:
        return reverse("studio_about", args=[draft.pk])
    return reverse("studio_revision", args=[draft.pk])
