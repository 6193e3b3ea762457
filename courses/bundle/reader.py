"""From a folder or a zip to a `Bundle`, or to the list of everything that is wrong with it."""

import io
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from courses.content import Asset, Bundle, ModuleInfo, Texts

from .archive import archive_tree
from .assets import check_content
from .checks import check_against_core, check_facts_declared, outline
from .fields import Fields
from .layers import read_layers
from .lessons import TITLE_LENGTH, Listed, read_core, read_translations
from .manifest import check_manifest
from .names import core_path
from .problems import Problem, Problems, refuse
from .reading import Reading
from .tree import (
    ASSET_TYPES,
    LIMITS,
    MANIFEST,
    README,
    TEXT_LIMIT,
    Entry,
    Limits,
    Tree,
    check_names,
    check_types,
    folder_tree,
    measure,
)
from .writer import documents

FORMAT = 1
HOURS = 999
SUBJECTS = ("clinical-research", "regulatory", "devices", "safety", "market-access", "compliance", "quality")


def read_folder(path: Path, limits: Limits = LIMITS, *, strict: bool = False) -> Bundle:
    """The bundle in a folder. Raises BundleRefused with every problem found. Assets are read again from there.

    `strict`: what is not as its manifest says is an error, not a warning.
    """
    problems = Problems()
    return read_tree(folder_tree(path, problems, limits), problems, strict=strict)


def read_zip(file: BinaryIO, limits: Limits = LIMITS, *, strict: bool = False) -> Bundle:
    """The same bundle from a zip of the folder; `file` must stay open while assets are read. Nothing is unpacked.

    Raises BundleRefused with every problem found.
    """
    problems = Problems()
    return read_tree(archive_tree(file, problems, limits), problems, strict=strict)


def read_tree(tree: Tree, problems: Problems, *, strict: bool) -> Bundle:
    check_names(tree, problems)
    check_types(tree, problems)
    if "module.yaml" not in tree:
        raise refuse("module.yaml", _("There is no module.yaml at the top. Pack the folder that holds it."))
    reading = Reading(tree, problems, used={README, MANIFEST})
    fields = reading.yaml("module.yaml")
    if fields is None:
        problems.refuse_errors()
        raise refuse("module.yaml", _("The file cannot be read."))
    check_format(fields)
    bundle = _read_editions(reading, fields)
    _check_assets(reading)
    _check_strays(reading)
    check_manifest(tree, reading.text(MANIFEST) if MANIFEST in tree else None, problems, strict=strict)
    if bundle.core:
        problems.extend(check_against_core(bundle, outline(bundle.core)))
    problems.extend(check_facts_declared(bundle))
    problems.refuse_errors()
    return replace(bundle, warnings=problems.warnings)


def check_written(bundle: Bundle) -> tuple[Problem, ...]:
    """What reading the bundle's own files again would find wrong with them.

    Its assets are taken as they are: they were checked when they came in.
    """
    problems = Problems()
    tree = {
        path: measure(path, partial(io.BytesIO, data), TEXT_LIMIT) for path, data in documents(bundle).items()
    }
    for asset in bundle.assets.values():
        tree[asset.path] = Entry(asset.path, asset.size, asset.sha256, b"", asset.open)
    reading = Reading(tree, problems)
    fields = reading.yaml("module.yaml")
    if fields is not None:
        found = _read_editions(reading, fields)
        if found.core:
            problems.extend(check_against_core(found, outline(found.core)))
    return tuple(problem for problem in problems.all if problem.level == "error")


def check_format(fields: Fields) -> None:
    """A newer format may mean anything, so nothing else is reported about it."""
    number = fields.optional_integer("format", least=1, most=1_000_000)
    if number is None:
        fields.error("format", _("“format” is missing. Add “format: 1”."))
    elif number > FORMAT:
        message = _(
            "This is format %(found)s; this installation reads up to %(known)s. Update it, or export anew."
        )
        raise refuse(fields.file, message, found=number, known=FORMAT)


def _read_editions(reading: Reading, fields: Fields) -> Bundle:
    source = fields.language("source_language")
    listed = [Listed(path, line) for path, line in fields.located("lessons")]
    core = read_core(reading, listed, source)
    if core and not listed:
        fields.error("lessons", _("“%(name)s” is missing. Add it."), name="lessons")
    lessons = [item.path for item in listed]
    if core:
        lessons = [core_path(number, lesson) for number, lesson in enumerate(core.lessons, 1)]
    return Bundle(
        module=_read_module(fields, source, tuple(lessons)),
        core=core,
        translations=read_translations(reading),
        layers=read_layers(reading),
        assets=_assets(reading.tree),
    )


def _read_module(fields: Fields, source: str, lessons: tuple[str, ...]) -> ModuleInfo:
    return ModuleInfo(
        key=fields.key("key"),
        owner=fields.key("owner"),
        co_owners=fields.keys("co_owners"),
        subject=fields.choice("subject", SUBJECTS),
        source_language=source,
        licence=fields.text("licence", required=False),
        title=fields.texts("title", source=source, most=TITLE_LENGTH),
        summary=fields.texts("summary", source=source),
        outcomes=_outcomes(fields, source),
        audience=fields.texts("audience", source=source),
        hours=fields.positive("hours", most=HOURS),
        validity_months=fields.optional_integer("validity_months", least=1, most=1_200),
        references=fields.strings("references"),
        fact_keys=fields.keys("fact_keys"),
        lessons=lessons,
        extra=fields.extra(),
    )


def _outcomes(fields: Fields, source: str) -> tuple[Texts, ...]:
    return tuple(record.as_texts(source) for record in fields.records("outcomes"))


def _assets(tree: Tree) -> dict[str, Asset]:
    return {
        path: Asset(path, entry.sha256, entry.size, entry.mime, entry.open)
        for path, entry in tree.items()
        if entry.suffix in ASSET_TYPES
    }


def _check_assets(reading: Reading) -> None:
    for path, entry in reading.tree.items():
        if entry.suffix in ASSET_TYPES:
            check_content(entry, reading.problems)
        if entry.suffix in ASSET_TYPES and path not in reading.used:
            reading.problems.warning(path, None, _("Nothing refers to this file. Remove it, or link to it."))


def _check_strays(reading: Reading) -> None:
    for path, entry in reading.tree.items():
        if entry.suffix in (".md", ".yaml") and path not in reading.used:
            message = _(
                "This file belongs to nothing. List it under lessons in module.yaml, move it or remove it."
            )
            reading.problems.error(path, None, message)
