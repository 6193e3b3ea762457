"""The house with faults planted in it, so that the tests show that they would see them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from lms.accounts.models import Organisation, User
from lms.urls import handler400, handler403, handler404, handler500
from lms.urls import urlpatterns as house

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def counts_visits(request: HttpRequest) -> HttpResponse:
    """Writes while it is looked at."""
    User.objects.filter(is_superuser=True).update(occupation="visited")
    return HttpResponse("Thank you for your visit.")


@login_not_required
def names_people(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(User.objects.values_list("full_name", flat=True)))


@login_not_required
def falls_over(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


@login_not_required
def tells_apart(request: HttpRequest, organisation: str) -> HttpResponse:
    """Refuses alike, and yet says what is there."""
    if Organisation.objects.filter(slug=organisation).exists():
        return HttpResponseNotFound("This is not for you.")
    raise Http404


@csrf_exempt
@login_not_required
def acts_for_anybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Done.")


urlpatterns = [
    path("planted/visits/", counts_visits),
    path("planted/people/", names_people),
    path("planted/crash/", falls_over),
    path("planted/act/", acts_for_anybody),
    path("people/<slug:organisation>/planted/", tells_apart),
    *house,
]
