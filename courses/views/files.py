"""Files that lessons use: figures, films, captions, documents."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from lms.accounts.models import User
from lms.lib.streaming import file_response

from ..models import Asset, Revision, RevisionAsset

Status = Revision.Status


@require_safe
def content_file(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    """A file under its content hash, which never changes; the name is one that a bundle gave it."""
    asset = load_asset(request.user, sha256, name)
    return file_response(request, asset.file, size=asset.size, mime=asset.mime, name=name, etag=asset.sha256)


def load_asset(user: User | AnonymousUser, sha256: str, name: str) -> Asset:
    """What a published revision uses is for everybody signed in; a draft's files are for those who see the draft."""
    uses = RevisionAsset.objects.filter(asset__sha256=sha256, path__endswith=f"/{name}")
    published = uses.filter(revision__status__in=[Status.PUBLISHED, Status.WITHDRAWN])
    use = published.select_related("asset").first()
    if use is None:
        visible = Revision.objects.visible_to(user)
        use = uses.filter(revision__in=visible).select_related("asset").first()
    if use is None:
        raise Http404
    return use.asset
