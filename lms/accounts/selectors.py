"""What pages about people and organisations show."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language

from lms.lib.search import containing_words
from lms.records.models import AuditEvent

from .models import Membership, Organisation, User, current, normalise_email


def authenticators(user: object) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return found


def second_factor_of(user: User) -> int | None:
    """The authenticator app of the account. Recovery codes stand in for it, they are none of their own."""
    return authenticators(user).values_list("pk", flat=True).first()


@lru_cache(maxsize=2)
def signed_in_users(*, on: date) -> QuerySet[User]:
    """Users with all that every request asks of the signed-in one, in one query: roles and `second_factor`.

    Kept for the day: building the query costs every request more than the database needs to answer it. Callers filter
    it, which copies it; the kept one is never evaluated.
    """
    factor = Subquery(authenticators(OuterRef("pk")).values("pk")[:1])
    return User.objects.with_roles(on=on).annotate(second_factor=factor)


def has_confirmed_address(user: User) -> bool:
    confirmed: bool = EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    return confirmed


def organisation_list(*, search: str, on: date) -> QuerySet[Organisation]:
    """Organisations with `people`, the number of persons who hold a role there today."""
    found = Organisation.objects.annotate(
        people=Count("memberships__user", filter=current_through("memberships", on), distinct=True)
    )
    return found.filter(containing_words(search, "name", "short_name")).order_by("name", "slug")


def current_through(path: str, on: date) -> Q:
    """`current`, asked from the other end of a relation."""
    started = Q(**{f"{path}__starts_on__lte": on})
    return started & (Q(**{f"{path}__ends_on": None}) | Q(**{f"{path}__ends_on__gte": on}))


def roles_in(organisation: Organisation, *, on: date) -> QuerySet[Membership]:
    """The roles held there today, by person."""
    held = organisation.memberships.filter(current(on)).select_related("user")
    return held.order_by("user__full_name", "user__email", "role")


def people_list(*, search: str, on: date) -> QuerySet[User]:
    """All people with their roles of today (`roles`) and whether they administer."""
    held = Membership.objects.filter(current(on)).select_related("organisation")
    found = User.objects.with_roles(on=on).prefetch_related(Prefetch("memberships", held, to_attr="roles"))
    return found.filter(containing_words(search, "full_name", "email")).order_by("full_name", "email")


def audit_events(
    *,
    act: str = "",
    thing: str = "",
    person: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> QuerySet[AuditEvent]:
    """The audit trail, newest first. `thing` is the beginning of an object's name, `person` an e-mail address."""
    events = AuditEvent.objects.order_by("-at", "-pk")
    if act:
        events = events.filter(act=act)
    if thing:
        events = events.filter(chain__startswith=thing)
    if person:
        reference = User.objects.filter(email=normalise_email(person)).values("audit_ref")
        events = events.filter(actor__in=reference)
    if first_day:
        events = events.filter(at__gte=midnight(first_day))
    if last_day:
        events = events.filter(at__lt=midnight(last_day + timedelta(days=1)))
    return events


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def people_behind(references: Iterable[UUID | None], keys: Iterable[int] = ()) -> dict[UUID, User]:
    """Who the references of the audit trail, and the keys in its objects, stand for; the erased are not among them."""
    known = Q(audit_ref__in={reference for reference in references if reference}) | Q(pk__in=set(keys))
    return {user.audit_ref: user for user in User.objects.filter(known)}


def organisations_behind(slugs: Iterable[str], keys: Iterable[int]) -> dict[str | int, str]:
    """Names in the reader's language, by slug and by key; no query where none is asked for."""
    wanted, numbers = {slug for slug in slugs if slug}, set(keys)
    if not wanted and not numbers:
        return {}
    found = Organisation.objects.filter(Q(slug__in=wanted) | Q(pk__in=numbers))
    language = get_language() or "en"
    named = [(each, each.name_in(language)) for each in found]
    return {key: name for each, name in named for key in (each.slug, each.pk)}


def known_acts() -> list[str]:
    return list(AuditEvent.objects.order_by("act").values_list("act", flat=True).distinct())
