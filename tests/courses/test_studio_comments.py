"""Comments at a place of a draft: who reads them, what may be done with them when, and what the pages say."""

import pytest

from courses.models import Comment, CommentThread, Revision
from courses.selectors import current_programme
from courses.selectors.drafts import version_of
from courses.services import (
    answer_comment,
    approve,
    begin_comment,
    delete_comment,
    discard,
    publish,
    resolve_comment,
    save_lesson,
    send_back,
    start_draft,
    submit,
)
from lms.accounts.models import Role
from lms.records.models import AuditEvent, Mail
from lms.records.services.audit import broken_chains
from tests.conftest import with_role

from .studio_builders import FINNISH, changed_core, core_files, draft, files_of, published

PLACE = "lesson/welcome"


@pytest.fixture
def core(author, partners, now):
    return draft(core_files(), by=author, at=now)


@pytest.fixture
def in_review(core, author, now):
    return submit(core, by=author, at=now)


@pytest.fixture
def thread(in_review, publisher, now):
    return begin_comment(
        in_review, place=PLACE, words="Say which article.", quote="thin layers", by=publisher, at=now
    )


@pytest.fixture
def stranger(lif):
    """Writes for a partner that has nothing to do with the module."""
    return with_role("stranger", Role.AUTHOR, lif)


def at(revision, path: str = "") -> str:
    return f"/studio/revisions/{revision.pk}/comments/{path}"


def here(revision, place: str = PLACE) -> str:
    return f"{at(revision)}?place={place}"


def words_of(thread) -> list[str]:
    return list(thread.comments.values_list("words", flat=True))


def acts_of(thread) -> list[str]:
    chain = f"courses.commentthread:{thread.pk}"
    return list(AuditEvent.objects.filter(chain=chain).order_by("seq").values_list("act", flat=True))


# --- Said -------------------------------------------------------------------------------------------------------------


def test_a_reviewer_comments_at_a_place(signed_in, in_review, publisher):
    browser = signed_in(publisher)
    answer = browser.post(
        here(in_review), {"words": "Say which article.", "quote": "thin layers"}, follow=True
    )
    assert "Your comment is there for the authors" in answer.text
    thread = CommentThread.objects.get()
    assert (thread.place, thread.quote, thread.number, thread.begun_by) == (
        PLACE,
        "thin layers",
        in_review.number,
        publisher,
    )
    assert words_of(thread) == ["Say which article."]
    assert "Say which article." in answer.text


@pytest.mark.parametrize(
    "place", ["about", "lesson/check", "question/check/both", "lesson/welcome"], ids=lambda place: place
)
def test_every_kind_of_place_of_a_core_can_be_spoken_of(signed_in, in_review, publisher, place):
    browser = signed_in(publisher)
    assert browser.get(here(in_review, place)).status_code == 200
    assert browser.post(here(in_review, place), {"words": "Look."}).status_code == 302
    assert CommentThread.objects.get().place == place


def test_every_place_of_a_layer_is_offered_and_can_be_spoken_of(signed_in, in_review, finnish_publisher, now):
    layer = draft(files_of(FINNISH), by=None, at=now)
    browser = signed_in(finnish_publisher)
    offered = [
        code for code, _ in browser.get(f"/studio/revisions/{layer.pk}/").context["page"].discussion.places
    ]
    assert {code.partition("/")[0] for code in offered} == {"about", "panel", "fact", "question"}
    for code in offered:
        assert browser.get(here(layer, code)).status_code == 200, code
        assert browser.post(here(layer, code), {"words": "Look."}).status_code == 302, code
    assert sorted(CommentThread.objects.values_list("place", flat=True)) == sorted(offered)


def test_the_places_of_a_core_are_all_there(signed_in, in_review, publisher):
    browser = signed_in(publisher)
    offered = browser.get(f"/studio/revisions/{in_review.pk}/").context["page"].discussion.places
    assert len(offered) > 3
    for code, _name in offered:
        assert browser.get(here(in_review, code)).status_code == 200, code


@pytest.mark.parametrize(
    "place",
    ["lesson/no-such", "panel/welcome", "lesson", "about/x", "x" * 300, "question/check", "fact/ct.ethics"],
)
def test_what_is_not_there_cannot_be_spoken_of(signed_in, in_review, publisher, place):
    browser = signed_in(publisher)
    assert browser.get(here(in_review, place)).status_code == 404
    assert browser.post(here(in_review, place), {"words": "Look."}).status_code == 404
    assert not CommentThread.objects.exists()


