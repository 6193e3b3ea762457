"""Courses in the studio: composed, written, previewed, opened and closed."""

from decimal import Decimal

import pytest

from courses.errors import CourseChangedMeanwhile, CourseClosed, SlugTaken
from courses.models import Course
from courses.selectors.studio.courses import items_of, state_of
from courses.services import close_course, create_course, publish_course, update_course
from lms.accounts.models import Role
from lms.records.models import AuditEvent
from tests.conftest import NOW, with_role
from tests.courses.builders import build_course, build_module

NEW, SLUG = "/studio/new-course/", "trials-course"
HERE = f"/studio/courses/{SLUG}/"
WORDS = {
    "title_en": "Trials",
    "summary_en": "How a trial is applied for.",
    "outcomes_en": "Apply\nReport",
    "audience_en": "Sponsors",
    "hours": "2.5",
}


@pytest.fixture
def modules(occ, academy):
    return [build_module("devices", owner=academy), build_module("trials", owner=occ)]


@pytest.fixture
def draft(occ, modules):
    return build_course(SLUG, owner=occ, modules=modules, status=Course.Status.DRAFT)


@pytest.fixture
def course(occ, modules):
    return build_course(SLUG, owner=occ, modules=modules)


def composed(*keys: str, **more):
    """The composition as the form sends it: whole modules in this order."""
    return {"module": list(keys), **{f"of-{key}": "1" for key in keys}, **more}


def whole(*keys: str, **more):
    return composed(*keys, **{f"whole-{key}": "1" for key in keys}, **more)


def based_on(course: Course) -> dict[str, str]:
    return {"based_on": state_of(course, items_of(course))}


def items(course: Course) -> list:
    return list(course.items.values_list("module__key", "lesson_keys"))


def order(page) -> list[str]:
    return [each.module.key for each in page.context["composition"].modules]


# --- New -------------------------------------------------------------------------------------------------------------


def test_author_composes_a_course_of_modules_of_two_partners(signed_in, author, occ, modules):
    chosen = composed(
        "trials", "devices", **{"whole-trials": "1", "lesson-devices": ["lesson-1", "lesson-3"]}
    )
    sent = {"slug": SLUG, "owner": occ.slug, **WORDS, "title_nb": "Utprøvinger", "outcomes_nb": "\nMeld fra"}
    response = signed_in(author).post(NEW, {**sent, **chosen})
    assert response.headers["Location"] == HERE
    course = Course.objects.get()
    assert (course.slug, course.owner, course.status) == (SLUG, occ, Course.Status.DRAFT)
    assert course.title == {"en": "Trials", "nb": "Utprøvinger"}
    assert course.outcomes == [{"en": "Apply"}, {"en": "Report", "nb": "Meld fra"}]
    assert (course.audience, course.hours) == ({"en": "Sponsors"}, Decimal("2.5"))
    assert items(course) == [("trials", None), ("devices", ["lesson-1", "lesson-3"])]
    assert AuditEvent.objects.get(act="course.created").actor == author.audit_ref


def test_outcomes_and_audience_are_those_of_the_modules_where_nothing_is_said(
    signed_in, author, occ, modules
):
    sent = {**WORDS, "outcomes_en": "", "audience_en": "", "slug": SLUG, "owner": occ.slug}
    signed_in(author).post(NEW, {**sent, **whole("devices", "trials")})
    course = Course.objects.get()
    assert course.outcomes == [{"en": "Use devices"}, {"en": "Use trials"}]
    assert course.audience == {"en": "Users of devices"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"slug": "Trials!"}, "Use small letters a–z, digits and hyphens."),
        ({"slug": "taken"}, "There is a course at the address “taken” already. Choose another."),
        ({"owner": "lakemedelsakademin"}, "Select a valid choice"),
        ({"title_en": ""}, "Without a title nobody finds the other texts."),
        ({"summary_en": ""}, "Write it in one language at least."),
        ({"summary_nb": "Bare dette"}, "Without a title nobody finds the other texts."),
        ({"title_en": "T" * 201}, "at most 200 characters"),
        ({"title_en": "A\u2028B"}, "There is an invisible control character. Remove it."),
        ({"hours": "0"}, "greater than or equal to 0.01"),
        ({"hours": "1000"}, "less than or equal to 999"),
        ({"hours": "NaN"}, "Enter a number."),
        ({"module": []}, "A course has one module at least. Add one."),
        ({"whole-trials": ""}, "Choose a lesson of “Module trials”, or take the whole module."),
        (
            {"whole-trials": "", "lesson-trials": ["lesson-9"]},
            "“Module trials” has no lesson lesson-9.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(signed_in, author, occ, modules, wrong, message):
    build_course("taken", owner=occ, modules=modules)
    sent = {"slug": SLUG, "owner": occ.slug, **WORDS, **whole("trials"), **wrong}
    page = signed_in(author).post(NEW, sent)
    assert (page.status_code, message in page.text) == (422, True), page.text
    assert list(Course.objects.values_list("slug", flat=True)) == ["taken"]


def test_a_module_that_is_not_theirs_to_see_is_not_there(signed_in, author, academy, occ, modules):
    hidden = build_module("secret", owner=academy)
    hidden.editions.update(current=None)
    page = signed_in(author).get(NEW)
    assert "secret" not in page.text
    sent = {"slug": SLUG, "owner": occ.slug, **WORDS, **whole("secret")}
    assert "one module at least" in signed_in(author).post(NEW, sent).text


def test_the_constraint_has_the_last_word_on_an_address(draft, occ):
    with pytest.raises(SlugTaken):
        create_course(SLUG, owner=occ, title={}, summary={}, hours=Decimal(1), items=[], by=None, at=NOW)


# --- Moving, without saving ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "after"),
    [
        ("up trials", ["trials", "devices"]),
        ("down devices", ["trials", "devices"]),
        ("up devices", ["devices", "trials"]),
        ("down trials", ["devices", "trials"]),
        ("remove devices", ["trials"]),
        ("remove nothing", ["devices", "trials"]),
        ("add", ["devices", "trials", "more"]),
    ],
)
def test_buttons_move_and_save_nothing(signed_in, author, occ, draft, button, after):
    build_module("more", owner=occ)
    sent = {**WORDS, "title_en": "Half written", **whole("devices", "trials")}
    page = signed_in(author).post(f"{HERE}edit/", {**sent, "move": button, "add": "more"})
    assert (page.status_code, order(page)) == (200, after)
    assert 'value="Half written"' in page.text
    assert "Please look at this again" not in page.text
    assert items(draft) == [("devices", None), ("trials", None)]


