"""Issues certificates and makes their files, as the worker does, and says what one of them takes.

    python -m tests.bench.certificates NUMBER

Prints JSON: the times, the processor seconds, the addresses of the verify pages; or why no file can be made here.
"""

import json
import os
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from certificates.models import Certificate  # noqa: E402
from certificates.selectors.eligibility import due_enrollments  # noqa: E402
from certificates.services import issue, make_file  # noqa: E402
from certificates.services.printing import verify_address  # noqa: E402
from enrollment.models import Enrollment  # noqa: E402
from lms.lib.pdf import REMEDY, pdf_available  # noqa: E402

from .counting import Counter  # noqa: E402
from .processes import is_postgres, processor_seconds, spent, tree  # noqa: E402


def one(enrollment: Enrollment) -> Certificate:
    """Reserved and made. Anything but an issued certificate with a PDF is no measurement."""
    at = timezone.now()
    certificate = make_file(issue(enrollment, by=None, at=at), at=at)
    assert certificate.state == Certificate.State.ISSUED, certificate.last_error
    assert certificate.pdf_size > 10_000
    return certificate


def measure(number: int) -> dict[str, Any]:
    due = list(due_enrollments(None, timezone.now()).order_by("pk")[: number + 1])
    one(due.pop())  # starts the renderer and loads its fonts
    backends = backend()
    before, before_database = processor_seconds(tree(os.getpid())), processor_seconds(backends)
    times, made, counter = [], [], Counter()
    for enrollment in due:
        began = time.perf_counter()
        with connection.execute_wrapper(counter):
            made.append(one(enrollment))
        times.append(time.perf_counter() - began)
    return {
        "times": times,
        "server": spent(before, processor_seconds(tree(os.getpid()))),
        "database": spent(before_database, processor_seconds(backends)),
        "queries": round(counter.number / len(made)),
        "size": sum(each.pdf_size for each in made) // len(made),
        "pages": [urlsplit(verify_address(each.public_id)).path for each in made],
    }


def backend() -> list[int]:
    """The database's process for our connection, if it has one on this machine."""
    if connection.vendor != "postgresql":
        return []
    pid = connection.connection.info.backend_pid
    return [pid] if is_postgres(pid) else []


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1])) if pdf_available() else {"missing": REMEDY}))
