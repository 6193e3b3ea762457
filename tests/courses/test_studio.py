"""The studio's first page and the page of a module: what waits, for whom, and what it costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Edition, Fact, Module, Programme, ProgrammePartner, Revision
from courses.selectors import current_programme, forget_programme
from courses.services import approve, send_back, submit
from lms.accounts.models import Membership, Role
from tests.conftest import with_role

from .builders import build_course
from .bundle.samples import good_files
from .studio_builders import (
    CORE,
    FINNISH,
    SWEDISH,
    changed_core,
    core_files,
    draft,
    files_of,
    imported,
    published,
)


@pytest.fixture(autouse=True)
def programme(partners):
    programme = Programme.objects.create(
        title={"en": "Programme"}, coordinator=partners[0], countries=["FI", "NO", "SE"]
    )
    for position, partner in enumerate(partners):
        ProgrammePartner.objects.create(programme=programme, organisation=partner, position=position)
    forget_programme()
    current_programme()


@pytest.fixture
def core(author, now):
    return draft(core_files(), by=author, at=now)


def tasks(client) -> list[tuple[str, str]]:
    return [(str(task.waits), task.name) for task in client.get("/studio/").context["page"].tasks]


# --- Who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["learner", "coordinator", "administrator"])
@pytest.mark.parametrize("path", ["/studio/", "/studio/import/", "/studio/modules/small-module/"])
def test_people_without_a_studio_role_are_refused(who, path, core, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/studio/", "/studio/import/", "/studio/modules/small-module/"])
def test_anonymous_is_asked_to_log_in(client, path, core):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_author_without_modules_gets_the_first_step(signed_in, author):
    page = signed_in(author).get("/studio/")
    assert "No module yet" in page.text
    assert page.text.count('data-variant="primary"') == 1


@pytest.mark.parametrize("path", ["/studio/", "/studio/modules/small-module/"])
def test_pages_are_only_read(signed_in, author, core, path):
    assert signed_in(author).post(path).status_code == 405


# --- What waits -------------------------------------------------------------------------------------------------------


def test_a_fresh_draft_waits_for_nobody(signed_in, author, core):
    assert tasks(signed_in(author)) == []


def test_whoever_can_approve_sees_that(signed_in, core, author, publisher, other_publisher, now):
    submit(core, by=author, at=now)
    assert tasks(signed_in(author)) == []
    assert tasks(signed_in(publisher)) == [("approval", "Core")]
    assert tasks(signed_in(other_publisher)) == [("approval", "Core")]


def test_an_approval_that_is_given_does_not_wait_any_more(
    signed_in, core, author, publisher, other_publisher, now
):
    submit(core, by=author, at=now)
    approve(core, by=publisher, at=now)
    assert tasks(signed_in(publisher)) == []
    assert tasks(signed_in(other_publisher)) == [("approval", "Core")]


def test_the_owner_publishes_once_all_approved(signed_in, core, author, publisher, other_publisher, now):
    submit(core, by=author, at=now)
    for each in (publisher, other_publisher):
        approve(core, by=each, at=now)
    assert tasks(signed_in(publisher)) == [("publication", "Core")]
    assert tasks(signed_in(other_publisher)) == []


def test_a_publisher_who_wrote_it_has_nothing_to_approve(signed_in, core, author, occ, now):
    Membership.objects.create(user=author, organisation=occ, role=Role.PUBLISHER, starts_on=now.date())
    submit(core, by=author, at=now)
    assert tasks(signed_in(author)) == []


def test_authors_see_the_reason_of_what_was_sent_back(signed_in, core, author, publisher, now):
    submit(core, by=author, at=now)
    send_back(core, by=publisher, at=now, reason="Article 8 is missing.")
    page = signed_in(author).get("/studio/")
    assert tasks(signed_in(author)) == [("correction", "Core")]
    assert "Article 8 is missing." in page.text
    assert "Publisher" in page.text


def test_submitted_again_it_is_no_correction_any_more(signed_in, core, author, publisher, now):
    submit(core, by=author, at=now)
    send_back(core, by=publisher, at=now, reason="Article 8 is missing.")
    submit(core, by=author, at=now + timedelta(days=1))
    assert tasks(signed_in(author)) == []


def test_other_partners_authors_see_none_of_it(signed_in, core, lif):
    page = signed_in(with_role("stranger", Role.AUTHOR, lif)).get("/studio/")
    assert not page.context["page"].modules
    assert not page.context["page"].map.rows


# --- What has aged ----------------------------------------------------------------------------------------------------


@pytest.fixture
def everything_published(author, publisher, other_publisher, finnish_publisher, now):
    """The small module, whole: core, Swedish, Finland."""
    parts = {part.edition.kind: part.revision for part in imported(good_files(), by=None, at=now).editions}
    publishers = [publisher, other_publisher]
    published(parts["core"], author=author, publishers=publishers, at=now)
    published(parts["translation"], author=author, publishers=[publisher], at=now)
    published(parts["layer"], author=author, publishers=[finnish_publisher], at=now)
    return parts


def test_a_changed_core_makes_its_translation_stale(
    signed_in, everything_published, author, publisher, other_publisher, now
):
    client = signed_in(author)
    before = [(row.name, row.staleness) for row in client.get("/studio/").context["page"].modules[0].editions]
    again = draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    published(again, author=author, publishers=[publisher, other_publisher], at=now)
    rows = {row.name: row for row in client.get("/studio/").context["page"].modules[0].editions}
    assert [(name, stale.changed) for name, stale in before] == [("Core", 0), ("Finland", 0), ("Swedish", 2)]
    assert (rows["Swedish"].staleness.changed, rows["Swedish"].staleness.missing) == (2, 1)
    assert ("translation", "Swedish") in tasks(client)


def test_overdue_facts_wait_for_the_layers_people_only(
    signed_in, everything_published, author, finnish_publisher
):
    Fact.objects.filter(key="ct.ethics").update(review_due_on=timezone.localdate() - timedelta(days=1))
    assert tasks(signed_in(finnish_publisher)) == [("checks", "Finland")]
    assert ("checks", "Finland") not in tasks(signed_in(author))
    page = signed_in(author).get("/studio/modules/small-module/")
    assert [(fact.key, fact.country) for fact in page.context["page"].overdue] == [("ct.ethics", "Finland")]


# --- Where it is adapted ----------------------------------------------------------------------------------------------


def states(client) -> dict[str, str]:
    page = client.get("/studio/").context["page"]
    shown = {cell.name: cell.state for cell in page.map.rows[0].countries}
    assert tuple(shown) == page.map.countries
    return shown


def test_the_map_tells_how_far_each_country_is(signed_in, core, author, finnish_publisher, now):
    client = signed_in(author)
    assert states(client) == {"Finland": "", "Norway": "", "Sweden": ""}
    layer = draft(files_of(FINNISH), by=None, at=now)
    assert states(client)["Finland"] == "draft"
    submit(layer, by=author, at=now)
    assert states(client)["Finland"] == "in_review"
    Edition.objects.filter(pk=layer.edition_id).update(current=layer)
    assert states(client)["Finland"] == "published"


def test_other_partners_see_published_modules_on_the_map_without_drafts(
    signed_in, core, author, publisher, other_publisher, lif, now
):
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    draft(files_of(FINNISH), by=None, at=now)
    assert states(signed_in(with_role("stranger", Role.AUTHOR, lif))) == {
        "Finland": "",
        "Norway": "",
        "Sweden": "",
    }
    assert states(signed_in(author))["Finland"] == "draft"


def test_own_courses_are_listed_drafts_too(signed_in, author, occ, lif):
    build_course("ours", owner=occ, status="draft")
    build_course("theirs", owner=lif)
    courses = signed_in(author).get("/studio/").context["page"].courses
    assert [(row.course.slug, row.modules) for row in courses] == [("ours", 1)]


# --- One module -------------------------------------------------------------------------------------------------------


def test_the_module_lists_its_editions_and_revisions(signed_in, everything_published, author, now):
    draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    page = signed_in(author).get("/studio/modules/small-module/").context["page"]
    listed = [(each.row.name, [(one.number, one.status) for one in each.revisions]) for each in page.editions]
    assert listed == [
        ("Core", [(2, "draft"), (1, "published")]),
        ("Finland", [(1, "published")]),
        ("Swedish", [(1, "published")]),
    ]


def test_module_of_another_partner_is_not_there(signed_in, core, lif):
    stranger = signed_in(with_role("stranger", Role.AUTHOR, lif))
    assert stranger.get("/studio/modules/small-module/").status_code == 404
    assert stranger.get("/studio/modules/nothing/").status_code == 404


def test_who_adapts_a_module_reads_its_published_core_but_no_draft_of_it(
    signed_in, everything_published, author, pharma_centre, now
):
    again = draft(changed_core("thin layers", "thin national layers"), by=author, at=now)
    adapter = signed_in(with_role("adapter", Role.AUTHOR, pharma_centre))
    assert [row.open for row in adapter.get("/studio/").context["page"].modules[0].editions] == [
        None,
        None,
        None,
    ]
    page = adapter.get("/studio/modules/small-module/")
    assert [one.number for one in page.context["page"].editions[0].revisions] == [1]
    assert adapter.get(f"/studio/revisions/{everything_published['core'].pk}/").status_code == 200
    assert adapter.get(f"/studio/revisions/{again.pk}/").status_code == 404


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_studio_costs_the_same_for_one_module_and_three(
    signed_in, author, publisher, count, count_queries, now
):
    for number in range(count):
        first = draft(core_files(key=f"module-{number}"), by=author, at=now)
        submit(first, by=author, at=now)
        returned = draft(core_files(key=f"returned-{number}"), by=author, at=now)
        submit(returned, by=author, at=now)
        send_back(returned, by=publisher, at=now, reason="Again.")
        build_course(f"course-{number}", owner=author.memberships.get().organisation)
    client = signed_in(author)
    with count_queries(18):
        page = client.get("/studio/").context["page"]
    assert len(page.modules) == 3 * count  # each course brings one of its own


@pytest.mark.parametrize("parts", [[CORE], [CORE, SWEDISH, FINNISH]])
def test_a_module_costs_the_same_with_one_edition_and_three(signed_in, author, parts, count_queries, now):
    imported(files_of(*parts), by=None, at=now)
    client = signed_in(author)
    with count_queries(19):
        page = client.get("/studio/modules/small-module/").context["page"]
    assert len(page.editions) == len(parts)


# --- At the size of a whole programme ---------------------------------------------------------------------------------


def programme_of(owner, modules: int) -> None:
    """Modules with a core, three translations and eight layers each, all published."""
    Module.objects.bulk_create(
        Module(key=f"m{number:03}", owner=owner, subject="regulatory", title={"en": f"Module {number}"})
        for number in range(modules)
    )
    places = [{"kind": "core"}]
    places += [{"kind": "translation", "language": language} for language in ("sv", "nb", "fi")]
    places += [
        {"kind": "layer", "country": code} for code in ("DK", "EE", "FI", "IS", "LT", "LV", "NO", "SE")
    ]
    made = list(Module.objects.order_by("key"))
    Edition.objects.bulk_create(
        Edition(module=module, owner=owner, **place) for module in made for place in places
    )
    lesson = {"key": "one", "kind": "text", "title": "One", "hash": "a" * 64, "minutes": 5, "required": True}
    translated = {"key": "one", "title": "Ett", "source_hash": "a" * 64, "review": "awaiting-native-reviewer"}
    outlines = {"core": [lesson], "translation": [translated], "layer": []}
    now = timezone.now()
    editions = list(Edition.objects.all())
    Revision.objects.bulk_create(
        Revision(
            edition=edition, number=1, outline=outlines[edition.kind], content_hash="0" * 64,
            status="published", created_at=now, published_at=now,
        )
        for edition in editions
    )  # fmt: skip
    revisions = {revision.edition_id: revision for revision in Revision.objects.all()}
    for edition in editions:
        edition.current = revisions[edition.pk]
    Edition.objects.bulk_update(editions, ["current"], batch_size=400)


@pytest.mark.slow
def test_two_hundred_modules_and_twenty_thousand_facts_are_cut_into_pages(
    signed_in, author, occ, count_queries
):
    programme_of(occ, 200)
    late = timezone.localdate() - timedelta(days=1)
    Fact.objects.bulk_create(
        (
            Fact(module=module, key=f"f{number}", country="FI", status="verified", review_due_on=late)
            for module in Module.objects.all()
            for number in range(100)
        ),
        batch_size=2_000,
    )
    client = signed_in(author)
    with count_queries(13):
        first = client.get("/studio/").context["page"]
    assert (len(first.modules), len(first.map.rows), first.page.paginator.count) == (25, 25, 200)
    assert (len(first.tasks), first.waiting, first.more) == (50, 200, 150)
    with count_queries(13):
        last = client.get("/studio/?page=8")
    assert [row.module.key for row in last.context["page"].map.rows][-1] == "m199"
    assert "150 more wait, and are shown when these are done." in last.text


def test_the_map_tells_what_published_editions_need(signed_in, author, occ, lif):
    programme_of(occ, 1)
    module = Module.objects.get()
    Fact.objects.create(
        module=module,
        key="f",
        country="FI",
        status="verified",
        review_due_on=timezone.localdate() - timedelta(days=1),
    )
    Edition.objects.filter(language="nb").update(current=None)
    swedish = Edition.objects.get(language="sv")
    Revision.objects.create(
        edition=swedish,
        number=2,
        outline=[{"key": "one", "title": "Ett", "source_hash": "b" * 64}],
        created_at=timezone.now(),
    )
    Edition.objects.filter(language="sv").update(current=swedish.revisions.get(number=2))
    page = signed_in(author).get("/studio/")
    (row,) = page.context["page"].map.rows
    states = {cell.code: cell.state for cell in (*row.languages, *row.countries)}
    assert states | {"DK": "published"} == states
    assert {code: states[code] for code in ("en", "sv", "nb", "fi", "FI")} == {
        "en": "published",
        "sv": "stale",
        "nb": "draft",
        "fi": "awaiting",
        "FI": "overdue",
    }
    for words in ("Checks overdue", "Out of date", "Awaits a native speaker"):
        assert words in page.text
    assert f'<a href="/studio/revisions/{Edition.objects.get(country="FI").current_id}/">' in page.text
    other = signed_in(with_role("stranger", Role.AUTHOR, lif)).get("/studio/")
    assert f'<a href="/studio/revisions/{Edition.objects.get(country="FI").current_id}/">' not in other.text
