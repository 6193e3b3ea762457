"""The REST API, version 1, assembled from the apps: `/api/v1/…`, its schema and its documentation.

Errors under `/api/` are problem documents wherever they arise; those of views come from `lms.lib.problems`, and those
that never reach a view (no such address, a crash) from the handlers below, which `lms.urls` names.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views import defaults
from drf_spectacular.views import SpectacularAPIView

from lms.api_docs import documentation
from lms.lib.problems import problem

resources = [
    path("", include("lms.accounts.api.urls")),
    path("", include("courses.api.urls")),
    path("", include("enrollment.api.urls")),
    path("", include("certificates.api.urls")),
]

urlpatterns = [
    path("v1/", include(resources)),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", documentation, name="api-docs"),
]


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def document(status: int, code: str, detail: str) -> HttpResponse:
    """A problem document for a request that no API view has answered."""
    answer = problem(status, code, detail)
    return JsonResponse(answer.data, status=status, content_type=answer.content_type)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return document(400, "bad_request", "The server could not understand this request.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return document(403, "permission_denied", "You may not do this.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return document(404, "not_found", "There is nothing at this address, or it is not open to you.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if is_api(request):
        return document(500, "server_error", "Something went wrong on our side.")
    return defaults.server_error(request)
