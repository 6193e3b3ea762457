"""Pages of learning that also show certificates. Learning does not know that there are any, so its pages are handed
in by whoever knows both (`lms.urls`), and get here what they leave open."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from .. import selectors

View = Callable[..., HttpResponseBase]


def with_certificate(course_page: View) -> View:
    """The page of a course, with what its certificate is. One more query; none where the page redirects."""

    @wraps(course_page)
    def view(request: HttpRequest, slug: str, **values: Any) -> HttpResponseBase:
        response = course_page(request, slug, **values)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["certificate"] = selectors.course_certificate(slug)
        return response

    return view


def with_certificates(my_learning: View) -> View:
    """My learning, with the learner's newest certificates. One more query."""

    @wraps(my_learning)
    def view(request: Any, **values: Any) -> HttpResponseBase:
        response = my_learning(request, **values)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["certificates"] = selectors.newest_certificates(request.user)
            response.template_name = "certificates/my_learning.html"
        return response

    return view
