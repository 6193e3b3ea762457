"""Files are written once under their own hash, and are there before any row says so."""

import hashlib
import os
from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class NotKept(OSError):
    """The storage gives back other bytes than it was given."""


def keep(data: bytes, sha256: str) -> str:
    """Store the bytes and return their path. Bytes that are there already are not written again.

    Raises OSError, NotKept among them.
    """
    path = path_of(sha256)
    if not is_kept(path, sha256):
        # Whatever stands there was cut short by a crash: nothing else is ever written to this path.
        default_storage.delete(path)
        saved = default_storage.save(path, ContentFile(data))
        if saved != path:  # another worker was quicker, with the same bytes
            default_storage.delete(saved)
        flush(path)
        if not is_kept(path, sha256):
            raise NotKept(path)
    return path


def discard(sha256: str) -> None:
    """Throw away a file that no row names."""
    default_storage.delete(path_of(sha256))


def path_of(sha256: str) -> str:
    return f"certificates/{sha256[:2]}/{sha256}"


def is_kept(path: str, sha256: str) -> bool:
    if not default_storage.exists(path):
        return False
    with default_storage.open(path, "rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest() == sha256


def flush(path: str) -> None:
    """A power cut must not leave a row without its file. Only a folder needs it; object stores answer when safe."""
    with suppress(NotImplementedError):
        file = default_storage.path(path)
        for name in (file, os.path.dirname(file)):
            descriptor = os.open(name, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
