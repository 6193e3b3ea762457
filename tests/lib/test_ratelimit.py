"""One client, one count, whichever door it uses."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory

from lms.lib.ratelimit import ClientThrottle, limited, network_of


class Twice(ClientThrottle):
    scope = "twice"
    THROTTLE_RATES = {"twice": "2/min"}


@limited(Twice)
def page(request):
    return HttpResponse("here")


def ask(address="192.0.2.1", **headers):
    request = RequestFactory().get("/", REMOTE_ADDR=address, **headers)
    request.user = None
    return page(request)


def test_past_the_limit_the_page_says_when_to_come_back(db):
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]
    refused = ask()
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert b"Try again in" in refused.content


def test_another_client_has_a_count_of_its_own(db):
    assert [ask().status_code for _ in range(3)][-1] == 429
    assert ask("192.0.2.2").status_code == 200


def test_two_addresses_of_one_household_are_one_client(db):
    answers = [ask(f"2001:db8:1:2::{number}").status_code for number in (1, 2, 3)]
    assert answers == [200, 200, 429]
    assert ask("2001:db8:1:3::1").status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("nonsense, with spaces", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_network_of_an_address(address, network):
    assert network_of(address) == network


def test_a_forwarded_address_is_not_believed_without_a_proxy(db):
    """Otherwise a client would be somebody else whenever it likes."""
    answers = [ask(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(3)]
    cache.clear()
    assert answers == [200, 200, 429]
