"""People and organisations are found by words, the same on each database."""

import pytest

from lms.accounts.models import User
from lms.lib.search import containing_words
from tests.conftest import person

FIELDS = ("full_name", "email")


@pytest.fixture
def people(db):
    for name, full_name in (("asa", "Åsa Öberg"), ("anna", "Anna 100% (Berg)"), ("jorgen", "Jørgen Ødegård")):
        user = person(name)
        user.full_name = full_name
        user.save()


def found(text: str) -> list[str]:
    users = User.objects.filter(containing_words(text, *FIELDS)).order_by("email")
    return [user.email.partition("@")[0] for user in users]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["anna", "asa", "jorgen"]),
        ("öberg", ["asa"]),
        ("ÅSA ÖBERG", ["asa"]),
        ("öberg åsa", ["asa"]),
        ("o\u0308berg", ["asa"]),
        ("ØDEGÅRD jorgen@", ["jorgen"]),
        ("berg", ["anna", "asa"]),
        ("100% (berg)", ["anna"]),
        ("åsa anna", []),
        (".*", []),
        ("(((([[\\", []),
    ],
)
def test_words(people, text, names):
    assert found(text) == names