def test_a_move_keeps_the_ticked_lessons(signed_in, author, draft):
    sent = composed("devices", "trials", **{"whole-devices": "1", "lesson-trials": ["lesson-2"]})
    page = signed_in(author).post(f"{HERE}edit/", {**WORDS, **sent, "move": "up trials"})
    first = page.context["composition"].modules[0]
    assert (first.is_whole, [lesson.key for lesson in first.chosen]) == (False, ["lesson-2"])


# --- Editing ---------------------------------------------------------------------------------------------------------


def test_author_changes_a_draft(signed_in, author, draft):
    sent = {**WORDS, **whole("trials"), **based_on(draft)}
    assert signed_in(author).post(f"{HERE}edit/", sent).headers["Location"] == HERE
    draft.refresh_from_db()
    assert (draft.title, items(draft)) == ({"en": "Trials"}, [("trials", None)])
    assert AuditEvent.objects.get(act="course.updated").actor == author.audit_ref


def test_the_form_as_it_is_opened_changes_nothing(signed_in, author, draft):
    page = signed_in(author).get(f"{HERE}edit/")
    form = page.context["form"]
    typed = {field.html_name: field.value() or "" for field in form}
    sent = {**typed, **whole("devices", "trials"), "based_on": page.context["based_on"]}
    signed_in(author).post(f"{HERE}edit/", sent)
    assert not AuditEvent.objects.filter(act="course.updated").exists()


def test_two_people_at_once_lose_nothing(signed_in, author, publisher, draft):
    old = based_on(draft)
    update_course(draft, items=items_of(draft), title={"en": "Theirs"}, by=publisher, at=NOW)
    page = signed_in(author).post(f"{HERE}edit/", {**WORDS, **whole("trials"), **old})
    assert page.status_code == 422
    assert "Somebody else changed this course while you were at it." in page.text
    assert 'value="Trials"' in page.text
    draft.refresh_from_db()
    assert draft.title == {"en": "Theirs"}
    again = {"based_on": page.context["based_on"]}
    signed_in(author).post(f"{HERE}edit/", {**WORDS, **whole("trials"), **again})
    draft.refresh_from_db()
    assert draft.title == {"en": "Trials"}


def test_author_changes_nothing_that_is_open_to_learners(signed_in, author, course):
    assert signed_in(author).get(f"{HERE}edit/").status_code == 403
    sent = {**WORDS, **whole("trials"), **based_on(course)}
    assert signed_in(author).post(f"{HERE}edit/", sent).status_code == 403
    course.refresh_from_db()
    assert course.title == {"en": f"Course {SLUG}"}


def test_publisher_of_the_owner_changes_an_open_course(signed_in, publisher, course):
    sent = {**WORDS, **whole("trials"), **based_on(course)}
    assert signed_in(publisher).post(f"{HERE}edit/", sent).status_code == 302
    assert items(course) == [("trials", None)]


def test_an_open_course_takes_no_module_without_a_core(signed_in, publisher, course, occ):
    unpublished = build_module("fresh", owner=occ)
    unpublished.editions.update(current=None)
    sent = {**WORDS, **whole("trials", "fresh"), **based_on(course)}
    page = signed_in(publisher).post(f"{HERE}edit/", sent)
    assert "Every module of a course must have a published core. Missing: fresh." in page.text
    assert items(course) == [("devices", None), ("trials", None)]


