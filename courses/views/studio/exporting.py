"""A module as a file, to be worked on elsewhere: answers and notes are in it, so it is for those who write it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ... import permissions
from ...bundle import write_zip
from ...models import Revision
from ...selectors.bundles import bundle_of, newest_revisions
from .access import load_module, studio_only


@require_safe
@studio_only
def export_module(request: HttpRequest, key: str) -> HttpResponse:
    """The newest revisions that the reader may see, drafts included, as `<key>.mod.zip`."""
    module = load_module(request, key)
    if not permissions.can_see_studio(request.user, module):
        raise PermissionDenied
    try:
        bundle = bundle_of(module, newest_revisions(Revision.objects.visible_to(request.user), module))
    except LookupError as no_core:
        raise Http404 from no_core
    headers = {"Content-Disposition": f'attachment; filename="{module.key}.mod.zip"'}
    return HttpResponse(write_zip(bundle), content_type="application/zip", headers=headers)
