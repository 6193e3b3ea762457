"""How pages show what a certificate is worth: always colour, icon and word."""

from collections.abc import Mapping
from types import SimpleNamespace

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.selectors.words import said
from courses.templatetags.courses import spoken
from enrollment.models import Enrollment
from lms.lib.places import Texts, language_name
from lms.lib.templatetags.ui import badge, mark

from ..documents.page import heading
from ..documents.snapshot import Partner
from ..models import Certificate
from ..numbering import grouped_public_id
from ..selectors import ShownState, shown_state

register = template.Library()

# Colour and icon; the word is the state's own.
LOOKS = {
    ShownState.BEING_MADE: ("info", "clock"),
    ShownState.VALID: ("ok", "ok"),
    ShownState.EXPIRED: ("warn", "clock"),
    ShownState.SUSPENDED: ("warn", "warn"),
    ShownState.REPLACED: ("info", "again"),
    ShownState.REVOKED: ("danger", "danger"),
    ShownState.VOID: ("neutral", "cross"),
}


@register.filter
def state_colour(state: ShownState) -> str:
    return LOOKS[state][0]


@register.filter
def state_icon(state: ShownState) -> str:
    return LOOKS[state][1]


@register.filter
def shown(certificate: Certificate) -> ShownState:
    """What the certificate is worth at this moment."""
    return shown_state(certificate, at=timezone.now())


@register.simple_tag
def state_badge(state: ShownState) -> SafeString:
    colour, symbol = LOOKS[state]
    return badge(colour, state.label, symbol)


@register.filter
def kind_heading(kind: str) -> str:
    """What the document calls itself: two kinds that never read alike."""
    return heading(kind)


@register.filter
def grouped(public_id: str) -> str:
    return grouped_public_id(public_id)


@register.filter
def language(code: str) -> str:
    return language_name(code)


@register.filter
def act_words(act: str) -> str:
    """An act of the audit trail as people call it; one that has no name here yet stands as it is."""
    words = {
        "certificate.reserved": _("Number given and words fixed"),
        "certificate.issued": _("File made and issued"),
        "certificate.retried": _("Tried again"),
        "certificate.voided": _("Cancelled before it was made"),
        "certificate.revoked": _("Revoked"),
        "certificate.corrected": _("Corrected certificate issued in its place"),
        "certificate.visibility": _("The holder changed who sees it"),
    }
    return words.get(act, act)


@register.simple_tag
def partner_mark(partner: Partner) -> SafeString:
    """The lettered mark as it was printed; the name stands beside it."""
    printed = SimpleNamespace(name=partner.name, letters=partner.mark, colour=partner.colour)
    return mark(printed, decorative=True)


@register.filter
def in_my_language(texts: Texts) -> SafeString:
    """A text kept by language, as the reader gets it and marked where it is not in theirs."""
    return spoken(said(texts, get_language() or "en"))


@register.filter
def job_of(jobs: Mapping[int, int], enrollment: Enrollment) -> int:
    return jobs[enrollment.pk]
