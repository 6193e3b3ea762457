"""The studio over the API: the same services, the same refusals, problems with file and line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.authtoken.models import Token

from courses.models import Approval, Module, Revision
from courses.services import approve, submit
from lms.accounts.models import Role
from tests.conftest import with_role

from .bundle.samples import CHECK, good_files
from .studio_builders import (
    CORE,
    FINNISH,
    changed_core,
    core_files,
    draft,
    files_of,
    imported,
    published,
    upload,
)

IMPORT = "/api/v1/modules/import/"
REVISIONS = "/api/v1/modules/small-module/revisions/"
ACTS = ("submit", "send-back", "approve", "publish")


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def in_review(core, author, now):
    return submit(core, by=author, at=now)


def at(revision: Revision, act: str) -> str:
    return f"/api/v1/revisions/{revision.pk}/{act}/"


def assert_problem(response, status: int, code: str) -> dict:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    return response.json()


# --- Import -----------------------------------------------------------------------------------------------------------


def test_a_token_imports_a_module(client, author, partners):
    token = Token.objects.create(user=author)
    response = client.post(
        IMPORT, {"bundle": upload(core_files())}, headers={"Authorization": f"Token {token.key}"}
    )
    assert response.status_code == 201
    revision = Revision.objects.get()
    assert response.json() == {
        "module": "small-module",
        "editions": [
            {"kind": "core", "language": "", "country": "", "change": "created", "revision": revision.pk}
        ],
        "warnings": [],
    }


def test_the_same_again_changes_nothing(signed_in, author, core):
    response = signed_in(author).post(IMPORT, {"bundle": upload(core_files())})
    assert response.status_code == 200
    assert response.json()["editions"][0]["change"] == "unchanged"


def test_check_only_keeps_nothing(signed_in, author, partners):
    response = signed_in(author).post(IMPORT, {"bundle": upload(core_files()), "check_only": "true"})
    assert response.status_code == 200
    assert response.json()["editions"][0] == {
        "kind": "core",
        "language": "",
        "country": "",
        "change": "created",
        "revision": None,
    }
    assert not Module.objects.exists()


def test_problems_come_with_file_and_line(signed_in, author, partners):
    files = {
        **core_files(),
        "core/030-check.quiz.yaml": CHECK.replace("kind: single", "kind: essay").encode(),
    }
    problem = assert_problem(signed_in(author).post(IMPORT, {"bundle": upload(files)}), 422, "bundle-refused")
    (found,) = problem["problems"]
    assert (found["level"], found["file"], found["line"]) == ("error", "core/030-check.quiz.yaml", 11)
    assert "essay" in found["message"]
    assert not Module.objects.exists()


@pytest.mark.parametrize("files", [{}, {"bundle": SimpleUploadedFile("module.txt", b"hello")}])
def test_a_wrong_file_is_no_crash(signed_in, author, partners, files):
    problem = assert_problem(signed_in(author).post(IMPORT, files), 422, "invalid")
    assert list(problem["errors"]) == ["bundle"]


def test_a_layer_of_somebody_else_is_refused(signed_in, author, partners):
    response = signed_in(author).post(IMPORT, {"bundle": upload(good_files())})
    assert_problem(response, 422, "owned-by-another")
    assert not Module.objects.exists()


def test_import_needs_a_studio_role(client, signed_in, learner, partners):
    assert_problem(client.post(IMPORT, {"bundle": upload(core_files())}), 401, "not_authenticated")
    assert_problem(
        signed_in(learner).post(IMPORT, {"bundle": upload(core_files())}), 403, "permission_denied"
    )


def test_import_is_posted(signed_in, author, partners):
    assert signed_in(author).get(IMPORT).status_code == 405


# --- Revisions --------------------------------------------------------------------------------------------------------


def test_revisions_tell_where_they_stand(signed_in, in_review, author, publisher, now):
    approve(in_review, by=publisher, at=now)
    (row,) = signed_in(author).get(REVISIONS).json()["results"]
    assert (row["id"], row["module"], row["kind"], row["number"]) == (in_review.pk, "small-module", "core", 1)
    assert (row["status"], row["change_class"]) == ("in_review", "major")
    assert [approval["organisation"] for approval in row["approvals"]] == ["occ-incubator"]
    assert row["needed"] == ["a publisher of a partner in another country"]


def test_revisions_of_another_partner_are_not_there(client, signed_in, core, learner, lif):
    assert client.get(REVISIONS).status_code == 401
    assert signed_in(learner).get(REVISIONS).status_code == 403
    assert signed_in(with_role("stranger", Role.AUTHOR, lif)).get(REVISIONS).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_revisions_cost_the_same_for_one_and_three(
    signed_in, author, publisher, other_publisher, core, count, count_queries, now
):
    people = {"author": author, "publishers": [publisher, other_publisher]}
    for number in range(1, count):
        published(Revision.objects.get(status="draft"), at=now, **people)
        draft(changed_core("thin layers", f"thin layers {number}"), by=author, at=now)
    last = submit(Revision.objects.get(status="draft"), by=author, at=now)
    approve(last, by=publisher, at=now)
    client = signed_in(author)
    with count_queries(12):
        assert len(client.get(REVISIONS).json()["results"]) == count


# --- Acts -------------------------------------------------------------------------------------------------------------


def test_a_revision_goes_all_the_way(signed_in, core, author, publisher, other_publisher):
    submitted = signed_in(author).post(
        at(core, "submit"), {"change_note": {"en": "New."}}, content_type="application/json"
    )
    assert (submitted.status_code, submitted.json()["status"]) == (200, "in_review")
    for each in (publisher, other_publisher):
        assert signed_in(each).post(at(core, "approve")).status_code == 200
    answer = signed_in(publisher).post(at(core, "publish"))
    assert (answer.status_code, answer.json()["status"]) == (200, "published")
    core.refresh_from_db()
    assert core.change_note == {"en": "New."}
    assert core.edition.current == core


def test_sending_back_needs_a_reason(signed_in, in_review, publisher):
    client = signed_in(publisher)
    assert_problem(client.post(at(in_review, "send-back"), {}), 400, "invalid")
    assert client.post(at(in_review, "send-back"), {"reason": "Article 8."}).json()["status"] == "draft"


@pytest.mark.parametrize("act", ACTS)
def test_acts_ask_who_you_are(client, signed_in, in_review, learner, lif, act):
    said = {"reason": "x"}
    assert client.post(at(in_review, act), said).status_code == 401
    assert signed_in(learner).post(at(in_review, act), said).status_code == 403
    assert (
        signed_in(with_role("stranger", Role.AUTHOR, lif)).post(at(in_review, act), said).status_code == 404
    )
    in_review.refresh_from_db()
    assert in_review.status == "in_review"


@pytest.mark.parametrize("act", ACTS)
def test_acts_are_posted(signed_in, in_review, publisher, act):
    assert signed_in(publisher).get(at(in_review, act)).status_code == 405


@pytest.mark.parametrize("act", ["approve", "publish"])
def test_an_author_neither_approves_nor_publishes(signed_in, in_review, author, occ, act, now):
    author.memberships.create(organisation=occ, role=Role.PUBLISHER, starts_on=now.date())
    assert_problem(signed_in(author).post(at(in_review, act)), 403, "permission_denied")
    assert not Approval.objects.exists()


def test_the_wrong_state_is_a_conflict(signed_in, core, author, publisher, now):
    assert_problem(signed_in(publisher).post(at(core, "approve")), 409, "not-in-review")
    assert_problem(signed_in(publisher).post(at(core, "publish")), 409, "not-in-review")
    submit(core, by=author, at=now)
    assert_problem(signed_in(author).post(at(core, "submit")), 409, "not-a-draft")
    assert_problem(signed_in(publisher).post(at(core, "publish")), 409, "approvals-missing")


def test_a_foreign_layers_approval_is_not_yours(signed_in, core, author, publisher, now):
    layer = submit(draft(files_of(FINNISH), by=None, at=now), by=author, at=now)
    assert signed_in(publisher).post(at(layer, "approve")).status_code == 403


def test_approving_twice_is_one_approval(signed_in, in_review, publisher):
    client = signed_in(publisher)
    assert [client.post(at(in_review, "approve")).status_code for _time in range(2)] == [200, 200]
    assert Approval.objects.count() == 1


def test_everything_of_a_module_is_listed_by_edition(signed_in, author, partners, now):
    imported(files_of(CORE, FINNISH), by=None, at=now)
    rows = signed_in(author).get(REVISIONS).json()["results"]
    assert [(row["kind"], row["country"]) for row in rows] == [("core", ""), ("layer", "FI")]


@pytest.mark.parametrize("note", [{"xx": "New."}, {"en": "x" * 1_001}, {"9" * 5_000: "New."}])
def test_a_note_in_no_language_or_without_end_is_refused(signed_in, author, core, note):
    client, body = signed_in(author), {"change_note": note}
    answer = client.post(at(core, "submit"), body, content_type="application/json")
    assert_problem(answer, 400, "invalid")