def test_without_a_place_the_revision_lists_them(signed_in, in_review, publisher):
    answer = signed_in(publisher).get(at(in_review))
    assert answer.url == f"/studio/revisions/{in_review.pk}/#comments"


def test_an_empty_comment_says_so_and_keeps_the_passage(signed_in, in_review, publisher):
    answer = signed_in(publisher).post(here(in_review), {"words": " ", "quote": "thin layers"})
    assert answer.status_code == 422
    assert "Write what you want to say." in answer.text
    assert "thin layers</textarea>" in answer.text


def test_too_long_a_comment_is_kept_in_its_field(signed_in, in_review, publisher):
    answer = signed_in(publisher).post(here(in_review), {"words": "x" * 4_001})
    assert answer.status_code == 422
    assert "x" * 4_001 in answer.text
    assert not CommentThread.objects.exists()


def test_the_passage_of_the_address_is_in_the_form(signed_in, in_review, publisher):
    answer = signed_in(publisher).get(f"{here(in_review)}&quote=One+core")
    assert "One core</textarea>" in answer.text


def test_a_published_revision_takes_no_new_comment(signed_in, in_review, publisher, other_publisher, now):
    for each in (publisher, other_publisher):
        approve(in_review, by=each, at=now)
    publish(in_review, by=publisher, at=now)
    browser = signed_in(publisher)
    assert "Comments are made on drafts" in browser.get(here(in_review)).text
    answer = browser.post(here(in_review), {"words": "Too late."})
    assert answer.status_code == 409
    assert not CommentThread.objects.exists()


# --- Who reads it -----------------------------------------------------------------------------------------------------


def acts_on(revision, thread) -> list[str]:
    said = thread.comments.first()
    return [
        *(at(revision, f"{thread.pk}/{act}/") for act in ("answer", "resolve", "reopen")),
        at(revision, f"said/{said.pk}/"),
        at(revision, f"said/{said.pk}/delete/"),
    ]


def test_another_partners_author_finds_nothing(signed_in, in_review, thread, stranger):
    browser = signed_in(stranger)
    assert browser.get(here(in_review)).status_code == 404
    assert [browser.post(url, {"words": "x"}).status_code for url in acts_on(in_review, thread)] == [404] * 5
    assert words_of(thread) == ["Say which article."]


def test_whoever_reads_only_what_is_published_learns_of_no_comment(
    signed_in, in_review, thread, stranger, publisher, other_publisher, lif, now
):
    """A partner with a translation sees the published core, and nothing of how it came about."""
    for each in (publisher, other_publisher):
        approve(in_review, by=each, at=now)
    publish(in_review, by=publisher, at=now)
    in_review.edition.module.editions.create(kind="translation", language="fi", owner=lif)
    browser = signed_in(stranger)
    page = browser.get(f"/studio/revisions/{in_review.pk}/")
    assert page.status_code == 200
    assert page.context["page"].discussion is None
    assert "omment" not in page.text.partition("<main")[2].partition("</main")[0]
    assert browser.get(here(in_review)).status_code == 404
    assert browser.get("/studio/").text.count("Say which article") == 0


@pytest.mark.parametrize("who", ["learner", "coordinator", "administrator"])
def test_people_without_a_studio_role_are_refused(signed_in, in_review, thread, who, request):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(here(in_review)).status_code == 403
    assert [browser.post(url).status_code for url in acts_on(in_review, thread)] == [403] * 5


def test_a_thread_of_another_edition_is_not_here(signed_in, in_review, thread, author, publisher, now):
    other = draft(core_files("another"), by=author, at=now)
    browser = signed_in(publisher)
    assert [browser.post(url, {"words": "x"}).status_code for url in acts_on(other, thread)] == [404] * 5


# --- Answered, resolved, reopened -------------------------------------------------------------------------------------


def test_the_author_answers_and_the_reviewer_resolves(signed_in, in_review, thread, author, publisher):
    signed_in(author).post(at(in_review, f"{thread.pk}/answer/"), {"words": "Article 8, added."})
    answer = signed_in(publisher).post(at(in_review, f"{thread.pk}/resolve/"), {"seen": "2"}, follow=True)
    assert "Resolved. It stays with the history" in answer.text
    thread.refresh_from_db()
    assert (thread.is_open, thread.resolved_by) == (False, publisher)
    assert words_of(thread) == ["Say which article.", "Article 8, added."]
    assert acts_of(thread) == ["comment.begun", "comment.answered", "comment.resolved"]


