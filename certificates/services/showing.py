"""The holder decides whether the public page shows the name, and whether it answers at all."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lms.accounts.models import User
from lms.records.services import record

from ..models import Certificate


def set_visibility(
    certificate: Certificate, *, name_hidden: bool, page_hidden: bool, by: User, at: datetime
) -> Certificate:
    """Hide the holder's name or the whole public page, or show them again. The same again changes nothing.

    The file stays as it is: whoever has it reads the name in print.
    """
    wanted: dict[str, Any] = {"name_hidden": name_hidden, "page_hidden": page_hidden}
    with transaction.atomic(durable=True):
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if any(getattr(certificate, name) != value for name, value in wanted.items()):
            Certificate.objects.filter(pk=certificate.pk).update(**wanted)
            record("certificate.visibility", certificate, by=by, at=at, **wanted)
    return Certificate.objects.get(pk=certificate.pk)
