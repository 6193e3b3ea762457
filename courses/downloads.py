"""Modules and editions as files for one person, asked by pages and API alike."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from lms.accounts.permissions import Anyone

from . import permissions
from .bundle import files, packed
from .content import Bundle
from .models import Module, Revision
from .selectors.bundles import bundle_of, edition_to_take, newest_revisions, revisions_to_take
from .selectors.drafts import place_of


def module_to_take(user: Anyone, module: Module) -> Bundle:
    """For those who work on the module (403); where they may take no core of it, there is nothing (404)."""
    if not permissions.can_see_studio(user, module):
        raise PermissionDenied
    try:
        return bundle_of(module, newest_revisions(revisions_to_take(user), module))
    except LookupError as no_core:
        raise Http404 from no_core


def revision_to_take(user: Anyone, revision: Revision) -> Bundle:
    """As `module_to_take`. Of a draft that somebody else writes there is nothing to take (404)."""
    if not permissions.can_see_studio(user, revision.edition.module):
        raise PermissionDenied
    visible = revisions_to_take(user)
    revision = get_object_or_404(
        visible.select_related("edition__owner", "edition__module__owner"), pk=revision.pk
    )
    try:
        return edition_to_take(revision, visible)
    except LookupError as no_core:
        raise Http404 from no_core


def name_of(revision: Revision) -> str:
    edition = place_of(revision.edition).rpartition("/")[2].lower()
    return f"{revision.edition.module.key}.{edition}.mod.zip"


def download(bundle: Bundle, name: str) -> FileResponse:
    """Packed beside the memory and sent from there: whole, or not at all."""
    return FileResponse(
        packed(files(bundle)), as_attachment=True, filename=name, content_type="application/zip"
    )
