"""Lists of certificates: all of them for administrators, one's own for a learner."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from lms.accounts.models import User
from lms.lib.prepared import Prepared, Slot
from lms.lib.search import containing_words

from ..models import Certificate
from ..numbering import normalise_public_id, normalise_serial, serial_is_wellformed
from .states import in_state, with_content_changed

# Large, and shown in no list.
UNLISTED = ("evidence", "badge_json", "render_env", "holder_salt", "last_error", "reason_text")
UNREAD_OF_COURSES = tuple(
    f"enrollment__course__{name}" for name in ("title", "summary", "outcomes", "audience", "search")
)


def register(
    user: User, *, at: datetime, q: str = "", state: str = "", course: str = "", job: int | None = None
) -> QuerySet[Certificate]:
    """Every certificate that the user may see, newest first; the caller cuts the pages.

    `q` is a serial, a code or words of the name as printed; `state` a value of `ShownState`; `course` a slug.
    """
    found = Certificate.objects.visible_to(user).filter(asked_for(q))
    if state:
        found = found.filter(in_state(state, at=at))
    if course:
        found = found.filter(enrollment__course__slug=course)
    if job:
        found = found.filter(job=job)
    return with_content_changed(
        found.select_related("enrollment__course").defer(*UNLISTED, *UNREAD_OF_COURSES)
    )


def asked_for(q: str) -> Q:
    if serial_is_wellformed(serial := normalise_serial(q)):
        return Q(serial=serial)
    if public_id := normalise_public_id(q):
        return Q(public_id=public_id)
    return containing_words(q, "holder_snapshot__name", "serial")


def my_certificates(user: User) -> QuerySet[Certificate]:
    """The holder's own, newest first, those being made included; a cancelled one never was one.

    Each with its printed `title` and `kind`; the rest of what was printed stays in the database.
    """
    return held_by(user.pk)


def newest_certificates(user: User) -> list[Certificate]:
    """The first few of `my_certificates`. One query."""
    return NEWEST(holder=user.pk)


def held_by(holder: int | Slot) -> QuerySet[Certificate]:
    mine = Certificate.objects.filter(learner=holder).exclude(state=Certificate.State.VOID)
    return mine.annotate(title=KT("snapshot__title"), kind=KT("snapshot__kind")).defer("snapshot", *UNLISTED)


FEW = 3
NEWEST = Prepared(lambda: held_by(Slot("holder"))[:FEW])
