"""Certificates over the API: the same acts through the same services, for the same people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.models import Certificate
from certificates.numbering import grouped_public_id
from certificates.services import revoke, set_visibility, start_issuing
from enrollment.models import Enrollment
from lms.records.models import Job, JobItem
from lms.records.services.jobs import finish
from tests.certificates.builders import certified_course, completed, enrolled, issued, reserved
from tests.conftest import NOW, person

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/certificates/"
VERIFY = "/api/v1/verify/"
JOBS = "/api/v1/jobs/"
JSON = "application/json"


@pytest.fixture
def certificate(learner) -> Certificate:
    return issued(learner)


@pytest.fixture
def admin(signed_in, administrator):
    return signed_in(administrator)


def one(certificate, act: str = "") -> str:
    return f"{ROOT}{certificate.public_id}/{act}"


def send(browser, path: str, **body: object):
    return browser.post(path, body, content_type=JSON)


def is_problem(response, status: int) -> bool:
    return response.status_code == status and response["Content-Type"] == "application/problem+json"


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_list_is_ones_own(signed_in, learner, other_learner, admin, certificate):
    assert [each["serial"] for each in signed_in(learner).get(ROOT).json()["results"]] == [certificate.serial]
    assert signed_in(other_learner).get(ROOT).json()["results"] == []
    assert admin.get(ROOT).json()["count"] == 1


def test_certificate_says_what_it_is_and_what_it_is_worth(signed_in, learner, certificate):
    said = signed_in(learner).get(one(certificate)).json()
    assert said["state"] == "valid"
    assert said["name"] == learner.full_name
    assert said["course"] == "trials"
    assert said["enrollment"] == certificate.enrollment_id
    assert said["kind"] == "passed"
    assert said["completed_on"] == "2026-11-18"
    assert said["valid_until"] == "2029-11-18"
    assert said["content_changed"] is False
    assert said["verify_url"].endswith(f"/v/{certificate.public_id}")
    assert said["pdf"].endswith(one(certificate, "pdf/"))


def test_secrets_and_internal_words_stay_inside(admin, learner, administrator, certificate):
    revoke(certificate, reason_code="data_error", reason_text="Inside.", by=administrator, at=NOW)
    text = admin.get(one(certificate)).text
    assert "Inside." not in text
    assert certificate.holder_salt.hex() not in text
    assert "salt" not in text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({}, 2),
        ({"state": "valid"}, 1),
        ({"state": "revoked"}, 1),
        ({"course": "trials"}, 2),
        ({"q": "other"}, 1),
        ({"q": "nobody"}, 0),
    ],
)
def test_administrators_filter(admin, administrator, learner, other_learner, query, number):
    course = certified_course()
    issued(learner, course)
    revoke(issued(other_learner, course), reason_code="data_error", reason_text="", by=administrator, at=NOW)
    assert admin.get(ROOT, query).json()["count"] == number


def test_list_is_ordered(admin, learner, other_learner):
    course = certified_course()
    newer = issued(learner, course, at=NOW)
    older = issued(other_learner, course, at=NOW - timedelta(hours=1))
    up, down = (
        [each["serial"] for each in admin.get(ROOT, {"ordering": order}).json()["results"]]
        for order in ("issued_at", "-issued_at")
    )
    assert up == [older.serial, newer.serial] == down[::-1]


@pytest.mark.parametrize("order", ["", "issued_at", "-issued_at", "valid_until"])
def test_pages_neither_repeat_nor_lose_what_has_the_same_date_or_none(admin, order):
    course = certified_course(valid_months=None)
    serials = [issued(person(f"person-{each}"), course).serial for each in "abc"]
    asked = {"ordering": order, "page_size": 1}
    pages = [admin.get(ROOT, {**asked, "page": page}).json()["results"] for page in (1, 2, 3)]
    assert [row["serial"] for (row,) in pages] == serials[::-1]


@pytest.mark.parametrize("query", [{"state": "odd"}, {"course": "odd"}, {"ordering": "holder_salt"}])
def test_what_is_unknown_is_refused(admin, certificate, query):
    response = admin.get(ROOT, query)
    assert is_problem(response, 400)
    assert set(response.json()["errors"]) == set(query)


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_four_queries(admin, count_queries, number):
    course = certified_course()
    for index in range(number):
        issued(person(f"person-{index}"), course)
    with count_queries(4):  # session, user, count, certificates
        admin.get(ROOT)


FOREIGN = ["", "pdf/"]


@pytest.mark.parametrize("act", FOREIGN)
def test_what_is_not_yours_is_not_there(signed_in, other_learner, certificate, act):
    browser = signed_in(other_learner)
    assert is_problem(browser.get(one(certificate, act)), 404)
    assert is_problem(browser.get(f"{ROOT}{'0' * 26}/{act}"), 404)
    assert is_problem(browser.get(f"{ROOT}odd code/{act}"), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ROOT),
        ("post", ROOT),
        ("get", f"{ROOT}due/"),
        ("post", f"{ROOT}bulk/"),
        ("get", f"{ROOT}{{}}/"),
        ("patch", f"{ROOT}{{}}/"),
        ("get", f"{ROOT}{{}}/pdf/"),
        ("post", f"{ROOT}{{}}/revoke/"),
        ("get", f"{JOBS}1/"),
        ("post", f"{JOBS}1/retry/"),
        ("post", f"{JOBS}1/cancel/"),
    ],
)
def test_without_login_everything_but_verifying_is_closed(client, certificate, method, path):
    response = getattr(client, method)(path.format(certificate.public_id), content_type=JSON)
    assert is_problem(response, 401)
    assert response["WWW-Authenticate"] == "Token"


# --- The file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["*/*", "application/pdf", "application/json"])
def test_file_is_downloaded_whatever_the_client_accepts(signed_in, learner, certificate, accept):
    response = signed_in(learner).get(one(certificate, "pdf/"), headers={"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response.getvalue() == b"%PDF-1.7 stands in for " + certificate.serial.encode()
    response.close()


def test_no_file_yet(signed_in, learner):
    certificate = reserved(learner)
    browser = signed_in(learner)
    assert browser.get(one(certificate)).json()["pdf"] is None
    assert is_problem(browser.get(one(certificate, "pdf/")), 404)


# --- Issuing ----------------------------------------------------------------------------------------------------------


def test_certificate_is_issued_once(admin, learner):
    enrollment = completed(learner)
    first = send(admin, ROOT, enrollment=enrollment.pk)
    second = send(admin, ROOT, enrollment=enrollment.pk)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["public_id"] == second.json()["public_id"] == Certificate.objects.get().public_id
    assert first.json()["state"] == "being_made"


def test_not_due_is_refused_with_the_reason(admin, learner):
    response = send(admin, ROOT, enrollment=enrolled(learner).pk)
    assert is_problem(response, 409)
    assert response.json()["code"] == "certificate-not-due"
    assert "not completed" in response.json()["detail"]


@pytest.mark.parametrize("enrollment", [None, "odd", 999_999, [], {}])
def test_unknown_enrolment_is_named(admin, enrollment):
    response = send(admin, ROOT, enrollment=enrollment)
    assert is_problem(response, 400)
    assert "enrollment" in response.json()["errors"]


def test_many_are_issued_as_a_job(admin, learner, other_learner):
    course = certified_course()
    ids = [completed(learner, course).pk, completed(other_learner, course).pk]
    response = send(admin, f"{ROOT}bulk/", enrollments=ids)
    assert response.status_code == 202
    job = Job.objects.get()
    assert response.json() == {
        "id": job.pk,
        "created_at": response.json()["created_at"],
        "total": 2,
        "waiting": 2,
        "issued": 0,
        "already_issued": 0,
        "being_made": 0,
        "failed": 0,
        "cancelled": 0,
        "is_live": True,
        "failures": [],
    }
    assert admin.get(f"{JOBS}{job.pk}/").json()["waiting"] == 2


@pytest.mark.parametrize(
    ("enrollments", "status"), [([], 400), ("odd", 400), ([0], 400), (["odd"], 400), ([999_999], 422)]
)
def test_bulk_needs_enrolments(admin, enrollments, status):
    assert is_problem(send(admin, f"{ROOT}bulk/", enrollments=enrollments), status)
    assert not Job.objects.exists()


def test_one_that_is_not_there_leaves_the_others_of_a_bulk_as_they_were(admin, learner):
    """Skipped without a word: the answer is the same to the letter as without it."""
    own = completed(learner).pk
    alone = send(admin, f"{ROOT}bulk/", enrollments=[own]).json()
    mixed = send(admin, f"{ROOT}bulk/", enrollments=[own, 999_999]).json()
    assert not_the_same(alone) == not_the_same(mixed)
    assert set(JobItem.objects.values_list("subject", flat=True)) == {str(own)}


def not_the_same(job: dict) -> dict:
    return {name: value for name, value in job.items() if name not in ("id", "created_at")}


@pytest.mark.parametrize("who", ["coordinator", "learner", "author"])
def test_a_bulk_of_ones_own_and_a_foreign_enrolment_is_refused_whole(
    request, signed_in, learner, other_learner, who
):
    """The refusal says the same whatever was asked for, there or not."""
    browser = signed_in(request.getfixturevalue(who))
    course = certified_course()
    own, foreign = completed(learner, course).pk, completed(other_learner, course).pk
    answers = [send(browser, f"{ROOT}bulk/", enrollments=ids) for ids in ([own, foreign], [own, 999_999])]
    assert all(is_problem(answer, 403) for answer in answers)
    assert answers[0].content == answers[1].content
    assert not Job.objects.exists()
    assert not Certificate.objects.exists()


def test_what_is_due_comes_with_its_verdict(admin, learner, other_learner):
    course = certified_course()
    completed(learner, course)
    other_learner.name_confirmed_on = None
    other_learner.save()
    completed(other_learner, course)
    found = {each["learner"]: each for each in admin.get(f"{ROOT}due/").json()["results"]}
    assert found[learner.email]["is_due"]
    assert found[learner.email]["enrollment"] == Enrollment.objects.get(learner=learner).pk
    assert [each["code"] for each in found[other_learner.email]["reasons"]] == ["name_not_confirmed"]
    assert admin.get(f"{ROOT}due/", {"q": "other"}).json()["count"] == 1


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_due_costs_eight_queries(admin, count_queries, number):
    course = certified_course()
    for index in range(number):
        completed(person(f"person-{index}"), course)
    with count_queries(8):  # session, user, count, enrolments, and the four of the cases
        admin.get(f"{ROOT}due/")


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", ROOT), ("post", f"{ROOT}bulk/"), ("get", f"{ROOT}due/"), ("post", f"{ROOT}{{}}/revoke/")],
)
def test_acts_of_administrators_are_theirs(signed_in, learner, other_learner, certificate, method, path):
    for user in (learner, other_learner):
        response = getattr(signed_in(user), method)(path.format(certificate.public_id), content_type=JSON)
        assert is_problem(response, 403)


# --- The job ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def job(administrator, learner, other_learner) -> Job:
    course = certified_course()
    ids = [completed(user, course).pk for user in (learner, other_learner)]
    return start_issuing(ids, by=administrator, at=timezone.now())


def test_job_says_what_failed_and_tries_again(admin, job):
    item = job.items.first()
    finish(item, JobItem.Outcome.FAILED, {"reason": "No."}, at=NOW)
    assert admin.get(f"{JOBS}{job.pk}/").json()["failures"] == [
        {"enrollment": int(item.subject), "reason": "No."}
    ]
    assert send(admin, f"{JOBS}{job.pk}/retry/").json()["waiting"] == 2


def test_job_is_cancelled(admin, job):
    assert send(admin, f"{JOBS}{job.pk}/cancel/").json()["cancelled"] == 2
    assert send(admin, f"{JOBS}{job.pk}/cancel/").json()["cancelled"] == 2


@pytest.mark.parametrize("act", ["", "retry/", "cancel/"])
def test_jobs_are_for_administrators(signed_in, learner, job, act):
    ask = signed_in(learner).post if act else signed_in(learner).get
    assert is_problem(ask(f"{JOBS}{job.pk}/{act}"), 403)


@pytest.mark.parametrize("act", ["", "retry/", "cancel/"])
def test_other_jobs_are_not_there(admin, act):
    other = Job.objects.create(kind="something.else", created_at=NOW)
    ask = admin.post if act else admin.get
    assert is_problem(ask(f"{JOBS}{other.pk}/{act}"), 404)


# --- Revoking and showing ---------------------------------------------------------------------------------------------


def test_certificate_is_revoked_for_good(admin, certificate):
    first = send(admin, one(certificate, "revoke/"), reason_code="data_error", reason_text="Inside.")
    second = send(admin, one(certificate, "revoke/"), reason_code="not_earned")
    assert first.status_code == second.status_code == 200
    assert first.json()["state"] == "revoked"
    assert second.json()["reason"] == "data_error"
    assert Certificate.objects.get().reason_text == "Inside."


@pytest.mark.parametrize("reason", [None, "", "odd", "cancelled"])
def test_revoking_needs_a_reason_of_the_list(admin, certificate, reason):
    assert is_problem(send(admin, one(certificate, "revoke/"), reason_code=reason), 400)
    assert Certificate.objects.get().state == Certificate.State.ISSUED


def test_a_revoked_one_is_corrected_once(admin, learner, certificate):
    path = f"{ROOT}{certificate.public_id}/"
    assert is_problem(send(admin, f"{path}correct/"), 409)
    send(admin, f"{path}revoke/", reason_code="data_error")
    first, again = send(admin, f"{path}correct/"), send(admin, f"{path}correct/")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["serial"] == again.json()["serial"] != certificate.serial


def test_what_is_still_being_made_is_not_revoked(admin, learner):
    response = send(admin, one(reserved(learner), "revoke/"), reason_code="data_error")
    assert is_problem(response, 409)
    assert response.json()["code"] == "still-being-made"


def test_revoking_is_a_post(admin, certificate):
    assert is_problem(admin.get(one(certificate, "revoke/")), 405)


def test_holder_hides_and_shows(signed_in, learner, certificate):
    browser = signed_in(learner)
    answer = browser.patch(one(certificate), {"page_hidden": True}, content_type=JSON)
    assert (answer.status_code, answer.json()["page_hidden"], answer.json()["name_hidden"]) == (
        200,
        True,
        False,
    )
    browser.patch(one(certificate), {"name_hidden": True}, content_type=JSON)
    row = Certificate.objects.get()
    assert (row.page_hidden, row.name_hidden) == (True, True)


def test_nobody_else_hides(signed_in, other_learner, admin, certificate):
    for browser, status in ((signed_in(other_learner), 404), (admin, 403)):
        answer = browser.patch(one(certificate), {"page_hidden": True}, content_type=JSON)
        assert is_problem(answer, status)
    assert is_problem(admin.patch(one(certificate), {"page_hidden": "odd"}, content_type=JSON), 403)


def test_odd_switch_is_refused(signed_in, learner, certificate):
    answer = signed_in(learner).patch(one(certificate), {"page_hidden": "odd"}, content_type=JSON)
    assert is_problem(answer, 400)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_certificates_are_neither_replaced_nor_deleted(admin, certificate, method):
    assert is_problem(getattr(admin, method)(one(certificate), content_type=JSON), 405)


# --- Verifying --------------------------------------------------------------------------------------------------------


def test_anyone_verifies(client, learner, certificate):
    answer = client.get(f"{VERIFY}{certificate.public_id}/")
    said = answer.json()
    assert answer.status_code == 200
    assert (said["state"], said["stands"], said["name"]) == ("valid", True, learner.full_name)
    assert said["pdf_sha256"] == certificate.pdf_sha256
    assert said["commitment"] == certificate.holder_commitment
    printed = certificate.snapshot
    for name in ("title", "programme", "serial", "completed_on", "valid_until", "outcomes", "verify_url"):
        assert said["printed"][name] == printed[name], name
    assert said["printed"]["issuer"] == printed["issuer"]
    assert said["printed"]["modules"] == printed["modules"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"


def test_code_may_be_typed(client, certificate):
    typed = grouped_public_id(certificate.public_id).lower()
    assert client.get(f"{VERIFY}{typed}/").json()["public_id"] == certificate.public_id


def test_unknown_hidden_and_malformed_answer_alike(client, learner, certificate):
    set_visibility(certificate, name_hidden=False, page_hidden=True, by=learner, at=NOW)
    answers = [client.get(f"{VERIFY}{code}/") for code in (certificate.public_id, "0" * 26, "odd")]
    assert all(is_problem(answer, 404) for answer in answers)
    assert len({answer.content for answer in answers}) == 1


def test_revoked_says_so_with_the_public_reason_only(client, administrator, certificate):
    revoke(certificate, reason_code="data_error", reason_text="Inside.", by=administrator, at=NOW)
    answer = client.get(f"{VERIFY}{certificate.public_id}/")
    assert (answer.json()["state"], answer.json()["stands"]) == ("revoked", False)
    assert (answer.json()["reason_code"], answer.json()["revoked_on"]) == ("data_error", "2026-11-20")
    assert "Inside." not in answer.text


def test_verifying_is_not_endless(client, certificate):
    answers = [client.get(f"{VERIFY}{certificate.public_id}/").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    refused = client.get(f"{VERIFY}{certificate.public_id}/")
    assert is_problem(refused, 429)
    assert int(refused["Retry-After"]) > 0
    assert client.get(f"/v/{certificate.public_id}").status_code == 429


def test_verifying_costs_two_queries(client, count_queries, certificate):
    with count_queries(2):
        client.get(f"{VERIFY}{certificate.public_id}/")


def test_verifying_is_a_get(client, certificate):
    assert is_problem(client.post(f"{VERIFY}{certificate.public_id}/"), 405)