def test_an_empty_answer_says_so_at_its_thread(signed_in, in_review, thread, author):
    answer = signed_in(author).post(at(in_review, f"{thread.pk}/answer/"), {"words": ""})
    assert answer.status_code == 422
    assert f'id="id_answer_{thread.pk}_words_error"' in answer.text


def test_what_is_resolved_is_reopened_before_it_is_answered(signed_in, in_review, thread, author, now):
    resolve_comment(thread, seen=1, by=author, at=now)
    answer = signed_in(author).post(at(in_review, f"{thread.pk}/answer/"), {"words": "One more thing."})
    assert answer.status_code == 409
    assert "This comment has been resolved meanwhile. Reopen it to go on." in answer.text
    signed_in(author).post(at(in_review, f"{thread.pk}/reopen/"))
    thread.refresh_from_db()
    assert (thread.is_open, thread.resolved_by) == (True, None)


def test_resolving_unseen_answers_is_refused(signed_in, in_review, thread, author, publisher, now):
    answer_comment(thread, words="But why?", by=author, at=now)
    answer = signed_in(publisher).post(at(in_review, f"{thread.pk}/resolve/"), {"seen": "1"}, follow=True)
    assert "Somebody has answered since you opened this page." in answer.text
    thread.refresh_from_db()
    assert thread.is_open


def test_twice_is_once(signed_in, in_review, thread, publisher, author):
    for person in (publisher, author, author):
        signed_in(person).post(at(in_review, f"{thread.pk}/resolve/"), {"seen": "1"})
    for _again in range(2):
        signed_in(author).post(at(in_review, f"{thread.pk}/reopen/"))
    assert acts_of(thread) == ["comment.begun", "comment.resolved", "comment.reopened"]


# --- One's own words --------------------------------------------------------------------------------------------------


def test_ones_own_words_are_changed_while_nobody_answered(signed_in, in_review, thread, publisher):
    said = thread.comments.get()
    browser = signed_in(publisher)
    assert "Say which article.</textarea>" in browser.get(at(in_review, f"said/{said.pk}/")).text
    answer = browser.post(at(in_review, f"said/{said.pk}/"), {"words": "Say which paragraph."}, follow=True)
    assert "Say which paragraph." in answer.text
    assert "changed afterwards" in answer.text


def test_nobody_changes_the_words_of_somebody_else(signed_in, in_review, thread, author):
    said = thread.comments.get()
    for act in ("", "delete/"):
        url = at(in_review, f"said/{said.pk}/{act}")
        assert signed_in(author).get(url).status_code == 403
        assert signed_in(author).post(url, {"words": "x"}).status_code == 403
    assert words_of(thread) == ["Say which article."]


def test_what_was_answered_stays_as_it_was_said(signed_in, in_review, thread, author, publisher, now):
    said = thread.comments.get()
    answer_comment(thread, words="Article 8.", by=author, at=now)
    changed = signed_in(publisher).post(at(in_review, f"said/{said.pk}/"), {"words": "Never mind."})
    assert changed.status_code == 409
    assert "Somebody has answered, so what was said stays as it is." in changed.text
    assert "Never mind.</textarea>" in changed.text
    deleted = signed_in(publisher).post(at(in_review, f"said/{said.pk}/delete/"), follow=True)
    assert "Somebody has answered, so what was said stays as it is." in deleted.text
    assert words_of(thread) == ["Say which article.", "Article 8."]


def test_a_comment_alone_is_deleted_with_its_thread(signed_in, in_review, thread, publisher):
    said = thread.comments.get()
    browser = signed_in(publisher)
    assert "Delete this comment?" in browser.get(at(in_review, f"said/{said.pk}/delete/")).text
    answer = browser.post(at(in_review, f"said/{said.pk}/delete/"), follow=True)
    assert "Your comment is deleted." in answer.text
    assert not CommentThread.objects.exists()
    assert browser.post(at(in_review, f"said/{said.pk}/delete/")).status_code == 404


def test_an_answer_is_deleted_alone(in_review, thread, author, now):
    said = answer_comment(thread, words="Article 8.", by=author, at=now)
    delete_comment(said, by=author, at=now)
    thread.refresh_from_db()
    assert words_of(thread) == ["Say which article."]
    assert thread.last_by == thread.begun_by


# --- With the edition's history ---------------------------------------------------------------------------------------


