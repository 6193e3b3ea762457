"""The API as a whole: its schema, its documentation, and errors that never reach a view."""

import pytest
from django.core.management import call_command
from django.urls import reverse


def test_schema_is_valid_and_says_everything(tmp_path):
    file = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    schema = file.read_text()
    for path in ("/api/v1/courses/:", "/api/v1/modules/{key}/facts/:", "/api/v1/auth/token/:"):
        assert path in schema


def test_schema_is_open_to_anyone(client, db):
    response = client.get(reverse("api-schema"))
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/vnd.oai.openapi")


@pytest.mark.parametrize("address", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/courses/"])
def test_unknown_address_of_the_api_is_a_problem_document(client, db, address):
    response = client.get(address)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_unknown_address_elsewhere_is_a_page(client, db):
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_slash_at_the_end_may_be_left_out(client, db):
    assert client.get("/api/v1/courses").status_code == 301


def test_crash_in_the_api_is_a_problem_document(client, db, monkeypatch):
    def crash(*_args, **_kwargs):
        raise RuntimeError("secret")

    monkeypatch.setattr("courses.api.views.CourseViewSet.get_queryset", crash)
    client.raise_request_exception = False
    response = client.get("/api/v1/courses/")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert "secret" not in response.text
