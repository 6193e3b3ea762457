"""The site, and the baseline that everything is a multiple of."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from enrollment.models import Enrollment


def baseline(request: HttpRequest, enrollment: int) -> HttpResponse:
    """What no page of somebody signed in can do without: the session, the user, and one row by its index."""
    row = Enrollment.objects.only("country").get(pk=enrollment)
    return HttpResponse(f"{request.user.email} learns in {row.country}")  # type: ignore[union-attr]


urlpatterns = [
    path("baseline/<int:enrollment>/", baseline, name="baseline"),
    path("", include("lms.urls")),
]

handler400 = "lms.api.bad_request"
handler403 = "lms.api.permission_denied"
handler404 = "lms.api.page_not_found"
handler500 = "lms.api.server_error"
