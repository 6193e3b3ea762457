"""The API as a whole: its schema, its documentation, and errors that never reach a view."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from lms.api_docs import reference


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


def test_documentation_names_every_operation_and_object(client, db):
    page = client.get(reverse("api-docs"))
    assert page.status_code == 200
    known = reference()
    paths = {operation.path for resource in known.resources for operation in resource.operations}
    assert {"/api/v1/courses/", "/api/v1/courses/{slug}/", "/api/v1/modules/{key}/facts/"} <= paths
    for path in paths:
        assert f"<code>{path}</code>" in page.text
    for shape in known.shapes:
        assert f'id="{shape.name}"' in page.text


def test_documentation_asks_no_third_party(client, db):
    page = client.get(reverse("api-docs")).text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert 'href="#Course"' in page


def test_documentation_says_who_may_call(client, db):
    operations = {
        operation.id: operation for resource in reference().resources for operation in resource.operations
    }
    assert operations["courses_list"].is_open
    assert operations["courses_list"].is_link
    assert not operations["courses_retrieve"].is_link
    assert not operations["auth_token_destroy"].is_open


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
