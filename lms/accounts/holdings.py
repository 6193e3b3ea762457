"""What an organisation answers for as a partner. Higher apps know; they register here what they have to say.

A registered callable gets an organisation and gives what it holds, in the reader's language: "2 modules".
"""

from collections.abc import Callable, Iterable

from .models import Organisation

Holdings = Callable[[Organisation], Iterable[str]]

_registered: list[Holdings] = []


def register(holdings: Holdings) -> None:
    """Called in an app's `ready()`. Registering the same callable again changes nothing."""
    if holdings not in _registered:
        _registered.append(holdings)


def holdings_of(organisation: Organisation) -> list[str]:
    return [held for holdings in _registered for held in holdings(organisation)]
