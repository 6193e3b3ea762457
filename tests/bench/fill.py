"""Fills an installation with learners, and writes down for the client who may ask what.

    python -m tests.bench.fill ENROLMENTS PLAN

Each learner takes four courses: the long one partly done, one completed, one half done, one untouched; their employer,
one of ten, follows all four. People and enrolments are made as rows, and what follows from them (pins, progress,
events) by the database itself, so that a hundred thousand enrolments take a minute. Filling again adds what is missing.
"""

import json
import secrets
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from certificates.services import define_certificate  # noqa: E402
from courses.models import Course, Module  # noqa: E402
from enrollment.models import Enrollment  # noqa: E402
from lms.accounts.models import Membership, Organisation, Role, User  # noqa: E402
from lms.accounts.second_factor import MARK  # noqa: E402

from . import content  # noqa: E402

EACH = 4  # enrolments of a learner
EMPLOYERS = 10
AT_ONCE = 2_000
ASKED = 400  # learners in whose name the client asks
STARTED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
COORDINATOR = "coordinator@example.org"


def fill(enrollments: int) -> None:
    """Up to that many enrolments, each with what learning has left behind."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET statement_timeout = 0"
            )  # what protects a site from one request stops a filling
    courses = list(Course.objects.order_by("pk")) or build_house()
    modules = dict(Module.objects.values_list("key", "pk"))
    known = User.objects.exclude(email=COORDINATOR).count()
    newest = Enrollment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(known, enrollments // EACH, AT_ONCE):
        learners = range(first, min(first + AT_ONCE, enrollments // EACH))
        with transaction.atomic():
            add_learners(learners, courses, modules)
    with transaction.atomic():
        add_what_follows(newest)
    if connection.vendor == "postgresql":
        # What autovacuum does by itself where rows come one after the other.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def build_house() -> list[Course]:
    """Content, certificates, employers, and the coordinator of the first of them."""
    courses = content.build_content()
    for course in courses:
        define_certificate(
            course, kind="passed", valid_months=36, partners=[course.owner], by=None, at=course.created_at
        )
    employers = Organisation.objects.bulk_create(
        Organisation(
            slug=f"employer-{number}",
            name=f"Employer {number}",
            short_name=f"Employer {number}",
            letters="E",
            country="FI",
            kind=Organisation.Kind.EMPLOYER,
        )
        for number in range(EMPLOYERS)
    )
    person = User.objects.create(email=COORDINATOR, full_name="The Coordinator", password="!")
    Membership.objects.create(
        user=person, organisation=employers[0], role=Role.COORDINATOR, starts_on=STARTED.date()
    )
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    return courses


# --- Learners ---------------------------------------------------------------------------------------------------------


def add_learners(numbers: Iterable[int], courses: list[Course], modules: dict[str, int]) -> None:
    people = User.objects.bulk_create(learner(number) for number in numbers)
    Enrollment.objects.bulk_create(
        enrollment(person, number, place, courses, modules)
        for person, number in zip(people, numbers, strict=True)
        for place in range(EACH)
    )
    Session.objects.bulk_create(session(person) for person in people)


def learner(number: int) -> User:
    return User(
        email=f"learner-{number}@example.org",
        full_name=f"Learner {number:06}",
        name_confirmed_on=STARTED.date(),
        password=f"!{secrets.token_hex(20)}",
        country=content.COUNTRIES[number % 3],
        language=("en", "sv", "fi")[number % 3],
        date_joined=STARTED,
    )


def enrollment(
    person: User, number: int, place: int, courses: list[Course], modules: dict[str, int]
) -> Enrollment:
    taken = 0 if place == 0 else 1 + (EACH * number + place) % (content.COURSES - 1)
    taught = content.modules_of(taken)
    required = content.STEPS * len(taught)
    done = (7 * number % 40, required, required // 2, 0)[place]
    active = STARTED + timedelta(minutes=number % 20_000) if done else None
    last = divmod(done - 1, content.STEPS) if done else None
    return Enrollment(
        learner=person,
        course=courses[taken],
        country=person.country,
        language=person.language,
        enrolled_at=STARTED,
        due_on=(STARTED + timedelta(days=10 + number % 60)).date(),
        completed_at=active if done == required else None,
        lessons_required=required,
        lessons_done=done,
        minutes_left=minutes_of(range(done, required)),
        last_active_at=active,
        last_module_id=modules[content.module_key(taught[last[0]])] if last else None,
        last_lesson_key=step_keys()[last[1]] if last else "",
    )


def step_keys() -> list[str]:
    return [*content.lesson_keys(), "country-check"]


def minutes_of(steps: Iterable[int]) -> int:
    each = [content.TEXT] * (content.LESSONS - 1) + [content.QUIZ, content.CHECK]
    return sum(each[step % content.STEPS] for step in steps)


def session(person: User) -> Session:
    """Signed in as the login view leaves it, with the second factor shown where there is one."""
    values: dict[str, Any] = {
        "_auth_user_id": str(person.pk),
        "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
        "_auth_user_hash": person.get_session_auth_hash(),
    }
    if person.email == COORDINATOR:
        values[MARK] = Authenticator.objects.get(user=person).pk
    return Session(
        session_key=secrets.token_hex(16),
        session_data=Session.get_session_store_class()().encode(values),
        expire_date=timezone.now() + timedelta(days=1),
    )


# --- What follows from an enrolment -----------------------------------------------------------------------------------

FOLLOWS = f"""
INSERT INTO accounts_membership (user_id, organisation_id, role, starts_on)
SELECT e.learner_id, o.id, 'member', date(MIN(e.enrolled_at))
FROM enrollment_enrollment e
JOIN accounts_organisation o ON o.slug = 'employer-' || CAST(e.learner_id %% {EMPLOYERS} AS text)
WHERE e.id > %s
GROUP BY e.learner_id, o.id;
INSERT INTO enrollment_assignment (enrollment_id, organisation_id, basis, due_on, created_at)
SELECT e.id, o.id, 'employer', e.due_on, e.enrolled_at
FROM enrollment_enrollment e
JOIN accounts_organisation o ON o.slug = 'employer-' || CAST(e.learner_id %% {EMPLOYERS} AS text)
WHERE e.id > %s;
INSERT INTO enrollment_pin (enrollment_id, module_id, position, core_revision_id)
SELECT e.id, i.module_id, i.position, c.current_id
FROM enrollment_enrollment e
JOIN courses_courseitem i ON i.course_id = e.course_id
JOIN courses_edition c ON c.module_id = i.module_id AND c.kind = 'core'
WHERE e.id > %s;
INSERT INTO enrollment_layerpin (pin_id, country, layer_revision_id)
SELECT p.id, e.country, c.current_id
FROM enrollment_enrollment e
JOIN enrollment_pin p ON p.enrollment_id = e.id
JOIN courses_edition c ON c.module_id = p.module_id AND c.kind = 'layer' AND c.country = e.country
WHERE e.id > %s;
INSERT INTO enrollment_lessonprogress (enrollment_id, module_id, lesson_key, country, completed_at, text_hash)
SELECT e.id, p.module_id, l.key, '', e.last_active_at, l.text_hash
FROM enrollment_enrollment e
JOIN enrollment_pin p ON p.enrollment_id = e.id
JOIN courses_lesson l ON l.revision_id = p.core_revision_id
WHERE e.id > %s AND (p.position - 1) * {content.STEPS} + l.position <= e.lessons_done;
INSERT INTO enrollment_lessonprogress (enrollment_id, module_id, lesson_key, country, completed_at, text_hash)
SELECT e.id, p.module_id, 'country-check', e.country, e.last_active_at, ''
FROM enrollment_enrollment e
JOIN enrollment_pin p ON p.enrollment_id = e.id
WHERE e.id > %s AND p.position * {content.STEPS} <= e.lessons_done;
INSERT INTO enrollment_learningevent (enrollment_id, kind, module_id, lesson_key, country, at, payload)
SELECT enrollment_id, 'lesson_completed', module_id, lesson_key, country, completed_at, '{{}}'
FROM enrollment_lessonprogress
WHERE enrollment_id > %s;
"""


def add_what_follows(after: int) -> None:
    """Everything that the enrolments after that one have left behind, made by the database."""
    with connection.cursor() as cursor:
        for statement in FOLLOWS.strip().split(";\n"):
            cursor.execute(statement.rstrip(";"), [after])


# --- The plan for the client ------------------------------------------------------------------------------------------


def plan() -> dict[str, Any]:
    """Who is signed in by which session, and what each may ask for."""
    long_course = Enrollment.objects.filter(course__slug=content.LONG_COURSE).select_related("learner")
    every = max(1, long_course.count() // ASKED)
    chosen = [row for place, row in enumerate(long_course.order_by("pk").iterator()) if place % every == 0]
    person = User.objects.get(email=COORDINATOR)
    sessions = sessions_of([person, *(row.learner for row in chosen)])
    organisation = person.memberships.get().organisation
    followed = organisation.assignments.filter(ended_at=None)
    return {
        "course": content.LONG_COURSE,
        "coordinator": {
            "session": sessions[person.pk],
            "email": person.email,
            "list": reverse("organisation_people", args=[organisation.slug]),
            "csv": reverse("organisation_people_csv", args=[organisation.slug]),
            "rows": followed.count(),
            "somebody": followed.values_list("enrollment__learner__email", flat=True)[0],
        },
        "learners": [visitor(row, sessions[row.learner_id]) for row in chosen],
    }


def sessions_of(people: Iterable[User]) -> dict[int, str]:
    """New ones, because a session says nothing of whose it is until it is opened."""
    made = {person.pk: session(person) for person in people}
    Session.objects.bulk_create(made.values())
    return {pk: one.session_key for pk, one in made.items()}


def visitor(row: Enrollment, session_key: str) -> dict[str, Any]:
    return {
        "session": session_key,
        "email": row.learner.email,
        "enrollment": row.pk,
        "open": list(open_lessons(row)),
        "quizzes": [address(module, "quiz") for module in range(content.MODULES)],
    }


def open_lessons(row: Enrollment) -> Iterator[str]:
    """The text lessons not yet done, in order."""
    keys = content.lesson_keys()[:-1]
    places = ((module, number) for module in range(content.MODULES) for number in range(len(keys)))
    for module, number in places:
        if module * content.STEPS + number >= row.lessons_done:
            yield address(module, keys[number])


def address(module: int, lesson: str) -> str:
    return reverse("lesson", args=[content.LONG_COURSE, content.module_key(module), lesson])


if __name__ == "__main__":
    fill(int(sys.argv[1]))
    Path(sys.argv[2]).write_text(json.dumps(plan()))
