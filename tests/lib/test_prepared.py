"""A prepared query finds what its queryset finds, for each caller their own, in one query, on every connection."""

from threading import Thread

import pytest
from django.db import connection
from django.db.models import Q

from lms.accounts.models import User
from lms.lib.prepared import Prepared, Slot

BY_EMAIL = Prepared(lambda: User.objects.filter(email=Slot("email")))


@pytest.fixture
def people(db):
    return [User.objects.create_user(f"{name}@example.org", full_name=name) for name in ("ane", "bo", "cia")]


def test_each_call_finds_by_its_own_values(people):
    assert [BY_EMAIL(email=each.email) for each in people] == [[each] for each in people]
    assert BY_EMAIL(email="nobody@example.org") == []


def test_a_call_is_one_query(people, django_assert_num_queries):
    BY_EMAIL(email="ane@example.org")
    with django_assert_num_queries(1):
        assert BY_EMAIL(email="bo@example.org")


def test_what_comes_from_outside_is_a_value_and_no_sql(people):
    assert BY_EMAIL(email="' OR 1=1 --") == []


def test_the_sql_is_written_once(people):
    built = []

    def build():
        built.append(1)
        return User.objects.filter(email=Slot("email"))

    prepared = Prepared(build)
    assert prepared(email="ane@example.org") != prepared(email="bo@example.org")
    assert built == [1]


def test_constants_and_slots_keep_their_places(people):
    prepared = Prepared(
        lambda: User.objects.filter(Q(full_name="ane") | Q(pk=Slot("pk")), is_active=True).order_by("-pk")[:2]
    )
    ane, bo, cia = people
    assert prepared(pk=cia.pk) == [cia, ane]
    assert prepared(pk=bo.pk) == [bo, ane]


def test_values_and_related_rows_come_as_the_queryset_says(people):
    named = Prepared(lambda: User.objects.filter(pk=Slot("pk")).values("full_name"))
    assert named(pk=people[0].pk) == [{"full_name": "ane"}]


def test_a_missing_value_is_an_error(people):
    with pytest.raises(KeyError):
        BY_EMAIL()


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_over_its_own_connection():
    User.objects.create_user("ane@example.org", full_name="ane")
    assert BY_EMAIL(email="ane@example.org")
    found = []

    def ask():
        try:
            found.extend(BY_EMAIL(email="ane@example.org"))
        finally:
            connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found[0].email == "ane@example.org"
