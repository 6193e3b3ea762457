"""The demonstration, and beside its people one learner for each test that changes something."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from certificates.models import Certificate
from certificates.services import start_issuing
from courses.models import Course, Revision
from enrollment.models import Assignment, Enrollment
from enrollment.outline import Step
from enrollment.selectors import LearnerCourse, learner_course
from enrollment.services import complete_lesson, enroll, start_attempt, submit_attempt
from lms.accounts.models import User
from lms.demo.fill import add_person, fill, right_answers
from lms.demo.people import PEOPLE
from lms.records.models import Job

COURSE = "clinical-trials"

# Who, and how many lessons of the course are done; None: not enrolled.
LEARNERS: dict[str, int | None] = {
    "keyboard": 0,
    "bare": 0,  # without JavaScript
    "newcomer": None,
    "light": 0,  # weighs the page
    "back": 0,
    "expired": 0,
    "tabs": 4,
    "walker": 4,
    "graduate": 99,
}


def address(name: str) -> str:
    return f"{name}@example.org"


def fill_and_tell() -> None:
    """Fill everything and print, as JSON, what only the database knows."""
    now = timezone.now()
    fill(at=now)
    for name, lessons in LEARNERS.items():
        add_learner(name, lessons, at=now)
    fail_the_quiz(User.objects.get(email=address("walker")), at=now)
    issue_again(at=now)
    print(json.dumps(told()))  # noqa: T201


def add_learner(name: str, lessons: int | None, *, at: datetime) -> None:
    person: Any = {"email": address(name), "name": f"{name.title()} Test", "country": "FI", "language": "en"}
    learner = add_person(person, at=at)
    if lessons is None:
        return
    enroll(learner, Course.objects.get(slug=COURSE), country="FI", language="en", by=learner, at=at)
    for step in load(learner).outline.required[:lessons]:
        do(load(learner), step, at=at)


def load(learner: User) -> LearnerCourse:
    course = learner_course(learner, COURSE)
    assert course
    return course


def do(course: LearnerCourse, step: Step, *, at: datetime) -> None:
    if not step.is_quiz:
        complete_lesson(course, step, at=at)
        return
    attempt = start_attempt(course, step, at=at)
    submit_attempt(course, step, right_answers(attempt), at=at)


def fail_the_quiz(learner: User, *, at: datetime) -> None:
    """One attempt handed in with nothing right, and another one begun."""
    step = next(step for step in load(learner).outline.required if step.is_quiz)
    attempt = start_attempt(load(learner), step, at=at)
    wrong = {question["key"]: wrong_answer(question) for question in attempt.questions}
    submit_attempt(load(learner), step, wrong, at=at)
    start_attempt(load(learner), step, at=at)


def issue_again(*, at: datetime) -> None:
    """A bulk issue to somebody who has their certificate: there is a job to look at, and nobody gets anything."""
    administrator = User.objects.get(email="administrator@example.org")
    start_issuing([Certificate.objects.get().enrollment_id], by=administrator, at=at)


def wrong_answer(question: dict[str, Any]) -> Any:
    rule = question["rule"]
    if "answer" in rule:
        return "1"
    if question["kind"] == "truefalse":
        return not rule["correct"]
    options = next(iter(question["texts"].values()))["options"]
    return [key for key in options if key not in rule["correct"]][:1]


def told() -> dict[str, Any]:
    followed = Assignment.objects.filter(enrollment__learner__email="oskar.ryd@example.org").get()
    return {
        "followed": followed.enrollment_id,
        "finished": Enrollment.objects.get(learner__email=address("graduate")).pk,
        "revision": Revision.objects.order_by("pk")[0].pk,
        "reviewed": Revision.objects.get(status=Revision.Status.IN_REVIEW).pk,
        "job": Job.objects.get().pk,
        "certificate": Certificate.objects.get(learner__email="learner-no@example.org").public_id,
        "person": User.objects.get(email=PEOPLE[0]["email"]).pk,
    }
