"""What is due, issuing to one, to a selection or to all, and the job that does it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from certificates.models import Certificate
from certificates.selectors import issuing_job
from certificates.services import issue, issue_item, start_issuing
from enrollment.models import Assignment, Enrollment
from lms.records.models import AuditEvent, Job, JobItem
from lms.records.services import beat
from lms.records.services.jobs import finish
from tests.certificates.builders import certified_course, completed, issued, publish_stand_in, reserved
from tests.conftest import NOW, person
from tests.courses.builders import organisation

pytestmark = pytest.mark.django_db

DUE = "/administration/certificates/due/"
ISSUE = "/administration/certificates/issue/"
JOBS = "/administration/jobs/"
HTMX = {"HX-Request": "true"}

Outcome = JobItem.Outcome


@pytest.fixture
def browser(signed_in, administrator):
    return signed_in(administrator)


def crowd(number: int, course=None) -> list[Enrollment]:
    course = course or certified_course()
    return [completed(person(f"person-{index}"), course) for index in range(number)]


def unnamed(enrollment: Enrollment) -> None:
    learner = enrollment.learner
    learner.name_confirmed_on = None
    learner.save()


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def job(administrator) -> Job:
    return start_issuing([each.pk for each in crowd(3)], by=administrator, at=timezone.now())


PAGES = [DUE, JOBS, f"{JOBS}{{}}/", f"{JOBS}{{}}/progress/"]
ACTS = [ISSUE, f"{JOBS}{{}}/retry/", f"{JOBS}{{}}/cancel/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_administrators(client, signed_in, job, learner, path):
    assert signed_in(learner).get(path.format(job.pk)).status_code == 403
    assert client.get(path.format(job.pk)).status_code == 302


@pytest.mark.parametrize("path", ACTS)
def test_acts_are_for_administrators(client, signed_in, job, learner, path):
    assert signed_in(learner).post(path.format(job.pk), {"all": "1"}).status_code == 403
    assert client.post(path.format(job.pk), {"all": "1"}).status_code == 302
    assert Job.objects.count() == 1
    assert job.items.filter(outcome=Outcome.WAITING).count() == 3


def test_coordinators_do_not_issue(signed_in, coordinator):
    assert signed_in(coordinator).post(ISSUE, {"all": "1"}).status_code == 403


@pytest.mark.parametrize("who", ["coordinator", "learner"])
def test_a_selection_with_a_foreign_enrolment_is_refused_whole(
    request, signed_in, learner, other_learner, who
):
    browser = signed_in(request.getfixturevalue(who))
    course = certified_course()
    own, foreign = completed(learner, course).pk, completed(other_learner, course).pk
    answers = [browser.post(ISSUE, {"enrollment": ids}) for ids in ([own, foreign], [own, 999_999])]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not Job.objects.exists()


def test_what_is_not_there_is_left_out_of_a_selection(browser):
    """Also what no number is, and what is no longer due: that one is told its reason when its turn comes."""
    due, blocked = crowd(2)
    unnamed(blocked)
    browser.post(ISSUE, {"enrollment": [due.pk, blocked.pk, 999_999, "odd"]})
    assert set(JobItem.objects.values_list("subject", flat=True)) == {str(due.pk), str(blocked.pk)}
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("path", ACTS)
def test_acts_are_posts(browser, job, path):
    assert browser.get(path.format(job.pk)).status_code == 405


@pytest.mark.parametrize("path", ["", "progress/", "retry/", "cancel/"])
def test_other_jobs_are_not_there(browser, path):
    other = Job.objects.create(kind="something.else", created_at=NOW)
    ask = browser.post if path in ("retry/", "cancel/") else browser.get
    assert ask(f"{JOBS}{other.pk}/{path}").status_code == 404
    assert ask(f"{JOBS}999/{path}").status_code == 404


# --- The list ---------------------------------------------------------------------------------------------------------


def names_in(response) -> list[str]:
    return [line.enrollment.learner.full_name for line in response.context["found"].lines]


def test_list_says_who_is_due_and_why_others_are_not(browser):
    due, blocked = crowd(2)
    unnamed(blocked)
    page = browser.get(DUE)
    assert "1 due" in page.text
    assert "The learner has not confirmed the name" in page.text
    assert f'name="enrollment" value="{due.pk}"' in page.text
    assert f'value="{blocked.pk}"' not in page.text


def test_empty_list_says_so(browser):
    assert "Everybody has their certificate" in browser.get(DUE).text
    crowd(1)
    assert "Nobody found" in browser.get(DUE, {"q": "zzz"}).text


def test_list_is_filtered(browser):
    trials = completed(person("åsa-öberg"), certified_course("trials"))
    devices = completed(person("björn"), certified_course("devices"))
    unnamed(devices)
    for query, expected in (
        ({"q": "ÖBERG"}, trials),
        ({"course": "trials"}, trials),
        ({"course": "devices"}, devices),
        ({"show": "due"}, trials),
        ({"show": "blocked"}, devices),
    ):
        assert names_in(browser.get(DUE, query)) == [expected.learner.full_name], query


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_twelve_queries(browser, count_queries, number):
    crowd(number)
    browser.get(DUE)
    # session, user, two filters, the seven of the list, what waits in jobs
    with count_queries(12):
        browser.get(DUE)


def test_all_on_the_page_are_ticked_without_script(browser):
    crowd(2)
    assert browser.get(DUE).text.count(" checked") == 0
    assert browser.get(DUE, {"all": "1"}).text.count(" checked") == 2


@pytest.mark.parametrize(
    "query", [{"course": "odd"}, {"organisation": "odd"}, {"show": "odd"}, {"q": "\x00"}, {"page": "odd"}]
)
def test_what_is_unknown_is_left_out(browser, query):
    crowd(1)
    response = browser.get(DUE, query)
    assert response.status_code == 200
    assert len(names_in(response)) == 1
    assert "page" in query or "is left out" in response.text


# --- Issuing ----------------------------------------------------------------------------------------------------------


def subjects(job: Job) -> set[str]:
    return set(job.items.values_list("subject", flat=True))


def test_one_is_issued(browser, wake_up_calls):
    one, _other = crowd(2)
    response = browser.post(ISSUE, {"one": one.pk, "enrollment": [one.pk, _other.pk]})
    job = Job.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{JOBS}{job.pk}/")
    assert subjects(job) == {str(one.pk)}


def test_selection_is_issued(browser):
    first, second, _third = crowd(3)
    browser.post(ISSUE, {"enrollment": [first.pk, second.pk]})
    assert subjects(Job.objects.get()) == {str(first.pk), str(second.pk)}


def test_all_that_is_due_is_issued_and_nothing_else(browser):
    first, second, blocked = crowd(3)
    unnamed(blocked)
    browser.post(ISSUE, {"all": "1"})
    assert subjects(Job.objects.get()) == {str(first.pk), str(second.pk)}


def test_all_means_all_under_the_filters(browser):
    mine, _other = crowd(2)
    Assignment.objects.create(
        enrollment=mine, organisation=organisation(), basis=Assignment.Basis.EMPLOYER, created_at=NOW
    )
    slug = organisation().slug
    assert names_in(browser.get(DUE, {"organisation": slug})) == [mine.learner.full_name]
    browser.post(ISSUE, {"all": "1", "organisation": slug})
    assert subjects(Job.objects.get()) == {str(mine.pk)}


def test_pressing_twice_leads_to_the_same_job(browser):
    crowd(2)
    first = browser.post(ISSUE, {"all": "1"})
    second = browser.post(ISSUE, {"all": "1"}, follow=True)
    assert Job.objects.count() == 1
    assert second.redirect_chain[0][0] == first["Location"]
    assert "being issued already" in second.text


def test_what_waits_in_a_job_is_not_put_into_another(browser):
    first, second = crowd(2)
    browser.post(ISSUE, {"one": first.pk})
    assert "Being issued" in browser.get(DUE).text
    browser.post(ISSUE, {"enrollment": [first.pk, second.pk]})
    assert subjects(Job.objects.order_by("-pk").first()) == {str(second.pk)}


@pytest.mark.parametrize("chosen", [{}, {"enrollment": "odd"}, {"enrollment": "999999"}, {"one": "٣"}])
def test_nobody_chosen_is_said(browser, chosen):
    response = browser.post(ISSUE, chosen, follow=True)
    assert "Choose at least one learner." in response.text
    assert not Job.objects.exists()


# --- The job ----------------------------------------------------------------------------------------------------------


def progress(browser, job):
    return browser.get(f"{JOBS}{job.pk}/progress/", headers=HTMX)


def do(item: JobItem, outcome: str, **result: object) -> None:
    finish(item, outcome, result, at=timezone.now())


def issue_and_publish(item: JobItem, *, publish: bool = True) -> None:
    certificate = issue(Enrollment.objects.get(pk=item.subject), by=None, at=NOW, job=item.job)
    if publish:
        publish_stand_in(certificate)
    waiting = {} if publish else {"waiting": True}
    do(item, Outcome.DONE, certificate=certificate.public_id, serial=certificate.serial, **waiting)


def test_progress_is_asked_for_until_nothing_changes_any_more(browser, job):
    beat("worker", at=timezone.now())
    first, second, third = job.items.all()
    issue_and_publish(first)
    part = progress(browser, job)
    assert part.status_code == 200
    assert "hx-get" in part.text
    assert 'data-announce="30% done"' in part.text
    assert "1 issued" in part.text
    assert "2 waiting" in part.text
    issue_and_publish(second)
    do(third, Outcome.FAILED, reason="The name has a letter that cannot be printed.")
    part = progress(browser, job)
    assert part.status_code == 286
    assert "hx-get" not in part.text
    assert "The name has a letter" in part.text
    assert "Retry 1" in part.text


def test_page_survives_a_reload_and_names_the_percentage(browser, job):
    issue_and_publish(job.items.first())
    page = browser.get(f"{JOBS}{job.pk}/").text
    assert "<title>33% · Certificates" in page
    assert "<noscript>" in page


def test_stopped_worker_pauses_the_bar_and_says_so(browser, job):
    beat("worker", at=timezone.now() - timedelta(hours=1))
    page = progress(browser, job).text
    assert "Paused" in page
    assert "Background work has stopped since" in page


def test_files_that_follow_keep_it_live_and_missing_pdf_support_does_not(browser, job, monkeypatch):
    for item in job.items.all():
        issue_and_publish(item, publish=False)
    monkeypatch.setattr("certificates.selectors.jobs.pdf_available", lambda: True)
    assert progress(browser, job).status_code == 200
    monkeypatch.setattr("certificates.selectors.jobs.pdf_available", lambda: False)
    part = progress(browser, job)
    assert part.status_code == 286
    assert "Waiting for PDF support" in part.text
    assert "3 without their files yet" in part.text
    for certificate in Certificate.objects.all():
        publish_stand_in(certificate)
    assert "3 issued" in progress(browser, job).text


def test_time_left_follows_the_pace(job):
    first, second, _third = job.items.all()
    assert issuing_job(job, at=NOW).seconds_left is None
    finish(first, Outcome.DONE, {}, at=NOW)
    finish(second, Outcome.DONE, {}, at=NOW + timedelta(seconds=70))
    found = issuing_job(job, at=NOW)
    assert (found.seconds_left, found.minutes_left) == (70, 2)


def test_failed_ones_are_tried_again(browser, administrator, job):
    do(job.items.first(), Outcome.FAILED, reason="No.")
    response = browser.post(f"{JOBS}{job.pk}/retry/", follow=True)
    assert "1 is tried again." in response.text
    assert job.items.filter(outcome=Outcome.WAITING).count() == 3
    event = AuditEvent.objects.get(act="certificates.issue_retried")
    assert event.actor == administrator.audit_ref
    assert "Nothing has failed." in browser.post(f"{JOBS}{job.pk}/retry/", follow=True).text
    assert AuditEvent.objects.filter(act="certificates.issue_retried").count() == 1


def test_what_has_not_begun_is_cancelled(browser, administrator, job):
    issue_and_publish(job.items.first())
    response = browser.post(f"{JOBS}{job.pk}/cancel/", follow=True)
    assert "2 were cancelled before they had begun." in response.text
    assert "Stopped" in response.text
    assert Certificate.objects.count() == 1
    assert AuditEvent.objects.get(act="certificates.issue_cancelled").actor == administrator.audit_ref
    assert "nothing was cancelled" in browser.post(f"{JOBS}{job.pk}/cancel/", follow=True).text
    assert progress(browser, job).status_code == 286


def test_poll_of_somebody_who_may_no_longer_look_loads_the_whole_page(signed_in, learner, job):
    response = progress(signed_in(learner), job)
    assert (response.status_code, response["HX-Refresh"]) == (403, "true")


def test_who_had_theirs_already_is_said_with_the_day(browser, administrator):
    had, *others = crowd(2)
    job = start_issuing([each.pk for each in (had, *others)], by=administrator, at=timezone.now())
    before = publish_stand_in(issue(had, by=None, at=NOW), at=NOW)
    for item in job.items.all():
        item.result = issue_item(item, timezone.now())
        do(item, Outcome.DONE, **item.result)
    page = browser.get(f"{JOBS}{job.pk}/").text
    assert "1 had theirs already" in page
    assert f"Already issued on {date_format(before.issued_at)}:" in page
    assert before.serial in page
    found = issuing_job(job, at=timezone.now())
    assert (found.issued + found.being_made, found.had) == (1, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_progress_costs_eight_queries(browser, administrator, count_queries, number):
    job = start_issuing([each.pk for each in crowd(number + 2)], by=administrator, at=timezone.now())
    failed, *rest = job.items.all()
    do(failed, Outcome.FAILED, reason="No.")
    for item in rest[:-1]:
        issue_and_publish(item)
    progress(browser, job)
    # session, user, job, counts, failures, items being made with their certificates, pace, heartbeat
    with count_queries(8):
        progress(browser, job)


def test_jobs_are_listed_with_who_started_them(browser, administrator, job):
    page = browser.get(JOBS).text
    assert f"{JOBS}{job.pk}/" in page
    assert administrator.full_name in page
    assert "At work" in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_jobs_costs_four_queries(browser, administrator, count_queries, number):
    for enrollment in crowd(number):
        start_issuing([enrollment.pk], by=administrator, at=timezone.now())
    browser.get(JOBS)
    with count_queries(4):  # session, user, jobs, the people behind them
        browser.get(JOBS)


def test_certificate_leads_back_to_its_job(browser, job):
    issue_and_publish(job.items.first())
    certificate = Certificate.objects.get()
    assert f"{JOBS}{job.pk}/" in browser.get(f"/administration/certificates/{certificate.public_id}/").text
    assert certificate.serial in browser.get("/administration/certificates/", {"job": job.pk}).text


def test_issued_and_reserved_ones_are_no_longer_due(browser, learner, other_learner):
    course = certified_course()
    issued(learner, course)
    reserved(other_learner, course)
    assert names_in(browser.get(DUE)) == []
