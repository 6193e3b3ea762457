"""`/api/v1/auth/token/`"""

import pytest
from allauth.mfa.models import Authenticator
from rest_framework.authtoken.models import Token

from lms.accounts import services
from lms.accounts.models import User

PATH = "/api/v1/auth/token/"
PASSWORD = "correct horse battery"


def ask(client, email="learner@example.org", password=PASSWORD, **header):
    return client.post(
        PATH, {"email": email, "password": password}, content_type="application/json", **header
    )


def test_a_token_for_address_and_password(client, learner):
    response = ask(client, "Learner@Example.org")
    assert (response.status_code, response.json()) == (200, {"token": Token.objects.get(user=learner).key})
    assert ask(client).json() == response.json()


def test_every_refusal_reads_the_same(client, learner, other_learner, administrator, now):
    unconfirmed = User.objects.create_user("new@example.org", PASSWORD)
    services.deactivate(other_learner, by=administrator, at=now)
    answers = [
        ask(client, "nobody@example.org"),
        ask(client, learner.email, "wrong"),
        ask(client, other_learner.email),
        ask(client, unconfirmed.email),
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "credentials_refused"
    assert not Token.objects.exists()


@pytest.mark.parametrize("who", ["administrator", "publisher", "coordinator"])
def test_who_needs_a_second_factor_makes_it_on_the_website(client, request, who, settings):
    user = request.getfixturevalue(who)
    response = ask(client, user.email)
    assert (response.status_code, response.json()["code"]) == (403, "second_factor_needed")
    assert ask(client, user.email, "wrong").status_code == 400, "said only to whoever knows the password"
    settings.DEMONSTRATION = True
    assert ask(client, user.email).status_code == 200


def test_who_has_a_second_factor_cannot_be_asked_without_it(client, learner):
    Authenticator.objects.create(user=learner, type="totp", data={})
    assert ask(client).status_code == 403
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "body", ["{", "[]", '"text"', "{}", '{"email": 1, "password": {}}', '{"email": "\\u0000"}']
)
def test_nonsense_is_a_problem_document(client, db, body):
    response = client.post(PATH, body, content_type="application/json")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


def test_ten_tries_a_minute_from_one_client(client, learner, other_learner):
    for number in range(10):
        assert ask(client, f"nobody-{number}@example.org").status_code == 400
    late = ask(client)
    assert (late.status_code, int(late.headers["Retry-After"]) > 0) == (429, True)
    spoofed = ask(client, HTTP_X_FORWARDED_FOR="10.9.9.9")
    assert spoofed.status_code == 429, "no header resets the limit while no proxy is configured"
    assert ask(client, REMOTE_ADDR="10.0.0.2").status_code == 200


def test_all_addresses_of_one_household_are_one_client(client, learner):
    for number in range(10):
        ask(client, f"nobody-{number}@example.org", REMOTE_ADDR=f"2001:db8::{number:x}")
    assert ask(client, REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert ask(client, REMOTE_ADDR="2001:db8:1::1").status_code == 200


def test_ten_tries_a_minute_for_one_account(client, learner, other_learner):
    for number in range(10):
        ask(client, "LEARNER@example.org ", "wrong", REMOTE_ADDR=f"10.0.0.{number}")
    assert ask(client, REMOTE_ADDR="10.0.1.1").status_code == 429
    assert ask(client, other_learner.email, REMOTE_ADDR="10.0.1.1").status_code == 200


def test_revoking_ones_own(client, learner, other_learner, now):
    key, other = services.token_for(learner, at=now).key, services.token_for(other_learner, at=now).key
    assert client.delete(PATH).status_code == 401
    assert client.delete(PATH, HTTP_AUTHORIZATION=f"Token {key}").status_code == 204
    assert client.delete(PATH, HTTP_AUTHORIZATION=f"Token {key}").status_code == 401
    assert Token.objects.get().key == other


def test_an_old_token_does_not_stand_in_the_way_of_a_new_one(client, learner):
    assert ask(client, HTTP_AUTHORIZATION="Token nonsense").status_code == 200


def test_it_cannot_be_read(client, signed_in, learner):
    assert signed_in(learner).get(PATH).status_code == 405


def test_a_call_costs_one_query_to_know_who_it_is(client, learner, now, count_queries):
    key = services.token_for(learner, at=now).key
    with count_queries(1):
        client.options(PATH, HTTP_AUTHORIZATION=f"Token {key}")
