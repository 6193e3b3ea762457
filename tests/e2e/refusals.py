"""The pages that come of what no visitor does in front of a window, as the house renders them."""

from collections.abc import Callable

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client


def foreign_host() -> str:
    return Client(SERVER_NAME="elsewhere.example.org").get("/").text


def form_without_token() -> str:
    return outside(enforce_csrf_checks=True).post("/language/").text


def too_many() -> str:
    """Past the rate of whoever verifies; counted in this process, so nobody else is refused."""
    visitor = outside()
    answers = (visitor.get("/v/0000000000000000") for _time in range(1_000))
    return next(answer.text for answer in answers if answer.status_code == 429)


def failure() -> str:
    """It depends on nothing but the style sheet."""
    return render_to_string("500.html")


def outside(**options: bool) -> Client:
    return Client(**options, SERVER_NAME=settings.ALLOWED_HOSTS[0])


REFUSALS: dict[int, Callable[[], str]] = {
    400: foreign_host,
    403: form_without_token,
    429: too_many,
    500: failure,
}
