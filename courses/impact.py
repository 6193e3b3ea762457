"""Who is affected when a revision is published. Higher apps know; they register here what they have to say.

A registered callable gets a revision and gives sentences in the reader's language, none where nobody is affected.
"""

from collections.abc import Callable, Collection, Iterable

from .models import Edition, Revision

Impact = Callable[[Revision], Iterable[str]]
ImpactOnEditions = Callable[[Collection[Edition]], Iterable[str]]

_registered: list[Impact] = []
_on_editions: list[ImpactOnEditions] = []


def register(impact: Impact) -> None:
    """Called in an app's `ready()`. Registering the same callable again changes nothing."""
    if impact not in _registered:
        _registered.append(impact)


def impact_of(revision: Revision) -> list[str]:
    """All that is said about publishing this revision."""
    return [sentence for impact in _registered for sentence in impact(revision)]


def register_on_editions(impact: ImpactOnEditions) -> None:
    """As `register`, for what is asked of several published editions at once: of all that rest on one source."""
    if impact not in _on_editions:
        _on_editions.append(impact)


def impact_on(editions: Collection[Edition]) -> list[str]:
    """All that is said about those who learn or have learnt from these editions, each person counted once."""
    return [sentence for impact in _on_editions for sentence in impact(editions)]
