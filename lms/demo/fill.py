"""Fills a demonstration, through the same services that people use. Filling it again changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from certificates.course_files import read_course_file
from certificates.services import import_course, issue
from courses.approval import still_needed
from courses.bundle import read_folder
from courses.content import Bundle
from courses.models import Course, Edition, Programme, Revision
from courses.services import (
    add_project,
    approve,
    create_programme,
    import_bundle,
    publish,
    submit,
)
from enrollment.models import Assignment, Enrollment, QuizAttempt
from enrollment.outline import Step
from enrollment.selectors import LearnerCourse, learner_course
from enrollment.services import complete_lesson, enroll, start_attempt, submit_attempt
from lms.accounts.models import Organisation, Role, User
from lms.accounts.services import (
    confirm_name,
    create_account,
    create_organisation,
    grant_role,
    make_administrator,
)

from .people import COLLEAGUES, NAME_UNCONFIRMED, PASSWORD, PEOPLE, Person
from .programme import COORDINATING, PARTNERS, PROGRAMME, PROJECT

LIBRARY = Path(settings.BASE) / "courses" / "library"
COURSES = Path(__file__).parent / "courses"
EVERY = timedelta(days=3)  # a course is published

ROLES = [
    ("author@example.org", Role.AUTHOR, "occ-incubator"),
    ("publisher@example.org", Role.PUBLISHER, "lakemedelsakademin"),
    ("publisher@example.org", Role.PUBLISHER, "lif"),
    ("publisher-no@example.org", Role.PUBLISHER, "occ-incubator"),
    ("publisher-no@example.org", Role.PUBLISHER, "lmi"),
    ("publisher-fi@example.org", Role.PUBLISHER, "laaketietokeskus"),
    ("coordinator@example.org", Role.COORDINATOR, "lakemedelsakademin"),
]


def is_filled() -> bool:
    """The last step leaves certificates; a filling that was interrupted is taken up again."""
    return Enrollment.objects.filter(
        learner__email="learner-no@example.org", locked_at__isnull=False
    ).exists()


def fill(*, at: datetime) -> None:
    """Everything, in the order in which a consortium would do it."""
    began = at - timedelta(days=60)
    fill_organisations(at=began)
    fill_people(at=began)
    fill_modules(at=began)
    fill_courses(at=began + timedelta(days=3))
    fill_learning(at=at)
    fill_review(at=at - timedelta(days=2))


# --- Who ----------------------------------------------------------------------------------------------------------


def fill_organisations(*, at: datetime) -> None:
    for position, partner in enumerate(PARTNERS):
        if not Organisation.objects.filter(slug=partner["slug"]).exists():
            create_organisation(
                **partner, kind=Organisation.Kind.PARTNER, by=None, at=at + timedelta(minutes=position)
            )
    if not Programme.objects.exists():
        programme = create_programme(
            **PROGRAMME,
            coordinator=Organisation.objects.get(slug=COORDINATING),
            partners=[Organisation.objects.get(slug=partner["slug"]) for partner in PARTNERS],
            by=None,
            at=at,
        )
        dates = {name: date.fromisoformat(PROJECT[name]) for name in ("starts_on", "ends_on")}
        add_project(programme, **{**PROJECT, **dates}, by=None, at=at)


def fill_people(*, at: datetime) -> None:
    for person in (*PEOPLE, *(person for person, _lessons in COLLEAGUES)):
        if not User.objects.filter(email=person["email"]).exists():
            add_person(person, at=at)
    for email, role, slug in ROLES:
        user, organisation = User.objects.get(email=email), Organisation.objects.get(slug=slug)
        grant_role(user, organisation, role, by=None, at=at)
    for person, _lessons in COLLEAGUES:
        user = User.objects.get(email=person["email"])
        grant_role(user, Organisation.objects.get(slug=COORDINATING), Role.MEMBER, by=None, at=at)
    make_administrator(User.objects.get(email="administrator@example.org"), by=None, at=at)


def add_person(person: Person, *, at: datetime) -> User:
    user = create_account(
        person["email"],
        full_name=person["name"],
        password=PASSWORD,
        language=person["language"],
        country=person["country"],
        at=at,
    )
    return user if user.email == NAME_UNCONFIRMED else confirm_name(user, name=person["name"], by=user, at=at)


# --- What ---------------------------------------------------------------------------------------------------------


def fill_modules(*, at: datetime) -> None:
    for folder in sorted(path for path in LIBRARY.iterdir() if (path / "module.yaml").exists()):
        if is_published(folder.name):
            continue
        outcome = import_bundle(read_folder(folder), by=None, at=at)
        for imported in sorted(outcome.editions, key=lambda part: part.edition.kind != Edition.Kind.CORE):
            if imported.revision.is_open:
                review_and_publish(imported.revision, at=at)


def is_published(key: str) -> bool:
    """Whole: a filling that was interrupted in between goes on."""
    editions = Edition.objects.filter(module__key=key)
    return editions.exists() and not editions.filter(current=None).exists()


def review_and_publish(revision: Revision, *, at: datetime) -> None:
    author = User.objects.get(email="author@example.org")
    if revision.is_draft:
        revision = submit(revision, by=author, at=at + timedelta(hours=1))
    for hours, need in enumerate(still_needed(revision), 2):
        approve(revision, by=publisher_of(need.organisations), at=at + timedelta(hours=hours))
    publish(revision, by=publisher_of({revision.edition.owner_id}), at=at + timedelta(days=1))


def fill_review(*, at: datetime) -> None:
    """Something waits for the publishers: the author has given one lesson more time and handed it in."""
    core = Edition.objects.get(module__key="clinical-trials", kind=Edition.Kind.CORE)
    if core.revisions.open().exists():
        return
    author = User.objects.get(email="author@example.org")
    outcome = import_bundle(with_more_time(read_folder(LIBRARY / "clinical-trials")), by=author, at=at)
    submit(
        outcome.editions[0].revision,
        by=author,
        at=at + timedelta(hours=1),
        change_class=Revision.ChangeClass.MINOR,
        change_note={"en": "The second lesson is given forty minutes."},
    )


def with_more_time(bundle: Bundle) -> Bundle:
    assert bundle.core is not None
    first, second, *others = bundle.core.lessons
    lessons = (first, replace(second, minutes=40), *others)
    return replace(bundle, core=replace(bundle.core, lessons=lessons), translations={}, layers={})


def publisher_of(organisations: Any) -> User:
    held = {"memberships__role": Role.PUBLISHER, "memberships__organisation__in": organisations}
    return User.objects.filter(**held).order_by("pk")[0]


def fill_courses(*, at: datetime) -> None:
    """One after the other, so that the newest are the newest; all before anybody enrols."""
    for position, path in enumerate(sorted(COURSES.glob("*.yaml"))):
        if not Course.objects.filter(slug=path.stem).exists():
            file = read_course_file(path)
            import_course(file, publisher=publisher_of({file.owner.pk}), at=at + position * EVERY)


# --- How far ------------------------------------------------------------------------------------------------------


def fill_learning(*, at: datetime) -> None:
    """Nobody's page is empty: one learner is half through, one holds a certificate, colleagues are on their way."""
    for person, lessons in COLLEAGUES:
        learn(person["email"], "clinical-trials", lessons=lessons, at=at - timedelta(days=20), assigned=True)
    learn("learner-no@example.org", "clinical-trials", lessons=None, at=at - timedelta(days=12))
    learn("learner-fi@example.org", "trials-and-devices", lessons=4, at=at - timedelta(days=9))
    learn("learner-no@example.org", "trials-and-devices", lessons=8, at=at - timedelta(days=5))
    completed = Enrollment.objects.get(
        learner__email="learner-no@example.org", course__slug="clinical-trials"
    )
    administrator = User.objects.get(email="administrator@example.org")
    issue(completed, by=administrator, at=at - timedelta(days=11))


