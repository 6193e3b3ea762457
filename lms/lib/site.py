"""Addresses that leave the site (mails, certificates, QR): always under the configured name, never the request's."""

from django.conf import settings


def absolute_url(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
