"""Modules and editions as files, to be worked on elsewhere. Answers are in them, so they are for those who write."""

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from ...downloads import download, module_to_take, name_of, revision_to_take
from .access import load_module, load_revision, studio_only


@require_safe
@studio_only
def export_module(request: HttpRequest, key: str) -> FileResponse:
    """The newest of each edition that the reader may take home, as `<key>.mod.zip`."""
    module = load_module(request, key)
    return download(module_to_take(request.user, module), f"{module.key}.mod.zip")


@require_safe
@studio_only
def export_edition(request: HttpRequest, pk: int) -> FileResponse:
    """One revision alone, as `<key>.<edition>.mod.zip`."""
    revision = load_revision(request, pk)
    return download(revision_to_take(request.user, revision), name_of(revision))
