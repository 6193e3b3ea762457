"""The person's own page: name, details, ways to sign in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from rest_framework.authtoken.models import Token

from .. import services
from ..forms import NameForm, ProfileForm
from ..models import User
from ..second_factor import is_required_of
from ..selectors import second_factor_of
from ..signed_in import me


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    return page(request)


@require_POST
def preview_name(request: HttpRequest) -> HttpResponse:
    """How the name will look. Nothing is changed before it is confirmed."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return page(request, name_form=form)
    return render(request, "accounts/name.html", {"printed": form.cleaned_data["full_name"]})


@require_POST
def confirm_name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return page(request, name_form=form)
    user = me(request)
    services.confirm_name(user, name=form.cleaned_data["full_name"], by=user, at=timezone.now())
    messages.success(request, _("Your name is confirmed."))
    return redirect("profile")


@require_POST
def update_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return page(request, profile_form=form)
    user = me(request)
    services.update_profile(user, **form.cleaned_data, by=user, at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("profile")


@never_cache
@require_POST
def create_token(request: HttpRequest) -> HttpResponse:
    """The token stands in this one answer and nowhere else afterwards."""
    token = services.create_token(me(request), at=timezone.now())
    return render(request, "accounts/token.html", {"token": token.key})


@require_POST
def revoke_token(request: HttpRequest) -> HttpResponse:
    user = me(request)
    services.revoke_token(user, by=user, at=timezone.now())
    messages.success(request, _("The API token is revoked."))
    return redirect("profile")


def page(
    request: HttpRequest, *, name_form: NameForm | None = None, profile_form: ProfileForm | None = None
) -> HttpResponse:
    user = me(request)
    invalid = name_form or profile_form
    context = {
        "name_form": name_form or NameForm(initial={"full_name": user.full_name}),
        "profile_form": profile_form or ProfileForm(initial=details(user)),
        "token": Token.objects.filter(user=user).first(),
        "has_second_factor": second_factor_of(user) is not None,
        "needs_second_factor": is_required_of(user),
    }
    return render(request, "accounts/profile.html", context, status=422 if invalid else 200)


def details(user: User) -> dict[str, str]:
    return {name: getattr(user, name) for name in ProfileForm.base_fields}
