"""A small module on its way through the studio, by the services that everybody uses."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from courses.bundle import read_zip
from courses.content import Bundle
from courses.models import Revision
from courses.services import approve, import_bundle, publish, submit
from courses.services.importing import ImportOutcome
from lms.accounts.models import User

from .bundle.samples import Files, good_files, zipped

CORE, SWEDISH, FINNISH = "core/", "translations/", "countries/"


def files_of(*parts: str, key: str = "small-module") -> Files:
    """The small module with only these of its editions; its assets come with the core."""
    wanted = ("module.yaml", *parts, *(["assets/"] if CORE in parts else []))
    files = {path: data for path, data in good_files().items() if path.startswith(wanted)}
    files["module.yaml"] = files["module.yaml"].replace(b"key: small-module", f"key: {key}".encode())
    return files


def core_files(key: str = "small-module") -> Files:
    return files_of(CORE, key=key)


def changed_core(old: str, new: str, path: str = "core/010-welcome.md") -> Files:
    files = core_files()
    text = files[path].decode()
    assert old in text
    return {**files, path: text.replace(old, new, 1).encode()}


def bundle(files: Mapping[str, bytes]) -> Bundle:
    return read_zip(zipped(files))


def imported(files: Mapping[str, bytes], *, by: User | None, at: datetime) -> ImportOutcome:
    return import_bundle(bundle(files), by=by, at=at)


def draft(files: Mapping[str, bytes], *, by: User | None, at: datetime) -> Revision:
    """The one draft that importing makes of these files."""
    (edition,) = imported(files, by=by, at=at).editions
    return edition.revision


def published(revision: Revision, *, author: User, publishers: list[User], at: datetime) -> Revision:
    """Submitted by the author, approved by all publishers, published by the first."""
    revision = submit(revision, by=author, at=at)
    for publisher in publishers:
        approve(revision, by=publisher, at=at)
    return publish(revision, by=publishers[0], at=at)


def upload(files: Mapping[str, bytes], name: str = "small-module.mod.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, zipped(files).getvalue(), content_type="application/zip")
