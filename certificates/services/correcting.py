"""A corrected certificate in the place of one that was revoked, for instance because its data were wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.lib.places import language_name
from lms.records.services import record

from ..documents.snapshot import Holder, Printed
from ..errors import NotCorrectable, NotDue
from ..models import Certificate
from ..selectors import Case, certificate_language, load_cases, reasons_against_correcting
from .issuing import locked_case, reserve, wake
from .printing import Numbers, printed_of

# What every document has anew, and what no reader compares.
NEVER_THE_SAME = {
    "serial",
    "public_id",
    "verify_url",
    "issued_at",
    "issued_on",
    "replaces",
    "demonstration",
    "sealed",
}


@dataclass(frozen=True)
class Difference:
    """Something the corrected certificate says otherwise; both sides are empty where they do not fit on a line."""

    label: str | Promise
    before: str = ""
    after: str = ""


def correct(certificate: Certificate, *, by: User, at: datetime) -> Certificate:
    """Issue a new certificate, from today's data, that names the revoked one it replaces.

    The revoked one stays so and leads to the new one once that has its file. A second call returns the certificate that
    is there. Raises NotCorrectable, NotDue with what else stands against it, UnprintableContent.
    """
    with transaction.atomic(durable=True):
        if certificate.enrollment is None:  # erased
            raise NotCorrectable(serial=certificate.serial)
        case = locked_case(certificate.enrollment)
        if case.live and case.live.supersedes_id == certificate.pk:
            return case.live
        check(case, certificate, at=at)
        assert case.definition is not None  # or there would be a reason
        corrected = reserve(case, case.definition, by=by, at=at, corrects=case.correctable)
        record("certificate.corrected", certificate, by=by, at=at, replacement=corrected.serial)
        transaction.on_commit(wake, robust=True)
    return corrected


def check(case: Case, certificate: Certificate, *, at: datetime) -> None:
    if case.correctable != certificate:
        raise NotCorrectable(serial=certificate.serial)
    if reasons := reasons_against_correcting(case, at=at):
        raise NotDue(reasons)


def differences(certificate: Certificate, *, at: datetime) -> list[Difference]:
    """What a corrected certificate would say otherwise than this one; a look ahead, which changes nothing.

    Raises as `correct` does.
    """
    if certificate.enrollment is None:
        raise NotCorrectable(serial=certificate.serial)
    [case] = load_cases([certificate.enrollment])
    check(case, certificate, at=at)
    assert case.definition is not None
    numbers = Numbers(certificate.serial, certificate.public_id)
    old = Printed.from_dict(certificate.snapshot)
    new = printed_of(case, case.definition, numbers, language=certificate_language(case), at=at)
    old_name = Holder.from_dict(certificate.holder_snapshot).name if certificate.holder_snapshot else ""
    named = [
        Difference(_("Name"), old_name, case.enrollment.learner.full_name),
        *(Difference(label, in_words(name, old), in_words(name, new)) for name, label in COMPARED.items()),
    ]
    return [each for each in named if each.before != each.after] + other_differences(old, new)


COMPARED = {
    "title": _("Course"),
    "hours": _("Learning hours"),
    "completed_on": _("Completed on"),
    "valid_until": _("Valid until"),
    "issuer": _("Issued by"),
    "language": _("Language of the document"),
}


def in_words(name: str, printed: Printed) -> str:
    value = getattr(printed, name)
    if name == "issuer":
        return str(value.name)
    if name == "language":
        return language_name(value)
    if name == "valid_until" and value is None:
        return str(_("No end date"))
    return date_format(value) if isinstance(value, date) else str(localize(value))


def other_differences(old: Printed, new: Printed) -> list[Difference]:
    before, after = old.to_dict(), new.to_dict()
    differ = any(before[name] != after[name] for name in before.keys() - COMPARED.keys() - NEVER_THE_SAME)
    return [Difference(_("Description, modules, partners or other text"))] if differ else []
