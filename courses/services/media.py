"""The files of a draft: figures, films, recordings, captions and documents that its texts may show.

A file is checked as the reader of bundles checks it, kept once under its content hash, and written last, so that
what is refused leaves neither row nor file.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import IO, BinaryIO, cast

from django.db.models import F, Q, Sum
from django.template.defaultfilters import filesizeformat

from lms.accounts.models import User

from ..bundle import LIMITS, BundleRefused, path_for, read_asset
from ..content import Asset as Content
from ..errors_media import (
    FileGone,
    FileHasChanged,
    FileInUse,
    FileNameTaken,
    FileRefused,
    LibraryFull,
)
from ..models import Asset, Revision, RevisionAsset, SavedState
from ..selectors.drafts import original_core
from ..selectors.studio.media import places_of
from .editing import editing
from .storing import file_of, locked_assets, write_file


def add_file(revision: Revision, name: str, stream: IO[bytes], *, by: User, at: datetime) -> RevisionAsset:
    """Take a file into the draft, under a path made of its name. The same file again is the one that is there.

    Raises NotADraft, FileRefused, FileNameTaken, LibraryFull.
    """
    content = read_file(path_for(name), stream)
    here = revision.assets.select_related("asset").filter(path=content.path).first()
    if here and here.asset.sha256 == content.sha256:
        return here
    with editing(revision, by=by, at=at, act=f"media {name_of(content.path)}") as draft:
        if draft.assets.filter(path=content.path).exists() or is_taken(draft, content):
            raise FileNameTaken(name=name_of(content.path))
        must_fit(draft, content.size)
        return draft.assets.create(path=content.path, asset=stored(content, at=at))


def replace_file(
    revision: Revision, path: str, stream: IO[bytes], *, base: str, by: User, at: datetime
) -> RevisionAsset:
    """Put another content in the place of a file; all that shows it in the draft shows the new one.

    `base` is the content hash of what the person saw there. Raises NotADraft, FileRefused, FileGone,
    FileHasChanged, LibraryFull.
    """
    content = read_file(path, stream)
    with editing(revision, by=by, at=at, act=f"media {name_of(path)}") as draft:
        use = found(draft, path)
        if use.asset.sha256 != base:
            raise FileHasChanged(name=name_of(path))
        must_fit(draft, content.size - use.asset.size)
        use.asset = stored(content, at=at)
        use.save(update_fields=["asset"])
        return use


def remove_file(revision: Revision, path: str, *, by: User, at: datetime) -> SavedState:
    """Take a file that nothing uses out of the draft; gives the saved state to go back to.

    Raises NotADraft, FileGone, FileInUse.
    """
    with editing(revision, by=by, at=at, act=f"media {name_of(path)}") as draft:
        use = found(draft, path)
        if places := places_of(draft).get(path):
            raise FileInUse(name=name_of(path), places=", ".join(place.words for place in places))
        use.delete()
        state = draft.saved_states.order_by("-saved_at", "-pk").first()
    assert state is not None
    return state


def take_from_original(revision: Revision, path: str, *, by: User, at: datetime) -> RevisionAsset:
    """A file of the original as one of this draft; one that is here stays as it is. Raises NotADraft, FileGone."""
    here = revision.assets.filter(path=path).first()
    if here:
        return here
    with editing(revision, by=by, at=at, act=f"media {name_of(path)}") as draft:
        of_core = found(original_core(draft.edition.module), path)
        use, _is_new = draft.assets.get_or_create(path=path, defaults={"asset": of_core.asset})
        return use


def name_of(path: str) -> str:
    return path.removeprefix("assets/")


def found(draft: Revision, path: str) -> RevisionAsset:
    use = draft.assets.select_related("asset").filter(path=path).first()
    if use is None:
        raise FileGone
    return use


def read_file(path: str, stream: IO[bytes]) -> Content:
    try:
        return read_asset(path, cast(Callable[[], BinaryIO], partial(reopened, stream)))
    except BundleRefused as refused:
        raise FileRefused(refused.problems) from None


@contextmanager
def reopened(stream: IO[bytes]) -> Iterator[BinaryIO]:
    """From its beginning, and left open: an upload is gone once it is closed."""
    stream.seek(0)
    yield cast(BinaryIO, stream)


def is_taken(draft: Revision, content: Content) -> bool:
    """Whether another edition of the module has another file under this path: an export has one of each name."""
    of_others = RevisionAsset.objects.filter(
        path=content.path, revision__edition__module=draft.edition.module
    )
    shown = Q(revision__edition__current=F("revision")) | Q(revision__in=Revision.objects.open())
    others = of_others.filter(shown).exclude(revision__edition=draft.edition)
    return others.exclude(asset__sha256=content.sha256).exists()


def must_fit(draft: Revision, more: int) -> None:
    held = draft.assets.aggregate(size=Sum("asset__size"))["size"] or 0
    if held + more > LIMITS.total:
        raise LibraryFull(most=filesizeformat(LIMITS.total))


def stored(content: Content, *, at: datetime) -> Asset:
    """Its row, held until the transaction ends, and the file, unless it is here already."""
    asset = locked_assets([content], at=at)[content.sha256]
    write_file(file_of(content.sha256), content)
    return asset
