"""From a `Bundle` to its one canonical form: the same content gives the same bytes, as a folder and as a zip."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from courses.content import Bundle
from lms.lib.canonical import sha256

from .bodies import assets_of
from .documents import layer_documents, lesson_document, module_document, translation_document
from .manifest import line, lines_hash
from .names import MODULE, core_path, translation_path
from .tree import MANIFEST

# The first moment a zip can name: an archive of the same content must not know when it was made.
STAMP = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16
UNIX = 3
PACKED = (".png", ".jpg", ".webp", ".mp4", ".webm")  # packed by their own format: packing again gains nothing

Documents = dict[str, bytes]
File = tuple[str, Iterable[bytes]]


def documents(bundle: Bundle) -> Documents:
    """Every text file of the bundle but the manifest, by path."""
    written = {MODULE: module_document(bundle.module)}
    for number, lesson in enumerate(bundle.core.lessons if bundle.core else (), 1):
        path = core_path(number, lesson)
        written[path] = lesson_document(lesson, path)
    for language, translation in bundle.translations.items():
        for translated in translation.lessons.values():
            path = translation_path(language, translated)
            written[path] = translation_document(translated, path)
    for layer in bundle.layers.values():
        written.update(layer_documents(layer))
    return {path: text.encode() for path, text in written.items()}


def manifest(bundle: Bundle) -> bytes:
    return "".join(sorted(_lines(bundle, documents(bundle)), key=_path_of)).encode()


def _path_of(manifest_line: str) -> str:
    return manifest_line.split("  ", 2)[2]


def _lines(bundle: Bundle, written: Documents) -> list[str]:
    texts = [line(path, len(data), sha256(data)) for path, data in written.items()]
    return texts + [line(asset.path, asset.size, asset.sha256) for asset in bundle.assets.values()]


def write_folder(bundle: Bundle, path: Path) -> None:
    """Write the bundle into a folder that is new or empty. Raises FileExistsError, AssetChanged."""
    write_files_into(path, files(bundle))


def write_files_into(path: Path, found: Iterable[File]) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise FileExistsError(path)
    for name, chunks in found:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        with (path / name).open("wb") as file:
            file.writelines(chunks)


def write_zip(bundle: Bundle) -> bytes:
    """The bundle as `<key>.mod.zip`: equal content, equal bytes. Raises AssetChanged."""
    packed = io.BytesIO()
    pack(files(bundle), packed)
    return packed.getvalue()


def packed(found: Iterable[File]) -> IO[bytes]:
    """The zip as an open file on disk, at its beginning; it is gone when it is closed. Raises AssetChanged."""
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        pack(found, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def pack(found: Iterable[File], into: IO[bytes]) -> None:
    """A zip of these files, the same for the same files. `into` can be sought in, and no file lies in memory whole."""
    with zipfile.ZipFile(into, "w") as archive:
        for name, chunks in sorted(found, key=itemgetter(0)):
            info = zipfile.ZipInfo(name, STAMP)
            info.create_system, info.external_attr = UNIX, PLAIN_FILE
            info.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as member:
                member.writelines(chunks)


def files(bundle: Bundle) -> Iterator[File]:
    """Every file of the bundle, its manifest too."""
    for name, data in documents(bundle).items():
        yield name, [data]
    yield MANIFEST, [manifest(bundle)]
    for path, asset in bundle.assets.items():
        yield path, asset.chunks()


def edition_hashes(bundle: Bundle) -> dict[str, str]:
    """The hash of each edition in the bundle, by its place in the tree: `core`, `translations/sv`, `countries/FI`.

    Taken over the lines that the manifest of an export has for it, so that a folder written by hand and its own
    export are the same edition. `module.yaml` counts as part of the core.
    """
    written = documents(bundle)
    return {place: lines_hash(_edition_lines(bundle, written, place)) for place in _places(bundle)}


def _places(bundle: Bundle) -> list[str]:
    core = ["core"] if bundle.core else []
    translations = [f"translations/{language}" for language in sorted(bundle.translations)]
    return core + translations + [f"countries/{country}" for country in sorted(bundle.layers)]


def _edition_lines(bundle: Bundle, written: Documents, place: str) -> list[str]:
    texts = {path: data for path, data in written.items() if path.startswith(f"{place}/")}
    if place == "core":
        texts[MODULE] = written[MODULE]
    used = edition_assets(bundle, place)
    return _lines(Bundle(bundle.module, assets={path: bundle.assets[path] for path in used}), texts)


def used_assets(bundle: Bundle) -> frozenset[str]:
    """The bundle paths that any of its editions uses."""
    return frozenset().union(*(edition_assets(bundle, place) for place in _places(bundle)))


def edition_assets(bundle: Bundle, place: str) -> frozenset[str]:
    """The bundle paths that an edition uses: what its bodies link to and its videos are made of."""
    used: set[str] = set()
    if place == "core" and bundle.core:
        for number, lesson in enumerate(bundle.core.lessons, 1):
            used |= assets_of(lesson.body, core_path(number, lesson))
            if lesson.video:
                used |= {lesson.video.src, lesson.video.poster, *lesson.video.captions.values()}
            used |= {lesson.audio.src if lesson.audio else "", lesson.download}
    kind, _separator, name = place.partition("/")
    if kind == "translations":
        for translated in bundle.translations[name].lessons.values():
            used |= assets_of(translated.body, translation_path(name, translated)) | {translated.captions}
    if kind == "countries":
        for panel in bundle.layers[name].panels:
            used |= assets_of(panel.body, f"{place}/panels/{panel.lesson}.md")
    return frozenset(used & bundle.assets.keys())


def translation_sources(bundle: Bundle) -> dict[str, str]:
    """What a translation writes as `source:`, by lesson key: the text hash of each lesson of the core."""
    return {lesson.key: lesson.text_hash for lesson in bundle.core.lessons} if bundle.core else {}
