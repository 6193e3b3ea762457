"""From draft to review and back, and the approvals in between."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from lms.accounts.models import Organisation, Role, User
from lms.lib.site import absolute_url
from lms.records.services import record

from .. import permissions
from ..approval import approving_organisation
from ..errors import ApprovalNotNeeded, AuthorCannotApprove, DraftHasProblems, NotADraft, NotInReview
from ..models import Approval, Revision, SendBack
from ..selectors.drafts import problems_of
from .letters import send_letter

Status = Revision.Status


def locked(revision: Revision) -> Revision:
    return Revision.objects.select_for_update().get(pk=revision.pk)


def submit(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    change_class: str = Revision.ChangeClass.MAJOR,
    change_note: dict[str, str] | None = None,
) -> Revision:
    """Hand a draft to those who approve. A first publication counts as major, whatever was chosen.

    Raises NotADraft, DraftHasProblems.
    """
    with transaction.atomic(durable=True):
        revision = locked(revision)
        if not revision.is_draft:
            raise NotADraft
        if problems := problems_of(revision):
            raise DraftHasProblems(problems)
        first = revision.edition.current_id is None
        revision.change_class = Revision.ChangeClass.MAJOR if first else change_class
        revision.change_note = change_note or {}
        revision.status, revision.submitted_at = Status.IN_REVIEW, at
        revision.save(update_fields=["change_class", "change_note", "status", "submitted_at"])
        record("revision.submitted", revision, by=by, on_behalf_of=revision.edition.owner, at=at)
    return revision


def send_back(revision: Revision, *, by: User, at: datetime, reason: str) -> Revision:
    """Return it to its authors with a reason; approvals given so far are void. Raises NotInReview."""
    with transaction.atomic(durable=True):
        revision = locked(revision)
        if revision.status != Status.IN_REVIEW:
            raise NotInReview
        revision.approvals.all().delete()
        revision.status, revision.submitted_at = Status.DRAFT, None
        revision.save(update_fields=["status", "submitted_at"])
        words = revision.send_backs.create(by=by, at=at, reason=reason)
        record("revision.sent_back", revision, by=by, at=at, meaning="REVIEWED", send_back=words.pk)
        tell_authors(revision, words, by=by, at=at)
    return revision


def tell_authors(revision: Revision, words: SendBack, *, by: User, at: datetime) -> None:
    """Each author once per time that it was sent back; whoever took it back knows."""
    comments = revision.edition.threads.open().count()
    for author in revision.authors.filter(is_active=True).exclude(pk=by.pk):
        send_letter(
            "revision_sent_back",
            key=f"{words.pk}:{author.pk}",
            recipient=author.email,
            language=author.language,
            at=at,
            module=str(revision.edition.module),
            edition=revision.edition,
            reason=words.reason,
            comments=comments,
            link=absolute_url(f"{reverse('studio_revision', args=[revision.pk])}#comments"),
        )


def approve(revision: Revision, *, by: User, at: datetime) -> Approval:
    """Vouch for a revision in review, on behalf of the organisation whose approval it still needs.

    Approving twice returns the first approval. Raises NotInReview, AuthorCannotApprove, ApprovalNotNeeded.
    """
    with transaction.atomic(durable=True):
        revision = locked(revision)
        if revision.status != Status.IN_REVIEW:
            raise NotInReview
        if permissions.wrote(by, revision):
            raise AuthorCannotApprove
        given = revision.approvals.filter(by=by).first()
        if given:
            return given
        organisation = approving_organisation(
            revision, Organisation.objects.partners().where(by, Role.PUBLISHER)
        )
        if organisation is None:
            raise ApprovalNotNeeded
        approval = revision.approvals.create(
            by=by, organisation=organisation, country=organisation.country, at=at
        )
        record("revision.approved", revision, by=by, on_behalf_of=organisation, at=at, meaning="APPROVED")
    return approval
