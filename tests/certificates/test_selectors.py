"""What lists and the verify page are told."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from certificates import permissions
from certificates.models import Certificate
from certificates.numbering import grouped_public_id
from certificates.selectors import (
    ShownState,
    courses_waiting,
    download_name,
    due_enrollments,
    issuing_page,
    my_certificates,
    register,
    shown_state,
    verification,
    verification_by_file,
    verification_by_serial,
    with_content_changed,
)
from certificates.services import issue, revoke, void
from courses.models import Edition, Revision
from lms.accounts.models import User
from tests.certificates.builders import (
    certified_course,
    complete,
    completed,
    enrolled,
    issued,
    publish_stand_in,
    reserved,
)
from tests.conftest import person
from tests.courses.builders import PUBLISHED, build_course
from tests.courses.builders import publish as publish_revision

pytestmark = pytest.mark.django_db


def revoked(certificate, administrator, now):
    return revoke(certificate, reason_code="data_error", reason_text="Inside.", by=administrator, at=now)


# --- The list of what is due ------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(learner, other_learner, author, administrator, now):
    """One due, one with an unconfirmed name, one revoked; issued and unfinished ones are not in the list."""
    course = certified_course()
    author.name_confirmed_on = None
    author.save()
    unnamed, due = completed(author, course), completed(learner, course)
    revoked(issued(other_learner, course), administrator, now)
    issued(person("done"), course)
    complete(enrolled(person("half"), course), but=1)
    return {"due": due, "unnamed": unnamed, "revoked": Certificate.objects.get(state="revoked").enrollment}


def test_each_line_has_its_verdict(waiting, now):
    page = issuing_page(at=now)
    verdicts = {line.enrollment: [reason.code for reason in line.reasons] for line in page.lines}
    assert verdicts == {
        waiting["due"]: [],
        waiting["unnamed"]: ["name_not_confirmed"],
        waiting["revoked"]: ["revoked_before"],
    }
    assert (page.due, page.blocked) == (1, 2)


@pytest.mark.parametrize(("show", "names"), [("due", {"due"}), ("blocked", {"unnamed", "revoked"})])
def test_the_list_can_be_narrowed(waiting, now, show, names):
    page = issuing_page(at=now, show=show)
    assert {line.enrollment for line in page.lines} == {waiting[name] for name in names}
    assert {line.is_due for line in page.lines} == {show == "due"}
    assert (page.due, page.blocked) == (1, 2), "the other tab's count stays"


def test_the_list_is_searched_by_name_and_course(waiting, learner, now):
    learner.full_name = "Åsa Öberg"
    learner.save()
    completed(learner, certified_course("other"))
    assert len(issuing_page(at=now, q="ÖBERG åsa").lines) == 2
    assert len(issuing_page(at=now, q="öberg", course="other").lines) == 1
    assert issuing_page(at=now, q="nobody").lines == ()
    assert {course.slug for course in courses_waiting(at=now)} == {"trials", "other"}


def test_pages_that_are_not_there_give_the_nearest(waiting, now):
    assert len(issuing_page(at=now, page=99, per_page=2).lines) == 1
    assert len(issuing_page(at=now, page="x", per_page=2).lines) == 2


def test_the_language_of_the_certificate_and_its_fallback(waiting, learner, now):
    [line] = issuing_page(at=now, show="due").lines
    assert (line.language, line.falls_back) == ("sv", False)
    learner.language = "lv"
    learner.save()
    [line] = issuing_page(at=now, show="due").lines
    assert (line.language, line.falls_back) == ("en", True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(count, now, count_queries):
    for number in range(count):
        completed(person(f"learner-{number}"), certified_course(f"course-{number}"))
    with count_queries(7):
        assert len(issuing_page(at=now).lines) == count


def test_due_enrolments_of_one_and_of_all(waiting, learner, other_learner, now):
    assert list(due_enrollments(None, now)) == list(due_enrollments(learner, now)) == [waiting["due"]]
    assert not due_enrollments(other_learner, now)
    issue(waiting["due"], by=None, at=now)
    assert not due_enrollments(None, now)


def test_without_a_definition_nothing_is_due(learner, now):
    completed(learner, build_course("plain"))
    assert not due_enrollments(None, now)
    [line] = issuing_page(at=now).lines
    assert [reason.code for reason in line.reasons] == ["no_definition"]


# --- The register -----------------------------------------------------------------------------------------------------


def test_the_register_shows_what_the_user_may_see(learner, other_learner, administrator, now):
    course = certified_course()
    mine, theirs = issued(learner, course), issued(other_learner, course)
    assert set(register(administrator, at=now)) == {mine, theirs}
    assert list(register(learner, at=now)) == [mine]
    assert not register(AnonymousUser(), at=now)


def test_the_register_is_searched_by_number_code_and_name(learner, other_learner, administrator, now):
    learner.full_name = "Åsa Öberg"
    learner.save()
    course = certified_course()
    mine, theirs = issued(learner, course), issued(other_learner, course)
    for asked in (mine.serial.lower(), grouped_public_id(mine.public_id), "öberg", "000001"):
        assert list(register(administrator, at=now, q=asked)) == [mine], asked
    assert list(register(administrator, at=now, q="other")) == [theirs]
    assert not register(administrator, at=now, course="other")


@pytest.mark.parametrize("state", ShownState.values)
def test_a_state_is_the_same_on_the_row_and_in_the_register(learner, administrator, now, state):
    course = certified_course(valid_months=12)
    people = iter([learner, *(person(f"p{number}") for number in range(6))])
    reserved(next(people), course)
    issued(next(people), course)
    void(reserved(next(people), course), by=administrator, at=now)
    revoked(issued(next(people), course), administrator, now)
    for stored in ("suspended", "superseded"):
        Certificate.objects.filter(pk=issued(next(people), course).pk).update(state=stored)
    for at in (now, now + timedelta(days=800)):
        shown = {row for row in Certificate.objects.all() if shown_state(row, at=at) == state}
        assert set(register(administrator, at=at, state=state)) == shown


def test_my_certificates(learner, other_learner, administrator, now):
    course, other = certified_course(), certified_course("other")
    issued(other_learner, course)
    mine = issued(learner, course)
    void(reserved(learner, other), by=administrator, at=now)
    assert list(my_certificates(learner)) == [mine]


@pytest.mark.parametrize("count", [1, 3])
def test_my_certificates_cost_one_query(learner, count, count_queries):
    for number in range(count):
        issued(learner, certified_course(f"course-{number}"))
    with count_queries(1):
        rows = [(row.serial, row.title, row.kind, row.issued_at) for row in my_certificates(learner)]
    assert len(rows) == count


# --- Content that has changed since -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "change_class", "published", "changed"),
    [
        ("core", "major", True, True),
        ("layer", "major", True, True),
        ("core", "minor", True, False),
        ("core", "editorial", True, False),
        ("core", "major", False, False),
        ("translation", "major", True, False),
    ],
)
def test_content_changed(learner, now, kind, change_class, published, changed):
    certificate = issued(learner)
    edition = Edition.objects.get(kind=kind)
    newer = Revision.objects.create(
        edition=edition, number=2, change_class=change_class, content_hash="1" * 64, created_at=PUBLISHED
    )
    if published:
        publish_revision(newer, edition.current.outline)
    found = verification(certificate.public_id, now)
    assert (found.content_changed, found.state) == (changed, "valid")
    assert with_content_changed(my_certificates(learner)).get().content_changed is changed


def test_withdrawn_content_is_changed_content(learner, now):
    certificate = issued(learner)
    Revision.objects.filter(edition__kind="layer").update(status="withdrawn", withdrawn_at=now)
    assert verification(certificate.public_id, now).content_changed


# --- Verifying --------------------------------------------------------------------------------------------------------


def test_everything_printed_and_nothing_more(learner, now, count_queries):
    certificate = issued(learner)
    with count_queries(2):
        found = verification(certificate.public_id, now)
    assert found.printed.to_dict() == certificate.snapshot
    assert (found.state, found.stands, found.name) == ("valid", True, "Learner")
    assert (found.pdf_sha256, found.commitment) == (certificate.pdf_sha256, certificate.holder_commitment)
    told = str(asdict(found))
    assert learner.email not in told
    assert str(certificate.credential_id) not in told


def test_a_code_as_people_type_it(learner, now):
    certificate = issued(learner)
    typed = grouped_public_id(certificate.public_id).lower().replace("0", "o").replace("1", "l")
    assert verification(typed, now).public_id == certificate.public_id


def test_unknown_hidden_unmade_and_cancelled_look_the_same(
    learner, other_learner, author, administrator, now
):
    course = certified_course()
    hidden = issued(learner, course)
    Certificate.objects.filter(pk=hidden.pk).update(page_hidden=True)
    unmade = reserved(other_learner, course)
    cancelled = void(reserved(author, course), by=administrator, at=now)
    codes = [hidden.public_id, unmade.public_id, cancelled.public_id, "0" * 26, "no code", ""]
    assert [verification(code, now) for code in codes] == [None] * 6
    assert verification_by_file(hidden.pdf_sha256, now) is None
    assert verification_by_file("", now) is None


def test_expired_is_computed_to_the_last_instant(learner, now):
    certificate = issued(learner)
    assert verification(certificate.public_id, certificate.valid_until).state == "valid"
    assert (
        verification(certificate.public_id, certificate.valid_until + timedelta(seconds=1)).state == "expired"
    )


def test_revoked_says_why_by_its_public_name(learner, administrator, now):
    certificate = revoked(issued(learner), administrator, now)
    found = verification(certificate.public_id, now)
    assert (found.state, found.reason_code, str(found.reason)) == ("revoked", "data_error", "Wrong data")
    assert found.revoked_on == date(2026, 11, 20)
    assert "Inside" not in str(asdict(found))


def test_replaced_links_to_the_new_one_and_conceals_the_former_name(learner, other_learner, now):
    course = certified_course()
    old, new = issued(learner, course), issued(other_learner, course)
    Certificate.objects.filter(pk=old.pk).update(state="superseded")
    Certificate.objects.filter(pk=new.pk).update(supersedes=old)
    found = verification(old.public_id, now)
    assert (found.state, found.replacement, found.name) == ("replaced", new.public_id, "")
    Certificate.objects.filter(pk=new.pk).update(page_hidden=True)
    assert verification(old.public_id, now).replacement == ""


def test_a_hidden_name_is_not_shown(learner, now):
    certificate = issued(learner)
    Certificate.objects.filter(pk=certificate.pk).update(name_hidden=True)
    found = verification(certificate.public_id, now)
    assert (found.name, found.is_erased, found.state) == ("", False, "valid")
    assert verification_by_serial(certificate.serial, "Learner", now) is None


def test_the_serial_answers_with_the_surname_only(learner, now):
    learner.full_name = "Åsa von Öberg"
    learner.save()
    certificate = issued(learner)
    for surname in ("Öberg", "VON ÖBERG", "åsa von öberg", "O\u0308berg"):
        found = verification_by_serial(certificate.serial.lower(), surname, now)
        assert found.public_id == certificate.public_id, surname
    for surname in ("", " ", "Åsa", "berg", "von"):
        assert verification_by_serial(certificate.serial, surname, now) is None, surname
    assert verification_by_serial(certificate.serial[:-1] + "X", "Öberg", now) is None


def test_the_file_itself_finds_its_certificate(learner, now):
    certificate = issued(learner)
    assert verification_by_file(certificate.pdf_sha256, now).public_id == certificate.public_id
    assert verification_by_file("0" * 64, now) is None


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_who_may_do_what(learner, other_learner, coordinator, administrator):
    waiting = reserved(learner)
    made = publish_stand_in(waiting)
    everybody = (AnonymousUser(), other_learner, coordinator, learner, administrator)

    def allowed(predicate, certificate):
        return [predicate(user, certificate) for user in everybody]

    assert allowed(permissions.can_download, made) == [False, False, False, True, True]
    assert allowed(permissions.can_download, waiting) == [False] * 5
    assert allowed(permissions.can_revoke, made) == [False, False, False, False, True]
    assert allowed(permissions.can_revoke, waiting) == [False] * 5
    assert allowed(permissions.can_cancel, waiting) == [False, False, False, False, True]
    assert allowed(permissions.can_cancel, made) == [False] * 5
    assert [permissions.can_administer(user) for user in everybody] == [False, False, False, False, True]


def test_an_erased_certificate_belongs_to_nobody(learner):
    made = issued(learner)
    made.learner_id = None
    assert not permissions.holds(learner, made)
    assert not permissions.holds(AnonymousUser(), made)
    assert not permissions.holds(User(), made), "two Nones are not one person"


def test_the_file_name_has_no_name(learner):
    assert download_name(issued(learner)) == "NLS-2026-000001-R-trials.pdf"
