"""Only what an act offers moves: every field of the house is sent along with it, and nothing else is written.

What is sent is unmistakable, and the other learner's number stands for every person: an act that took a field it does
not offer would write one of these values, or another column.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from . import bodies, walking
from .lines import HOUSE, permitted
from .routes import Endpoint
from .rules import Role
from .table import TABLE
from .walking import Answer, Walker

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor, pytest.mark.slow]

OURS = ("accounts", "courses", "enrollment", "certificates")
TEXT, NUMBER, DAY = "MASS-ASSIGNED", 31_337, "1987-03-17"

# What an act offers beyond what the matrix sends with it.
SUBMISSION, ORGANISATION = (
    {"change_class", "change_note", "note"},
    {"contact_email", "privacy_email", "website"},
)
PUBLICATION = {"effective_on", "retake_by", "change_note"}
QUESTION = {"kind", "points", "references", "rests_on"}
OFFERED = {
    "POST studio/revisions/<int:pk>/publish/": PUBLICATION,
    "POST api/v1/revisions/<int:pk>/publish/": PUBLICATION,
    "POST studio/revisions/<int:pk>/withdraw/": {"successor"},
    "POST api/v1/revisions/<int:pk>/withdraw/": {"successor"},
    "POST studio/revisions/<int:pk>/submit/": SUBMISSION,
    "POST api/v1/revisions/<int:pk>/submit/": SUBMISSION,
    "POST api/v1/modules/new/": {"validity_months", "licence", "references", "outcomes"},
    "PATCH api/v1/revisions/<int:pk>/about/": {"validity_months", "licence", "references", "outcomes"},
    "POST api/v1/revisions/<int:pk>/lessons/": {"key"},
    "PATCH api/v1/revisions/<int:pk>/lessons/<str:key>/": {"section", "references", "required"},
    "PATCH api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": {"attempts", "wait_hours", "draw", "pools"},
    "POST api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": QUESTION,
    "PATCH api/v1/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": QUESTION,
    "POST studio/new/": {"validity_months", "licence", "references", "outcomes"},
    "POST studio/revisions/<int:pk>/about/": {"validity_months", "licence", "references", "outcomes"},
    "POST studio/revisions/<int:pk>/figure/": {"path", "caption"},
    "POST studio/revisions/<int:pk>/lessons/": {"key"},
    "POST studio/revisions/<int:pk>/lessons/<str:key>/": {"section", "references", "required"},
    "POST studio/revisions/<int:pk>/lessons/<str:key>/rename/": {"section", "required"},
    "POST studio/revisions/<int:pk>/panels/<str:key>/remove/": {"language"},
    "POST studio/courses/<slug:slug>/certificate/": {"valid_months"},
    "POST courses/<slug:slug>/enrol/": {"organisation"},
    "POST api/v1/enrollments/": {"organisation"},
    "PATCH api/v1/enrollments/<pk>/": {"country"},
    "POST people/<slug:organisation>/enrol/": {"due_on"},
    "POST profile/details/": {"sector", "occupation"},
    "POST administration/organisations/new/": ORGANISATION,
    "POST administration/organisations/<slug:slug>/edit/": ORGANISATION,
}

ACTS = [
    line
    for line in HOUSE
    if line.method in ("POST", "PATCH")
    and not TABLE[line.key].is_method_refused
    and not line.route.startswith(
        ("accounts/", "invitations/change-account", "verify/", "theme/", "demonstration/")
    )
]


def value_for(field: Any, person: int) -> Any:
    if field.is_relation:
        return person
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.IntegerField | models.DecimalField | models.AutoField):
        return NUMBER
    return DAY if isinstance(field, models.DateField) else TEXT


def everything(person: int) -> dict[str, Any]:
    """Every column of every model of ours, by the name of its field and of its column."""
    fields = [
        field
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.concrete_fields
    ]
    named = {field.name: value_for(field, person) for field in fields}
    return {**named, **{field.attname: value_for(field, person) for field in fields}}


@contextmanager
def written() -> Iterator[list[str]]:
    """Every value that goes into a statement which is no read."""
    values: list[str] = []

    def see(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            values.append(str(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield values


def act(walker: Walker, line: Endpoint) -> tuple[Answer, list[str]]:
    role, target = permitted(line, walker.world)[0]
    with written() as values:
        return walker.ask(line, role, target), values


@pytest.mark.parametrize("line", ACTS, ids=lambda line: line.key)
def test_nothing_moves_that_is_not_offered(world, monkeypatch, line):
    walker, stranger = Walker(world), world.user(Role.OTHER_LEARNER).pk
    plain, _values = act(walker, line)
    usual = bodies.body_of

    def with_everything(key: str, asked: bodies.Asked) -> bodies.Body:
        sent = usual(key, asked)
        offered = OFFERED.get(line.key, set())
        more = {name: value for name, value in everything(stranger).items() if name not in offered}
        return {**more, **sent}

    monkeypatch.setattr(walking, "body_of", with_everything)
    answer, values = act(walker, line)
    assert answer.status == plain.status
    assert [sql.split(" WHERE ")[0] for sql in answer.writes] == [
        sql.split(" WHERE ")[0] for sql in plain.writes
    ]
    marks = re.compile(rf"(?<!\d)({TEXT}|{DAY}|{NUMBER}|{stranger})(?!\d)")
    assert not [said for said in values if marks.search(said)]


def test_a_field_that_is_offered_after_all_is_seen(world, monkeypatch):
    """The red twin: were it not declared as offered, the profile's own fields would be found."""
    monkeypatch.setattr(sys.modules[__name__], "OFFERED", {})
    with pytest.raises(AssertionError):
        test_nothing_moves_that_is_not_offered(world, monkeypatch, Endpoint("POST", "profile/details/"))
