"""What an operator should know before the first visitor does. Each says what is wrong and the exact remedy."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from ctypes.util import find_library
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from lms.lib.pdf import PdfUnavailable, pdf_available

Configs = Sequence[AppConfig] | None


@register("pdf")
def pdf_needs_pango(app_configs: Configs, **_options: Any) -> list[CheckMessage]:
    """Without Pango everything runs but certificates wait.

    Asking the renderer itself takes half a second, too long for every command, so the linker is asked first.
    """
    if find_library("pangoft2-1.0") or pdf_available():
        return []
    return [
        Warning(
            "This machine cannot make PDF files; certificates will wait.",
            hint=str(PdfUnavailable()),
            id="lms.W001",
        )
    ]


@register("jobs")
def file_broker_needs_one_machine(app_configs: Configs, **_options: Any) -> list[CheckMessage]:
    """A worker on another machine would never see the messages in this one's folder."""
    host = settings.DATABASES["default"].get("HOST") or ""
    if not settings.CELERY_BROKER_URL.startswith("safefs:") or _is_this_machine(host):
        return []
    hint = "Set CELERY_BROKER_URL to amqp://… or redis://…; on one machine only, this may be silenced."
    return [
        Warning(
            f"The file broker serves one machine, and the database is on {host}.", hint=hint, id="lms.W002"
        )
    ]


def _is_this_machine(host: str) -> bool:
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@register(Tags.caches)
def web_processes_share_a_cache(app_configs: Configs, **_options: Any) -> list[CheckMessage]:
    """Rate limits count in the cache: in local memory each process counts alone, so every limit is multiplied."""
    processes = int(os.environ.get("WEB_CONCURRENCY") or 1)
    if processes < 2 or "locmem" not in settings.CACHES["default"]["BACKEND"]:
        return []
    hint = "Set CACHE_URL to redis://…, or WEB_CONCURRENCY to 1."
    return [Error(f"{processes} web processes need a cache that they share.", hint=hint, id="lms.E001")]


@register(Tags.database)
def commits_are_durable(
    app_configs: Configs, databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """With `synchronous_commit` off, PostgreSQL answers before it has written: a crash loses exam results."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SHOW synchronous_commit")
                (value,) = cursor.fetchone()
            if value == "off":
                hint = (
                    f"ALTER DATABASE {connections[alias].settings_dict['NAME']} SET synchronous_commit = on;"
                )
                messages.append(Error("PostgreSQL may lose the last commits.", hint=hint, id="lms.E002"))
    return messages
