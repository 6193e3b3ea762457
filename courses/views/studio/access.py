"""Who may come in, and what they may load, asked in one place."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from lms.accounts.signed_in import me

from ... import permissions
from ...models import Edition, Module, Revision
from ...selectors.studio.modules import modules_in_studio
from ...selectors.studio.revisions import revisions_in_studio

View = Callable[..., HttpResponseBase]


def studio_only(view: View) -> View:
    """For authors and publishers. Asked before anything is loaded, so that a refusal tells nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        if not me(request).works_in_studio:
            raise PermissionDenied
        return view(request, *args, **values)

    return guarded


def load_module(request: HttpRequest, key: str) -> Module:
    modules = modules_in_studio(request.user).select_related("owner").prefetch_related("co_owners")
    return get_object_or_404(modules, key=key)


def load_revision(request: HttpRequest, pk: int) -> Revision:
    return get_object_or_404(revisions_in_studio(request.user), pk=pk)


def load_to_write(request: HttpRequest, pk: int) -> Revision:
    revision = load_revision(request, pk)
    allow(permissions.can_write(permissions.hats_of(request.user), revision.edition))
    return revision


def load_edition_to_write(request: HttpRequest, pk: int) -> Edition:
    editions = Edition.objects.filter(module__in=modules_in_studio(request.user))
    edition = get_object_or_404(editions.select_related("owner", "module__owner"), pk=pk)
    allow(permissions.can_write(permissions.hats_of(request.user), edition))
    return edition


def allow(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied
