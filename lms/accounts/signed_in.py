"""Requests of somebody signed in, for the pages of every app.

The middleware lets nobody else reach a view, unless the view says that it needs no login.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from .models import User
from .permissions import can_administer

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


def me(request: HttpRequest | Request) -> User:
    return cast(User, request.user)


def administrators_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        if not can_administer(request.user):
            raise PermissionDenied
        return view(request, *args, **values)

    return guarded
