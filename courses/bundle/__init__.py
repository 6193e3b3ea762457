"""The exchange format of modules (docs/exchange-format.md): read, check, write. No database, no settings of its own."""

from .assets import path_for, read_asset
from .checks import check_against_core, outline
from .problems import BundleRefused, Problem
from .reader import check_written, read_folder, read_zip
from .tree import LIMITS, Limits
from .writer import (
    edition_assets,
    edition_hashes,
    files,
    pack,
    packed,
    translation_sources,
    used_assets,
    write_folder,
    write_zip,
)

__all__ = [
    "LIMITS",
    "BundleRefused",
    "Limits",
    "Problem",
    "check_against_core",
    "check_written",
    "edition_assets",
    "edition_hashes",
    "files",
    "outline",
    "pack",
    "packed",
    "path_for",
    "read_asset",
    "read_folder",
    "read_zip",
    "translation_sources",
    "used_assets",
    "write_folder",
    "write_zip",
]
