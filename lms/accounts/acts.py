"""The acts of the audit trail as people say them.

They stand here and not with whoever records them, because they are words only: the trail is read on one page, and most
apps that write to it have none.
"""

from collections import defaultdict
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .models import Role

# After the name of whoever did it. %(thing)s is the object, the rest are recorded values.
ACTS: dict[str, Promise] = {
    "account.created": _("created the account of %(thing)s"),
    "account.deactivated": _("deactivated the account of %(thing)s"),
    "account.reactivated": _("activated the account of %(thing)s again"),
    "administrator.made": _("made %(thing)s an administrator"),
    "administrator.taken_away": _("took the administrator role away from %(thing)s"),
    "certificate.corrected": _("corrected certificate %(thing)s by a new one, %(replacement)s"),
    "certificate.defined": _("decided how the certificate of the course %(course)s is given"),
    "certificate.issued": _("made the file of certificate %(thing)s"),
    "certificate.reserved": _("issued certificate %(thing)s under the number %(serial)s"),
    "certificate.retried": _("tried again to make certificate %(thing)s"),
    "certificate.revoked": _("revoked certificate %(thing)s because: %(reason)s"),
    "certificate.visibility": _("changed who sees certificate %(thing)s"),
    "certificate.voided": _("cancelled certificate %(thing)s before it was made"),
    "certificates.issue_cancelled": _("cancelled the rest of bulk issue %(thing)s"),
    "certificates.issue_retried": _("tried bulk issue %(thing)s again"),
    "comment.answered": _("answered comment %(thing)s"),
    "comment.begun": _("commented on %(place)s of revision %(revision)s (comment %(thing)s)"),
    "comment.changed": _("changed their words in comment %(thing)s"),
    "comment.deleted": _("deleted their words in comment %(thing)s"),
    "comment.reopened": _("reopened comment %(thing)s"),
    "comment.resolved": _("resolved comment %(thing)s"),
    "course.closed": _("closed course %(thing)s to new learners"),
    "course.created": _("created course %(thing)s"),
    "course.published": _("published course %(thing)s"),
    "course.updated": _("changed course %(thing)s"),
    "email.changed": _("changed the e-mail address of %(thing)s"),
    "enrollment.assigned": _("began to follow enrolment %(thing)s"),
    "enrollment.assignment_ended": _("stopped following enrolment %(thing)s"),
    "enrollment.due_date_set": _("set the due date of enrolment %(thing)s to %(after)s"),
    "enrollment.enrolled": _("began enrolment %(thing)s in the course %(course)s"),
    "enrollment.withdrawn": _("ended enrolment %(thing)s"),
    "fact.check_taken_back": _("took a check of fact %(thing)s back"),
    "fact.checked": _("checked fact %(thing)s"),
    "invitation.accepted": _("accepted invitation %(thing)s"),
    "invitation.revoked": _("withdrew invitation %(thing)s"),
    "invitation.sent": _("sent invitation %(thing)s"),
    "name.confirmed": _("confirmed the name of %(thing)s"),
    "organisation.created": _("added the organisation %(thing)s"),
    "organisation.updated": _("changed the organisation %(thing)s"),
    "password.changed": _("changed the password of %(thing)s"),
    "profile.updated": _("changed the profile of %(thing)s"),
    "programme.created": _("set up the programme"),
    "project.added": _("added project %(thing)s"),
    "revision.approved": _("approved revision %(thing)s"),
    "revision.discarded": _("discarded revision %(thing)s"),
    "revision.edited": _("changed revision %(thing)s"),
    "revision.imported": _("imported revision %(thing)s"),
    "revision.publication_taken_back": _("took the publication of revision %(thing)s back before its day"),
    "revision.published": _("published revision %(thing)s"),
    "revision.sent_back": _("sent revision %(thing)s back because: %(reason)s"),
    "revision.started": _("began revision %(thing)s"),
    "revision.submitted": _("submitted revision %(thing)s for review"),
    "revision.took_effect": _("brought revision %(thing)s into effect on its day"),
    "revision.withdrawal_set": _("set the withdrawal of revision %(thing)s for %(day)s"),
    "revision.withdrawal_taken_back": _("took the withdrawal of revision %(thing)s back before its day"),
    "revision.withdrawn": _("withdrew revision %(thing)s"),
    "role.ended": _("ended the role “%(role)s” of %(thing)s at %(organisation)s"),
    "role.granted": _("gave %(thing)s the role “%(role)s” at %(organisation)s"),
    "second_factor.switched_off": _("switched off the second factor of %(thing)s"),
    "second_factor.switched_on": _("switched on the second factor of %(thing)s"),
    "source.look_taken_back": _("took back that nothing changes although source %(thing)s is replaced"),
    "source.looked_at": _("said that nothing changes although source %(thing)s is replaced"),
    "source.replaced": _("announced that source %(thing)s is replaced"),
    "source.replacement_restored": _("announced again that source %(thing)s is replaced"),
    "source.replacement_withdrawn": _("withdrew that source %(thing)s is replaced"),
    "suggestion.answered": _("answered suggestion %(thing)s: it is corrected"),
    "suggestion.declined": _("answered suggestion %(thing)s: it stays as it is"),
    "suggestion.sent": _(
        "suggested a correction of %(place)s in revision %(revision)s (suggestion %(thing)s)"
    ),
    "suggestion.taken_up": _("took suggestion %(thing)s up into revision %(revision)s"),
    "suggestion.withdrawn": _("withdrew suggestion %(thing)s"),
    "token.created": _("made an API token for %(thing)s"),
    "token.revoked": _("revoked the API token of %(thing)s"),
}

# Values that are codes, in the words of the apps that keep them.
CODES: dict[str, str | Promise] = {
    **{role.value: role.label for role in Role},
    "issued_in_error": _("Issued in error"),
    "data_error": _("Wrong data"),
    "not_earned": _("Requirements were not met"),
    "holder_request": _("At the holder's request"),
    "cancelled": _("Cancelled before it was made"),
}


NOT_RECORDED = SafeString("–")
ANYTHING = "…"


def act_in_words(act: str, thing: SafeString, values: Mapping[str, object]) -> SafeString:
    """What was done, to follow the name of who did it. An act that has no words yet stands as it is recorded.

    `thing` is the object as a link; a value that an old entry did not record is a dash.
    """
    if act not in ACTS:
        return format_html("{} {}", act, thing)
    said = defaultdict(
        lambda: NOT_RECORDED, {name: escape(in_words(value)) for name, value in values.items()}
    )
    said["thing"] = thing
    return mark_safe(escape(str(ACTS[act])) % said)  # noqa: S308 - every part is escaped


def any_in_words(act: str) -> str:
    """What an act is called where it stands for all entries of its kind."""
    return capfirst(str(ACTS[act]) % defaultdict(lambda: ANYTHING)) if act in ACTS else act


def in_words(value: object) -> str:
    return str(CODES.get(value, value)) if isinstance(value, str) else str(value)
