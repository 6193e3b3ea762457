"""Many clients at once, on PostgreSQL. Each test has a control that shows the race without the guard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from certificates.models import Certificate, CertificateFile, SerialCounter
from certificates.selectors import active_definition, load_cases
from certificates.services import correct, issue, make_waiting, revoke, start_issuing
from certificates.services.correcting import check
from certificates.services.issuing import reserve
from certificates.services.making import claim
from enrollment.models import Enrollment
from lms.records.models import AuditEvent, JobItem, Mail
from lms.records.services import broken_chains, work_off
from tests.certificates.builders import certified_course, completed, issued, reserved
from tests.conftest import person
from tests.races import CLIENTS, each_at_once, line

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(act: Callable[[int], Any]) -> list[Any]:
    return each_at_once(act, may_raise=IntegrityError)


def test_twenty_clients_issue_one_certificate(learner, now):
    enrollment = completed(learner)
    certificates = at_once(lambda _number: issue(enrollment, by=None, at=now))
    assert {certificate.serial for certificate in certificates} == {"NLS-2026-000001-R"}
    assert Certificate.objects.count() == SerialCounter.objects.get().last == 1
    assert AuditEvent.objects.filter(act="certificate.reserved").count() == 1


def test_control_looking_before_the_lock_issues_doubles(learner, now):
    """The same act that judges by what it read before: the constraint alone stands between it and doubles."""
    enrollment = completed(learner)
    looked = line()

    def naive(_number: int) -> Certificate:
        with transaction.atomic():
            row = Enrollment.objects.select_related("learner", "course").get(pk=enrollment.pk)
            [case] = load_cases([row])
            looked()
            return reserve(case, active_definition(row.course_id), by=None, at=now, job=None)

    [constraint] = [each for each in Certificate._meta.constraints if each.name == "certificate_one_live"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Certificate, constraint)
    doubles = at_once(naive)
    assert len({certificate.serial for certificate in doubles}) == CLIENTS

    Certificate.objects.filter(pk__gt=doubles[0].pk).update(state="void")
    Certificate.objects.filter(pk__lt=doubles[0].pk).update(state="void")
    with connection.schema_editor() as editor:
        editor.add_constraint(Certificate, constraint)
    refused = at_once(naive)
    assert all(isinstance(answer, IntegrityError) for answer in refused)


@pytest.fixture
def wrong(learner, administrator, now) -> Certificate:
    return revoke(issued(learner), reason_code="data_error", reason_text="", by=administrator, at=now)


def test_twenty_clients_correct_one_certificate_once(wrong, administrator, now):
    certificates = at_once(lambda _number: correct(wrong, by=administrator, at=now))
    assert {certificate.serial for certificate in certificates} == {"NLS-2026-000002-P"}
    assert Certificate.objects.filter(supersedes=wrong).count() == 1
    assert Certificate.objects.count() == SerialCounter.objects.get().last == 2
    assert AuditEvent.objects.filter(act="certificate.corrected").count() == 1
    assert broken_chains() == []


def test_control_looking_before_the_lock_corrects_twice(wrong, administrator, now):
    """The same act that judges by what it read before: two constraints stand between it and doubles."""
    looked = line()

    def naive(_number: int) -> Certificate:
        with transaction.atomic():
            row = Enrollment.objects.select_related("learner", "course").get(pk=wrong.enrollment_id)
            [case] = load_cases([row])
            check(case, wrong, at=now)
            looked()
            definition = active_definition(row.course_id)
            return reserve(case, definition, by=administrator, at=now, corrects=case.correctable)

    refused = at_once(naive)
    assert len([answer for answer in refused if isinstance(answer, IntegrityError)]) == CLIENTS - 1

    take_back(wrong)
    with nothing_unique():
        doubles = at_once(naive)
        assert len({certificate.serial for certificate in doubles}) == CLIENTS
        take_back(wrong)


def take_back(corrected: Certificate) -> None:
    Certificate.objects.filter(supersedes=corrected).update(state="void", supersedes=None)


@contextmanager
def nothing_unique() -> Iterator[None]:
    """A certificate may have any number of live ones beside it, and of replacements."""
    [one_live] = [each for each in Certificate._meta.constraints if each.name == "certificate_one_live"]
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, Certificate._meta.db_table)
    [name] = [name for name, each in known.items() if each["unique"] and each["columns"] == ["supersedes_id"]]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Certificate, one_live)
        editor.execute(f"ALTER TABLE certificates_certificate DROP CONSTRAINT {name}")
    yield
    with connection.schema_editor() as editor:
        editor.add_constraint(Certificate, one_live)
        editor.execute(f"ALTER TABLE certificates_certificate ADD CONSTRAINT {name} UNIQUE (supersedes_id)")


def test_twenty_learners_get_twenty_numbers_without_a_gap(now):
    course = certified_course()
    enrollments = [completed(person(f"learner-{number}"), course) for number in range(CLIENTS)]
    certificates = at_once(lambda number: issue(enrollments[number], by=None, at=now))
    numbers = sorted(int(certificate.serial.split("-")[2]) for certificate in certificates)
    assert numbers == list(range(1, CLIENTS + 1))
    assert broken_chains() == []


def test_control_an_unlocked_counter_gives_a_number_twice(db):
    SerialCounter.objects.create(prefix="NLS", year=2026)
    read = line()

    def naive(_number: int) -> int:
        counter = SerialCounter.objects.get()
        read()
        counter.last += 1
        counter.save(update_fields=["last"])
        return counter.last

    assert set(at_once(naive)) == {1}


@pytest.mark.pdf
def test_twenty_bulk_jobs_over_the_same_learners(administrator, now):
    course = certified_course()
    enrollments = [completed(person(f"learner-{number}"), course) for number in range(3)]
    jobs = [start_issuing([row.pk for row in enrollments], by=administrator, at=now) for _ in range(CLIENTS)]
    at_once(lambda number: work_off(jobs[number].pk))
    make_waiting(at=now)
    assert Certificate.objects.count() == SerialCounter.objects.get().last == 3
    assert set(Certificate.objects.values_list("state", flat=True)) == {"issued"}
    assert CertificateFile.objects.count() == Mail.objects.filter(kind="certificate_issued").count() == 3
    assert AuditEvent.objects.filter(act="certificate.issued").count() == 3
    assert set(JobItem.objects.values_list("outcome", flat=True)) == {"done"}
    assert broken_chains() == []


def test_twenty_workers_claim_one_certificate_once(learner, now):
    certificate = reserved(learner)
    tokens = at_once(lambda _number: claim(certificate, at=now))
    assert len([token for token in tokens if token]) == 1
    assert Certificate.objects.get().tries == 1


@pytest.mark.pdf
def test_twenty_sweeps_at_once_make_each_file_once(now):
    course = certified_course()
    for number in range(3):
        reserved(person(f"learner-{number}"), course)
    at_once(lambda _number: make_waiting(at=now))
    assert list(Certificate.objects.values_list("state", "tries")) == [("issued", 1)] * 3
    assert CertificateFile.objects.count() == Mail.objects.filter(kind="certificate_issued").count() == 3
