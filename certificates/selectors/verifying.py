"""What anybody may ask: does this certificate stand, and what does it say?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.functional import Promise

from lms.lib.names import plain_words

from ..documents.snapshot import Holder, Printed
from ..models import Certificate
from ..numbering import normalise_public_id, normalise_serial, serial_is_wellformed
from .days import day_of
from .states import ShownState, changed_parts, shown_state

State = Certificate.State
ANSWERED = (State.ISSUED, State.SUSPENDED, State.SUPERSEDED, State.REVOKED)


@dataclass(frozen=True)
class Verification:
    """Everything printed, and what it is worth today. Stored facts only.

    `name` is empty where the holder hides it, where it has been erased (`is_erased`), and on a replaced or corrected
    certificate, which may show a former or a wrong name. `replacement` is the public id of the one that counts now.
    `content_changed` is a note, not a state: what was covered has a newer major revision or was withdrawn.
    """

    public_id: str
    state: ShownState
    printed: Printed
    name: str
    is_erased: bool
    reason_code: str
    reason: str | Promise
    revoked_on: date | None
    replacement: str
    pdf_sha256: str
    pdf_size: int
    commitment: str
    demonstration: bool
    content_changed: bool

    @property
    def stands(self) -> bool:
        return self.state == ShownState.VALID


def verification(public_id: str, at: datetime) -> Verification | None:
    """The certificate of that code, as printed or as typed. Two queries.

    None for what is unknown, malformed, hidden by its holder, still being made or cancelled: all look the same.
    """
    normal = normalise_public_id(public_id)
    return answer(Q(public_id=normal), at=at) if normal else None


def verification_by_serial(serial: str, surname: str, at: datetime) -> Verification | None:
    """The gapless serial alone would let anybody walk through the register, so it answers with the surname only.

    The surname is one or more last words of the name as printed, whatever their case and accents. None as in
    `verification`, and for a name that is hidden or erased.
    """
    number = normalise_serial(serial)
    if not serial_is_wellformed(number):
        return None
    found = answer(Q(serial=number), at=at)
    return found if found and ends_with(found.name, surname) else None


def verification_by_file(sha256: str, at: datetime) -> Verification | None:
    """The certificate whose file has exactly these bytes: equal to a stored one means genuine and unchanged."""
    return answer(Q(files__sha256=sha256), at=at) if sha256 else None


def answer(which: Q, *, at: datetime) -> Verification | None:
    known = Certificate.objects.filter(which, state__in=ANSWERED, page_hidden=False)
    certificate = known.select_related("superseded_by").first()
    return to_verification(certificate, at=at) if certificate else None


def to_verification(certificate: Certificate, *, at: datetime) -> Verification:
    return Verification(
        public_id=certificate.public_id,
        state=shown_state(certificate, at=at),
        printed=Printed.from_dict(certificate.snapshot),
        name=shown_name(certificate),
        is_erased=certificate.holder_snapshot is None,
        reason_code=certificate.reason_code,
        reason=certificate.get_reason_code_display() if certificate.reason_code else "",
        revoked_on=day_of(certificate.revoked_at) if certificate.revoked_at else None,
        replacement=replacement_of(certificate),
        pdf_sha256=certificate.pdf_sha256,
        pdf_size=certificate.pdf_size,
        commitment=certificate.holder_commitment,
        demonstration=certificate.demonstration,
        content_changed=changed_parts().filter(certificate=certificate).exists(),
    )


def shown_name(certificate: Certificate) -> str:
    concealed = (
        certificate.name_hidden or certificate.state == State.SUPERSEDED or published_after(certificate)
    )
    if concealed or certificate.holder_snapshot is None:
        return ""
    return Holder.from_dict(certificate.holder_snapshot).name


def replacement_of(certificate: Certificate) -> str:
    """Only where its page answers."""
    newer = published_after(certificate)
    return newer.public_id if newer and not newer.page_hidden else ""


def published_after(certificate: Certificate) -> Certificate | None:
    """What took its place, once that has its file."""
    newer: Certificate | None = getattr(certificate, "superseded_by", None)
    return newer if newer and newer.state in ANSWERED else None


def ends_with(name: str, surname: str) -> bool:
    wanted, words = plain_words(surname), plain_words(name)
    return bool(wanted) and words[-len(wanted) :] == wanted
