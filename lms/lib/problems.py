"""Errors of the API as problem documents (RFC 9457): type, title, status, detail, and `errors` by field."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .errors import DomainError


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        return problem(error.status, error.code, str(error.message))
    response = exception_handler(error, context)
    if response is None:
        return None
    headers = {
        name: response.headers[name]
        for name in ("WWW-Authenticate", "Retry-After")
        if name in response.headers
    }
    if isinstance(error, exceptions.ValidationError):
        answer = problem(400, "invalid", str(exceptions.ValidationError.default_detail), errors=error.detail)
    else:
        answer = problem(response.status_code, code_of(error), str(response.data.get("detail", "")))
    for name, value in headers.items():
        answer[name] = value
    return answer


def code_of(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    return str(getattr(error, "default_code", "error"))


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return Response({**body, **more}, status=status, content_type="application/problem+json")
