"""Style sheets and scripts, collected and compressed when they have changed and only then.

Compressing takes seconds, most of them for pages that packages bring and this project does not show.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Folders of packages whose pages are not served: the other documentation viewer, the browsable API.
UNUSED = ["redoc", "rest_framework"]


def collect_changed(say: Callable[[str], object]) -> bool:
    """Collect what the configured storage serves, unless it is there already. True when something was done."""
    if "Manifest" not in settings.STORAGES["staticfiles"]["BACKEND"]:
        return False
    stamp = Path(settings.STATIC_ROOT, ".collected")
    state = _fingerprint()
    if stamp.exists() and stamp.read_text() == state:
        return False
    say("Compressing style sheets and scripts (once) ...")
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
    stamp.write_text(state)
    return True


def _fingerprint() -> str:
    lines = (f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}\n" for name, path in _sources())
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _sources() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for name, storage in finder.list(UNUSED):
            yield name, Path(storage.path(name))
