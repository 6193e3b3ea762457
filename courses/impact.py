"""Who is affected when a revision is published. Higher apps know; they register here what they have to say.

A registered callable gets a revision and gives sentences in the reader's language, none where nobody is affected.
"""

from collections.abc import Callable, Iterable

from .models import Revision

Impact = Callable[[Revision], Iterable[str]]

_registered: list[Impact] = []


def register(impact: Impact) -> None:
    """Called in an app's `ready()`. Registering the same callable again changes nothing."""
    if impact not in _registered:
        _registered.append(impact)


def impact_of(revision: Revision) -> list[str]:
    """All that is said about publishing this revision."""
    return [sentence for impact in _registered for sentence in impact(revision)]