def test_a_closed_course_changes_no_more(signed_in, publisher, course):
    close_course(course, by=publisher, at=NOW)
    page = signed_in(publisher).post(f"{HERE}edit/", {**WORDS, **whole("trials"), **based_on(course)})
    assert "This course is closed and changes no more." in page.text
    assert items(course) == [("devices", None), ("trials", None)]


@pytest.mark.parametrize(("closed", "stale"), [(True, False), (False, True)])
def test_the_service_refuses_what_the_page_refuses(publisher, course, closed, stale):
    if closed:
        close_course(course, by=publisher, at=NOW)
    with pytest.raises(CourseClosed if closed else CourseChangedMeanwhile):
        update_course(course, items=[], based_on="old" if stale else None, by=publisher, at=NOW)


# --- Opening and closing ---------------------------------------------------------------------------------------------


def test_publisher_opens_a_draft(signed_in, publisher, draft):
    assert "Publish this course?" in signed_in(publisher).get(f"{HERE}publish/").text
    signed_in(publisher).post(f"{HERE}publish/")
    draft.refresh_from_db()
    assert draft.status == Course.Status.PUBLISHED


def test_a_draft_with_an_unpublished_module_is_not_opened(signed_in, publisher, draft, modules):
    modules[0].editions.update(current=None)
    assert "“Module devices” is not published yet." in signed_in(publisher).get(f"{HERE}publish/").text
    page = signed_in(publisher).post(f"{HERE}publish/", follow=True)
    assert "Every module of a course must have a published core. Missing: devices." in page.text
    draft.refresh_from_db()
    assert draft.status == Course.Status.DRAFT


def test_publisher_closes_and_opens_again(signed_in, publisher, course):
    browser = signed_in(publisher)
    assert "Close this course to new learners?" in browser.get(f"{HERE}close/").text
    browser.post(f"{HERE}close/")
    course.refresh_from_db()
    assert course.status == Course.Status.CLOSED
    assert browser.get(f"{HERE}close/").status_code == 302
    assert "Open this course to learners again?" in browser.get(f"{HERE}publish/").text
    browser.post(f"{HERE}publish/")
    course.refresh_from_db()
    assert course.status == Course.Status.PUBLISHED


@pytest.mark.parametrize("act", ["publish", "close"])
def test_author_neither_opens_nor_closes(signed_in, author, course, draft_of_own, act):
    assert signed_in(author).post(f"/studio/courses/{draft_of_own.slug}/{act}/").status_code == 403
    assert signed_in(author).get(f"{HERE}{act}/").status_code == 403


@pytest.fixture
def draft_of_own(occ):
    return build_course("own-draft", owner=occ, modules=[], status=Course.Status.DRAFT)


# --- Who -------------------------------------------------------------------------------------------------------------

PATHS = ["", "edit/", "publish/", "close/", "certificate/", "export/"]


@pytest.mark.parametrize("path", PATHS)
def test_another_partners_draft_is_not_there(signed_in, academy, draft, path):
    stranger = with_role("stranger", Role.PUBLISHER, academy)
    assert signed_in(stranger).get(HERE + path).status_code == 404
    assert signed_in(stranger).get("/studio/courses/no-such/" + path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_another_partners_open_course_is_not_theirs(signed_in, academy, course, path):
    assert signed_in(with_role("stranger", Role.PUBLISHER, academy)).get(HERE + path).status_code == 403


@pytest.mark.parametrize("path", [NEW, *(HERE + path for path in PATHS)])
@pytest.mark.parametrize("who", ["learner", "coordinator", "administrator"])
def test_people_without_a_studio_role_are_refused(signed_in, course, who, path, request):
    assert signed_in(request.getfixturevalue(who)).get(path).status_code == 403


# --- What it costs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("", 7), ("edit/", 7), ("publish/", 6)])
def test_pages_cost_the_same_for_one_module_and_three(
    signed_in, publisher, occ, count_queries, count, path, queries
):
    made = [build_module(f"module-{number}", owner=occ) for number in range(count)]
    status = Course.Status.DRAFT
    build_course(SLUG, owner=occ, modules=made, status=status)
    browser = signed_in(publisher)
    browser.get(HERE + path)
    with count_queries(queries):
        assert browser.get(HERE + path).status_code == 200


def test_the_studio_leads_to_courses(signed_in, author, draft):
    page = signed_in(author).get("/studio/")
    assert f'href="{HERE}"' in page.text
    assert f'href="{NEW}"' in page.text


def test_running_publication_twice_changes_nothing(publisher, draft):
    publish_course(draft, by=publisher, at=NOW)
    publish_course(draft, by=publisher, at=NOW)
    assert AuditEvent.objects.filter(act="course.published").count() == 1
