"""A prepared query finds what its queryset finds, for each caller their own, in one query, on every connection."""

from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection
from django.db.models import F, Q

from courses.models import Edition, Module
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


# --- Objects made of rows -------------------------------------------------------------------------------------------

EDITIONS = Prepared(
    lambda: (
        Edition.objects.filter(module__key=Slot("key"))
        .select_related("module__owner", "current")
        .defer("module__summary")
        .annotate(twice=F("pk") * 2)
        .order_by("pk")
    )
)


@pytest.fixture
def editions(db, occ):
    module = Module.objects.create(
        key="trials", owner=occ, title={"en": "Trials"}, hours=Decimal("1.5"), summary={"en": "About."}
    )
    kinds = [{"kind": "core"}, {"kind": "layer", "country": "FI"}]
    return [Edition.objects.create(module=module, owner=occ, **kind) for kind in kinds]


def test_objects_hold_what_those_of_the_queryset_hold(editions):
    for found, expected in zip(EDITIONS(key="trials"), editions, strict=True):
        assert (found, found.kind, found.country) == (expected, expected.kind, expected.country)
        assert (found.twice, found._state.adding, found._state.db) == (2 * expected.pk, False, "default")
        assert (found.module.title, found.module.hours) == ({"en": "Trials"}, Decimal("1.5"))


def test_related_rows_come_along_and_are_one_object_for_all(editions, occ, django_assert_num_queries):
    EDITIONS(key="other")
    with django_assert_num_queries(1):
        core, layer = EDITIONS(key="trials")
        assert core.module.owner == occ
        assert core.current is None
    assert core.module is layer.module


def test_a_field_that_was_not_read_is_read_when_asked_for(editions, django_assert_num_queries):
    core = EDITIONS(key="trials")[0]
    assert core.module.get_deferred_fields() == {"summary"}
    with django_assert_num_queries(1):
        assert core.module.summary == {"en": "About."}


def test_an_object_can_be_changed_and_saved(people):
    [ane] = BY_EMAIL(email="ane@example.org")
    ane.full_name = "Ane Lund"
    ane.save(update_fields=["full_name"])
    assert User.objects.get(pk=ane.pk).full_name == "Ane Lund"


def test_what_is_prefetched_comes_as_the_queryset_says(people, django_assert_num_queries):
    prepared = Prepared(lambda: User.objects.filter(email=Slot("email")).prefetch_related("memberships"))
    prepared(email="bo@example.org")
    with django_assert_num_queries(2):
        [ane] = prepared(email="ane@example.org")
        assert list(ane.memberships.all()) == []
