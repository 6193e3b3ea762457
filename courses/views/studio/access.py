"""Who may come in, and what they may load, asked in one place."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from lms.accounts.signed_in import me

from ...models import Module, Revision
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
