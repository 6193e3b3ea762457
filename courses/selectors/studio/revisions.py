"""One revision in the studio: where it stands, what it still needs, what it holds, what has happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.accounts.selectors import people_behind
from lms.records.models import AuditEvent
from lms.records.services.audit import chain_of

from ...approval import Need, needs
from ...models import Approval, Edition, Revision, SendBack, Suggestion
from ...permissions import (
    Hats,
    can_approve,
    can_publish,
    can_send_back,
    can_submit,
    can_withdraw,
    can_write,
    hats_of,
    is_author_of,
)
from ..words import Words, said
from .comments import Discussion, discussion
from .contents import Contents, contents_of
from .differences import Difference, difference
from .editions import SENT_BACK, edition_name, words_of_send_backs
from .suggestions import in_draft

Kind, Status = Edition.Kind, Revision.Status

ACTS: Mapping[str, str | Promise] = {
    "revision.started": _("Begun"),
    "revision.edited": _("Changed"),
    "revision.imported": _("Imported"),
    "revision.submitted": _("Submitted for review"),
    SENT_BACK: _("Sent back"),
    "revision.approved": _("Approved"),
    "revision.published": _("Published"),
    "revision.took_effect": _("Took effect"),
    "revision.publication_taken_back": _("Publication taken back"),
    "revision.withdrawal_set": _("Withdrawal set"),
    "revision.withdrawal_taken_back": _("Withdrawal taken back"),
    "revision.withdrawn": pgettext_lazy("revision", "Withdrawn"),
}


@dataclass(frozen=True)
class NeedOnPage:
    words: str
    approval: Approval | None
    is_nobodys: bool = False


@dataclass(frozen=True)
class Event:
    at: datetime
    words: str
    person: str
    organisation: str
    reason: str


@dataclass(frozen=True)
class Acts:
    """What the reader may do with the revision as it stands. The page shows these buttons and no others."""

    edit: bool
    submit: bool
    approve: bool
    send_back: bool
    publish: bool
    recall: bool
    withdraw: bool
    keep: bool
    is_author: bool
    take: bool  # home, as files


@dataclass(frozen=True)
class RevisionPage:
    revision: Revision
    title: Words
    name: str
    needs: tuple[NeedOnPage, ...]
    acts: Acts
    is_first: bool
    contents: Contents
    difference: Difference | None
    history: tuple[Event, ...]
    discussion: Discussion | None
    suggestions: tuple[Suggestion, ...]

    @property
    def waits(self) -> bool:
        """Published, and not yet in effect."""
        return self.revision.edition.upcoming_id == self.revision.pk

    @property
    def successor(self) -> str:
        """What takes the place of a withdrawn one, in words."""
        successor = self.revision.successor
        return f"{successor.edition.module}: {edition_name(successor.edition)}" if successor else ""

    @property
    def waits_for(self) -> tuple[str, ...]:
        return tuple(need.words for need in self.needs if need.approval is None)


def revisions_in_studio(user: Any) -> QuerySet[Revision]:
    """Those the user may see, with what every page and act of a revision asks."""
    related = ("edition__module__owner", "edition__owner", "successor__edition__module")
    return (
        Revision.objects.visible_to(user)
        .select_related(*related)
        .prefetch_related("authors", "approvals__by")
    )


def revision_page(revision: Revision, user: Any, *, language: str, on: date) -> RevisionPage:
    """The same number of queries however much the revision holds."""
    wanted = needs(revision)
    missing = [need for need in wanted if given_for(need, revision) is None]
    who = hats_of(user)
    contents = contents_of(revision, language=language, on=on)
    changed = difference(revision)
    return RevisionPage(
        revision=revision,
        title=said(revision.edition.module.title, language),
        name=edition_name(revision.edition),
        needs=tuple(NeedOnPage(need.words, given_for(need, revision), need.is_nobodys) for need in wanted),
        acts=acts_for(who, revision, missing),
        is_first=changed is None,
        contents=contents,
        difference=changed,
        history=history(revision),
        discussion=discussion(revision, who, contents=contents),
        suggestions=taken_up(revision, who),
    )


def taken_up(revision: Revision, who: Hats) -> tuple[Suggestion, ...]:
    """Suggestions of readers that wait in a draft, for those who write it. One query."""
    is_own = revision.edition.owner_id in who.writes_for or can_write(who, revision.edition)
    return tuple(in_draft(revision)) if revision.is_open and is_own else ()


def given_for(need: Need, revision: Revision) -> Approval | None:
    given = revision.approvals.all()
    return next((approval for approval in given if need.is_met_by([approval])), None)


def acts_for(who: Hats, revision: Revision, missing: list[Need]) -> Acts:
    in_review = revision.status == Status.IN_REVIEW
    approved = any(approval.by_id == who.user_id for approval in revision.approvals.all())
    may_write = revision.is_draft and can_submit(who, revision)
    may_withdraw = revision.status == Status.PUBLISHED and can_withdraw(who, revision)
    waits = revision.edition.upcoming_id == revision.pk
    return Acts(
        edit=may_write,
        submit=may_write,
        approve=in_review and not approved and can_approve(who, revision, missing),
        send_back=in_review and can_send_back(who, revision),
        publish=in_review and not missing and can_publish(who, revision),
        recall=may_withdraw and waits,
        withdraw=may_withdraw and not waits,
        keep=may_withdraw and revision.withdraw_on is not None,
        is_author=is_author_of(who, revision),
        take=can_write(who, revision.edition),
    )


def history(revision: Revision) -> tuple[Event, ...]:
    """Everything that was done with the revision, the last first. At most three queries."""
    events = list(AuditEvent.objects.filter(chain=chain_of(revision)).order_by("-seq"))
    people = people_behind(event.actor for event in events)
    words = words_of_send_backs(events)
    return tuple(event_on_page(event, people, words.get(event.pk)) for event in events)


def event_on_page(event: AuditEvent, people: Mapping[Any, Any], words: SendBack | None) -> Event:
    person = people.get(event.actor)
    return Event(
        at=event.at,
        words=str(ACTS.get(event.act, event.act)),
        person=person.get_short_name() if person else "",
        organisation=event.on_behalf_of,
        reason=words.reason if words else "",
    )
