"""What the story of a national layer begins with: a small module that is taught, and adapted to no country."""

from datetime import datetime
from decimal import Decimal

from courses.models import Revision
from courses.selectors.drafts import version_of
from courses.services import (
    approve,
    create_course,
    publish,
    publish_course,
    save_lesson,
    start_module,
    submit,
)
from lms.accounts.models import Organisation, User

ADAPTED = "to-be-adapted"


def teach_a_module(*, at: datetime) -> None:
    """Of one lesson with a place for panels, in a course of its own."""
    author = User.objects.get(email="author@example.org")
    owner = Organisation.objects.get(slug="occ-incubator")
    texts = {
        "title": {"en": "To be adapted"},
        "summary": {"en": "A law in parts."},
        "audience": {"en": "All"},
    }
    rest = {"outcomes": [], "references": [], "validity_months": None, "licence": "", "hours": "1"}
    core = start_module(
        ADAPTED,
        owner=owner,
        source_language="en",
        about={**texts, **rest, "subject": "quality", "fact_keys": ["adapted.act"]},
        first_lesson="The act",
        by=author,
        at=at,
    )
    body = "Every country has an act.\n\n:::country act\n:::\n\nThat is all."
    base = version_of(core.lessons.get())
    save_lesson(core, "the-act", {"body": body, "references": ["Art. 1"]}, base=base, by=author, at=at)
    go_public(core, author, at=at)
    course = create_course(
        ADAPTED,
        owner=owner,
        title=texts["title"],
        summary=texts["summary"],
        hours=Decimal(1),
        items=[(core.edition.module, None)],
        by=None,
        at=at,
    )
    publish_course(course, by=None, at=at)


def go_public(core: Revision, author: User, *, at: datetime) -> None:
    core = submit(core, by=author, at=at)
    at_home = User.objects.get(email="publisher-no@example.org")
    for publisher in (at_home, User.objects.get(email="publisher@example.org")):
        approve(core, by=publisher, at=at)
    publish(core, by=at_home, at=at)