def learn(email: str, slug: str, *, lessons: int | None, at: datetime, assigned: bool = False) -> None:
    """Enrol and do that many lessons (None: all of them), one an evening hour."""
    learner, course = User.objects.get(email=email), Course.objects.get(slug=slug)
    if Enrollment.objects.filter(learner=learner, course=course).exists():
        return
    assignment: dict[str, Any] = {}
    if assigned:
        assignment = {
            "organisation": Organisation.objects.get(slug=COORDINATING),
            "basis": Assignment.Basis.EMPLOYER,
            "due_on": timezone.localdate(at) + timedelta(days=30),
        }
    language = next(person["language"] for person in everybody() if person["email"] == email)
    enroll(learner, course, country=learner.country, language=language, by=learner, at=at, **assignment)
    for number, step in enumerate(steps_to_do(learner, slug, lessons)):
        do(load(learner, slug), step, at=at + timedelta(hours=number + 1))


def everybody() -> Iterator[Person]:
    yield from PEOPLE
    yield from (person for person, _lessons in COLLEAGUES)


def load(learner: User, slug: str) -> LearnerCourse:
    course = learner_course(learner, slug)
    assert course is not None  # just enrolled
    return course


def steps_to_do(learner: User, slug: str, lessons: int | None) -> tuple[Step, ...]:
    steps = load(learner, slug).outline.required
    return steps if lessons is None else steps[:lessons]


def do(course: LearnerCourse, step: Step, *, at: datetime) -> None:
    if not step.is_quiz:
        complete_lesson(course, step, at=at)
        return
    attempt = start_attempt(course, step, at=at)
    submit_attempt(course, step, right_answers(attempt), at=at + timedelta(minutes=12))


def right_answers(attempt: QuizAttempt) -> dict[str, Any]:
    return {question["key"]: right_answer(question["rule"]) for question in attempt.questions}


def right_answer(rule: dict[str, Any]) -> Any:
    return rule["answer"] if "answer" in rule else rule["correct"]
