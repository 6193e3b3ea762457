"""Addresses that leave the site (mails, certificates, QR), and those that may be gone to after an act."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def absolute_url(path: str) -> str:
    """Always under the configured name, never under the request's, which anybody can write."""
    return f"{settings.SITE_URL}{path}"


def is_own(url: str, request: HttpRequest) -> bool:
    """Whether an address that came with the request leads to this site, so that it may be redirected to."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
