"""Files that nothing refers to any more: no revision and no saved state, and old enough to be nobody's work of now."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.db.models.fields.json import KeyTransform

from ..models import Asset, SavedState
from .storing import FOLDER, file_of

KEPT = timedelta(days=7)  # an import that was broken off is tried again within days, if at all
NAME = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Swept:
    """How many files had a row that nothing used, and how many had no row."""

    unused: int
    orphans: int


def sweep_files(*, at: datetime, is_trial: bool = False) -> Swept:
    """Delete what nothing refers to and is older than KEPT; `is_trial` only counts.

    Safe beside uploads and imports: each file is taken under the lock that they hold on its row, and looked at again.
    """
    before = at - KEPT
    newest = SavedState.objects.aggregate(last=Max("pk"))["last"] or 0
    unused = [pk for pk in unused_assets(before) if is_trial or remove_unused(pk, newest)]
    orphans = [sha256 for sha256 in orphans_in_storage(before) if is_trial or remove_orphan(sha256, at=at)]
    return Swept(len(unused), len(orphans))


def unused_assets(before: datetime) -> list[int]:
    old = list(Asset.objects.filter(uses=None, created_at__lt=before).values_list("pk", flat=True))
    kept = in_saved_states() if old else set()
    return [pk for pk in old if pk not in kept]


def in_saved_states(after: int = 0) -> set[int]:
    """The assets that saved states with a higher number than this bring back."""
    rows = SavedState.objects.filter(pk__gt=after).annotate(held=KeyTransform("assets", "content"))
    lists: Iterable[list[dict[str, int]] | None] = rows.values_list("held", flat=True).iterator()
    return {use["asset"] for held in lists for use in held or ()}


def remove_unused(pk: int, newest: int) -> bool:
    """`newest` is the last saved state that was looked through."""
    with transaction.atomic():
        asset = Asset.objects.select_for_update().filter(pk=pk).first()
        if asset is None or asset.uses.exists() or pk in in_saved_states(newest):
            return False
        asset.delete()
        default_storage.delete(asset.file)
    return True


def orphans_in_storage(before: datetime) -> Iterator[str]:
    """Files without a row: what was written last before an import or upload was broken off."""
    try:
        folders = default_storage.listdir(FOLDER)[0]
    except FileNotFoundError:  # nothing was ever stored
        return
    for folder in folders:
        names = default_storage.listdir(f"{FOLDER}/{folder}")[1]
        known = set(Asset.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        for name in names:
            is_ours = NAME.fullmatch(name) and name not in known
            if is_ours and default_storage.get_modified_time(file_of(name)) < before:
                yield name


def remove_orphan(sha256: str, *, at: datetime) -> bool:
    """With a row of its own for as long as it takes, so that whoever brings the file now waits, and writes it anew."""
    with transaction.atomic():
        row, is_new = Asset.objects.get_or_create(
            sha256=sha256, defaults={"mime": "", "size": 0, "file": file_of(sha256), "created_at": at}
        )
        if not is_new:
            return False
        default_storage.delete(row.file)
        row.delete()
    return True