def threads_on(browser, revision) -> list[tuple[str, bool, bool]]:
    said = browser.get(f"/studio/revisions/{revision.pk}/").context["page"].discussion
    return [(thread.code, thread.is_open, thread.is_changed) for thread in said.threads]


def edit(revision, body: str, *, by, at, key: str = "welcome") -> None:
    lesson = revision.lessons.get(key=key)
    save_lesson(revision, key, {"body": body}, base=version_of(lesson), by=by, at=at)


def test_a_comment_says_whether_its_place_has_changed_since(
    signed_in, in_review, thread, author, publisher, now
):
    browser = signed_in(author)
    send_back(in_review, by=publisher, at=now, reason="See the comment.")
    assert threads_on(browser, in_review) == [(PLACE, True, False)]
    core = Revision.objects.get(pk=in_review.pk)
    edit(core, "One. Art. 8.", by=author, at=now)
    assert threads_on(browser, in_review) == [(PLACE, True, True)]
    assert "Changed since" in browser.get(here(in_review)).text


def test_what_is_open_waits_in_the_next_draft_and_what_is_settled_stays_behind(
    signed_in, in_review, thread, author, publisher, other_publisher, now
):
    settled = begin_comment(in_review, place="about", words="Longer.", by=publisher, at=now)
    resolve_comment(settled, seen=1, by=author, at=now)
    for each in (publisher, other_publisher):
        approve(in_review, by=each, at=now)
    first = publish(in_review, by=publisher, at=now)
    second = start_draft(first.edition, by=author, at=now)
    browser = signed_in(author)
    assert threads_on(browser, first) == [(PLACE, True, False), ("about", False, False)]
    assert threads_on(browser, second) == [(PLACE, True, False)]
    begin_comment(second, place=PLACE, words="Of the second.", by=author, at=now)
    assert len(threads_on(browser, first)) == 2


def test_what_was_said_of_a_lesson_that_is_gone_can_still_be_read(
    signed_in, in_review, thread, author, publisher, now
):
    in_review.lessons.filter(key="welcome").delete()
    answer = signed_in(author).get(here(in_review))
    assert answer.status_code == 200
    assert "This is not in the revision any more. What was said about it stays." in answer.text
    assert "Say which article." in answer.text
    assert signed_in(author).post(here(in_review), {"words": "x"}).status_code == 409


def test_a_discarded_draft_leaves_its_open_comments_to_the_next(
    signed_in, core, author, publisher, other_publisher, now
):
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    second = draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    thread = begin_comment(second, place=PLACE, words="Why?", by=publisher, at=now)
    discard(second, by=author, at=now)
    thread.refresh_from_db()
    assert (thread.revision, thread.number) == (None, 2)
    third = start_draft(core.edition, by=author, at=now)
    assert threads_on(signed_in(author), third) == [(PLACE, True, True)]


def test_the_first_draft_goes_with_what_was_said_of_it(core, author, publisher, now):
    begin_comment(core, place=PLACE, words="Why?", by=publisher, at=now)
    discard(core, by=author, at=now)
    assert not Comment.objects.exists()
    assert broken_chains() == []


def test_the_trail_names_nobody_and_repeats_no_word(in_review, thread, author, publisher, now):
    answer_comment(thread, words="Ask Kari.", by=author, at=now)
    events = AuditEvent.objects.filter(chain=f"courses.commentthread:{thread.pk}").order_by("seq")
    first, second = thread.comments.all()
    assert [(event.payload["meaning"], event.payload["values"]) for event in events] == [
        ("REVIEWED", {"revision": in_review.pk, "place": PLACE, "comment": first.pk}),
        ("", {"comment": second.pk}),
    ]
    thread.delete()
    assert broken_chains() == []


def test_whoever_is_gone_leaves_the_words_without_a_name(signed_in, in_review, thread, author, stranger):
    Comment.objects.update(by=None)
    CommentThread.objects.update(begun_by=None, last_by=None)
    assert "Somebody who has left" in signed_in(author).get(here(in_review)).text
    assert "Somebody who has left" in signed_in(author).get(f"/studio/revisions/{in_review.pk}/").text
    assert waiting(signed_in(author)) == [1]


# --- What waits -------------------------------------------------------------------------------------------------------


def waiting(browser) -> list[int]:
    tasks = browser.get("/studio/").context["page"].tasks
    return [task.comments for task in tasks if task.waits == "comments"]


