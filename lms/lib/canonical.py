"""Canonical JSON: the one byte form that is hashed. No floats; decimals and times are strings."""

import hashlib
import json
import unicodedata
from typing import Any


def normalised(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {normalised(key): normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normalised(item) for item in value]
    if isinstance(value, float):
        raise TypeError("a float has no canonical form: use a string")
    return value


def canonical(value: Any) -> bytes:
    """UTF-8, sorted keys, no spaces, strings in NFC. Raises TypeError for floats and unknown types."""
    return json.dumps(normalised(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(value: Any) -> str:
    """Hex digest of the canonical form, or of the bytes where bytes are given."""
    data = value if isinstance(value, bytes) else canonical(value)
    return hashlib.sha256(data).hexdigest()
