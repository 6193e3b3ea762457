"""Many clients at once, on PostgreSQL. Each test has a control that shows the race without the guard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from certificates.models import Certificate, CertificateFile, SerialCounter
from certificates.selectors import active_definition, load_cases
from certificates.services import issue, make_waiting, start_issuing
from certificates.services.issuing import reserve
from certificates.services.making import claim
from enrollment.models import Enrollment
from lms.records.models import AuditEvent, JobItem, Mail
from lms.records.services import broken_chains, work_off
from tests.certificates.builders import certified_course, completed, reserved
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
