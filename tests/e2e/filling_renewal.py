"""A module that is taught and renewed: its course, two learners in the middle, revisions ready to be published."""

from django.utils import timezone

from courses.models import Edition, Revision
from courses.search import search_text
from courses.services import approve, submit
from lms.accounts.models import User
from lms.demo.fill import add_person
from tests.enrollment.builders import (
    build_course,
    build_module,
    choice,
    layer,
    opened,
    quiz_lesson,
    start,
    step_of,
    text_lesson,
)

KEY, COURSE, NEXT = "renewal", "renewal", "renewal-next"
TAKER, FINISHER = "taker@example.org", "finisher@example.org"
DEADLINE = "The sponsor answers within {days} days.\n\nIt keeps the reasons in writing, with the names."
QUIZ = quiz_lesson(questions=(choice("which"),))


def lessons(days: int):
    return (text_lesson("one"), text_lesson("two", body=DEADLINE.format(days=days)), QUIZ)


def begin() -> None:
    """Two courses, and two learners who have read the first two lessons of one of them."""
    from enrollment.services import complete_lesson

    now = timezone.now()
    course = build_course(
        COURSE,
        modules=[build_module(KEY, lessons=lessons(60), layers=[layer("FI", questions=())])],
        title={"en": "Renewal"},
    )
    following = build_course(NEXT, modules=[build_module(NEXT, layers=[])], title={"en": "Renewal, the next"})
    for each in (course, following):
        each.search = search_text(each)
        each.save(update_fields=["search"])
    for email in (TAKER, FINISHER):
        learner = add_person({"email": email, "name": "R. Test", "country": "FI", "language": "en"}, at=now)
        start(learner, course, at=now)
        for key in ("one", "two"):
            learning = opened(learner, course)
            complete_lesson(learning, step_of(learning, key, KEY), at=now)
    start(learner, following, at=now)


def ready(days: int, change_class: str) -> None:
    """The next revision of the core, approved by all; prints where it is published."""
    from tests.enrollment import builders

    now = timezone.now()
    published = builders.publish_now
    builders.publish_now = lambda revision, **_at: revision  # the browser does that
    try:
        build_module(KEY, lessons=lessons(days), languages=(), layers=[layer("FI", questions=())])
    finally:
        builders.publish_now = published
    draft = Edition.objects.get(module__key=KEY, kind="core").revisions.open().get()
    draft = Revision.objects.get(pk=draft.pk)
    author = User.objects.get(email="author@example.org")
    submit(draft, change_class=change_class, by=author, at=now)
    for email in ("publisher-no@example.org", "publisher@example.org"):
        if change_class == "major" or email == "publisher-no@example.org":
            approve(draft, by=User.objects.get(email=email), at=now)
    print(draft.pk)  # noqa: T201