def test_an_open_comment_waits_for_those_who_write_until_they_answer(
    signed_in, in_review, thread, author, publisher, finnish_publisher, stranger, now
):
    assert [waiting(signed_in(each)) for each in (author, publisher, finnish_publisher, stranger)] == [
        [1],
        [],
        [],
        [],
    ]
    answer_comment(thread, words="Article 8.", by=author, at=now)
    assert [waiting(signed_in(each)) for each in (author, publisher, finnish_publisher)] == [[], [1], []]
    resolve_comment(thread, seen=2, by=publisher, at=now)
    assert waiting(signed_in(publisher)) == []


def test_a_reviewer_of_another_partner_is_told_of_the_answer(
    signed_in, in_review, other_publisher, finnish_publisher, author, now
):
    thread = begin_comment(in_review, place="about", words="Longer.", by=finnish_publisher, at=now)
    answer_comment(thread, words="Done.", by=author, at=now)
    page = signed_in(finnish_publisher).get("/studio/")
    assert f"/studio/revisions/{in_review.pk}/#comments" in page.text
    assert "1 comment waits for your answer" in page.text


def test_open_comments_are_listed_with_what_is_still_needed_and_hold_nothing_back(
    signed_in, in_review, thread, publisher, other_publisher, now
):
    page = signed_in(publisher).get(f"/studio/revisions/{in_review.pk}/").text
    assert "1 open comment</a>" in page
    assert "may be published all the same" in page
    for each in (publisher, other_publisher):
        approve(in_review, by=each, at=now)
    assert publish(in_review, by=publisher, at=now).status == "published"


def test_the_editor_shows_what_is_open_at_the_lesson(signed_in, in_review, thread, author, publisher, now):
    begin_comment(in_review, place="about", words="Elsewhere.", by=publisher, at=now)
    send_back(in_review, by=publisher, at=now, reason="See the comments.")
    page = signed_in(author).get(f"/studio/revisions/{in_review.pk}/lessons/welcome/").text
    assert "Say which article." in page
    assert "Elsewhere." not in page
    assert f"{at(in_review)}?place={PLACE}#c-{thread.pk}" in page


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("panel/welcome/ethics/en", "panels/welcome/?anchor=ethics"),
        ("fact/ct.ethics", "facts/ct.ethics/"),
    ],
)
def test_the_editor_of_a_layer_shows_what_is_open_there(
    signed_in, in_review, pharma_centre, finnish_publisher, now, place, path
):
    layer = draft(files_of(FINNISH), by=None, at=now)
    begin_comment(layer, place=place, words="Say since when.", by=finnish_publisher, at=now)
    writer = signed_in(with_role("finn", Role.AUTHOR, pharma_centre))
    assert "Say since when." in writer.get(f"/studio/revisions/{layer.pk}/{path}").text


# --- Letters ----------------------------------------------------------------------------------------------------------


def test_authors_get_one_letter_each_time_it_is_sent_back(in_review, thread, author, publisher, now):
    colleague = with_role("colleague", Role.AUTHOR, in_review.edition.owner, language="sv")
    in_review.authors.add(colleague, publisher)
    send_back(in_review, by=publisher, at=now, reason="Say which article.")
    letters = Mail.objects.filter(kind="revision_sent_back").order_by("recipient")
    assert [(letter.recipient, letter.language) for letter in letters] == [
        (author.email, "en"),
        (colleague.email, "sv"),
    ]
    body = letters[0].body
    assert "Say which article." in body
    assert "1 comment is open at its place in the draft." in body
    assert f"/studio/revisions/{in_review.pk}/#comments" in body


def test_taking_it_back_oneself_sends_no_letter(in_review, author, now):
    send_back(in_review, by=author, at=now, reason="A mistake.")
    assert not Mail.objects.exists()


# --- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_comment_and_for_three(
    signed_in, in_review, author, publisher, count_queries, count, now
):
    for _one in range(count):
        said = begin_comment(in_review, place=PLACE, words="Look.", by=publisher, at=now)
        answer_comment(said, words="Where?", by=author, at=now)
    browser = signed_in(author)
    current_programme()
    browser.get(here(in_review))
    with count_queries(9):
        browser.get(here(in_review))
    with count_queries(18):
        browser.get(f"/studio/revisions/{in_review.pk}/")
    send_back(in_review, by=author, at=now, reason="x")
    with count_queries(15):
        browser.get(f"/studio/revisions/{in_review.pk}/lessons/welcome/")
