"""From a bundle to what learners read: import, approval, publication, and what the database then refuses."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction

from courses import errors
from courses.approval import still_needed
from courses.bundle import read_folder
from courses.models import Edition, Fact, FactCheck, Lesson, Module, Rendering, Revision
from courses.services import approve, check_fact, import_bundle, publish, send_back, submit
from courses.services.storing import file_of
from lms.accounts.models import Membership, Role
from lms.records.models import AuditEvent

LIBRARY = Path(__file__).parents[2] / "courses" / "library"
Status = Revision.Status


@pytest.fixture
def trials(partners):
    return read_folder(LIBRARY / "clinical-trials")


@pytest.fixture
def core_only(trials):
    return replace(trials, translations={}, layers={})


@pytest.fixture
def finnish_layer(trials):
    return replace(trials, core=None, translations={}, layers={"FI": trials.layers["FI"]})


def draft_of(module: Module, **names) -> Revision:
    return Edition.objects.get(module=module, **names).revisions.get()


@pytest.fixture
def core(core_only, author, now) -> Revision:
    return import_bundle(core_only, by=author, at=now).editions[0].revision


@pytest.fixture
def in_review(core, author, now) -> Revision:
    return submit(core, by=author, at=now)


@pytest.fixture
def published(in_review, publisher, other_publisher, now) -> Revision:
    approve(in_review, by=publisher, at=now)
    approve(in_review, by=other_publisher, at=now)
    return publish(in_review, by=publisher, at=now)


# --- Import -------------------------------------------------------------------------------------------------------


def test_half_a_file_of_a_killed_import_is_written_again(core_only, author, now):
    asset = next(iter(core_only.assets.values()))
    default_storage.save(file_of(asset.sha256), ContentFile(asset.read()[:7]))
    import_bundle(core_only, by=author, at=now)
    with default_storage.open(file_of(asset.sha256)) as stored:
        assert stored.read() == asset.read()


def test_import_makes_one_draft_of_each_edition(trials, now):
    outcome = import_bundle(trials, by=None, at=now)
    nordic = {"Denmark", "Finland", "Iceland", "Norway", "Sweden"}
    assert {str(part.edition.name): part.change for part in outcome.editions} == dict.fromkeys(
        {"Core", "Svenska", *nordic, "Estonia", "Latvia", "Lithuania"}, "created"
    )
    assert set(Revision.objects.values_list("status", flat=True)) == {Status.DRAFT}


def test_importing_the_same_again_writes_nothing(core_only, core, author, now):
    events = AuditEvent.objects.count()
    outcome = import_bundle(core_only, by=author, at=now)
    assert not outcome.changed
    assert Revision.objects.count() == 1
    assert AuditEvent.objects.count() == events


def test_importing_a_change_updates_the_draft_and_keeps_what_was(core_only, core, author, now):
    first, *others = core_only.core.lessons
    changed = replace(
        core_only, core=replace(core_only.core, lessons=(replace(first, title="New title"), *others))
    )
    outcome = import_bundle(changed, by=author, at=now)
    assert outcome.editions[0].change == "updated"
    core.refresh_from_db()
    assert core.lessons.first().title == "New title"
    assert core.version == 2
    assert core.saved_states.get().content["lessons"][0]["title"] == first.title


def titled(bundle, title):
    first, *others = bundle.core.lessons
    return replace(bundle, core=replace(bundle.core, lessons=(replace(first, title=title), *others)))


def test_saved_states_are_thinned_to_the_last_fifty_and_then_one_an_hour(core_only, core, author, now):
    """Eighty saves, one a minute: of the thirty oldest the last of their hour stays."""
    for minute in range(1, 81):
        import_bundle(titled(core_only, f"Title {minute}"), by=author, at=now + timedelta(minutes=minute))
    kept = [
        int((saved - now).total_seconds()) // 60
        for saved in core.saved_states.values_list("saved_at", flat=True)
    ]
    oldest = range(1, 31)
    hours = {(now + timedelta(minutes=minute)).hour: minute for minute in oldest}
    assert kept == sorted({*hours.values(), *range(31, 81)}, reverse=True)


def with_co_owners(bundle, *slugs):
    return replace(bundle, module=replace(bundle.module, co_owners=slugs))


def co_owners(core):
    return set(core.edition.module.co_owners.values_list("slug", flat=True))


def test_a_draft_says_anew_who_owns_it_too(core_only, core, author, now):
    import_bundle(with_co_owners(core_only, "lif"), by=author, at=now)
    assert co_owners(core) == {"lif"}


def test_an_unknown_co_owner_is_named(core_only, core, author, now):
    with pytest.raises(errors.UnknownOwner, match="nobody"):
        import_bundle(with_co_owners(core_only, "nobody"), by=author, at=now)


def test_once_published_co_owners_change_with_a_publication(
    core_only, published, author, publisher, other_publisher, now
):
    before = co_owners(published)
    draft = import_bundle(with_co_owners(core_only, "lif"), by=author, at=now).editions[0].revision
    assert co_owners(published) == before != {"lif"}
    submit(draft, by=author, at=now)
    for each in (publisher, other_publisher):
        approve(draft, by=each, at=now)
    publish(draft, by=publisher, at=now)
    assert co_owners(published) == {"lif"}


def test_author_of_another_partner_cannot_import_the_layer(trials, author, now):
    with pytest.raises(errors.OwnedByAnother) as refused:
        import_bundle(trials, by=author, at=now)
    assert "Lääketietokeskus" in str(refused.value) or "Pharmaceutical" in str(refused.value)
    assert not Module.objects.exists()


def test_module_key_of_another_owner_is_refused(core_only, core, now):
    other = replace(core_only, module=replace(core_only.module, owner="lif"))
    with pytest.raises(errors.KeyTakenByAnother):
        import_bundle(other, by=None, at=now)


def test_unknown_owner_is_named(core_only, author, now):
    other = replace(core_only, module=replace(core_only.module, owner="nobody"))
    with pytest.raises(errors.UnknownOwner, match="nobody"):
        import_bundle(other, by=author, at=now)


def test_layer_without_a_core_here_is_refused(finnish_layer, now):
    with pytest.raises(errors.NoCoreYet):
        import_bundle(finnish_layer, by=None, at=now)


def test_layer_alone_is_checked_against_the_core_here(finnish_layer, core, now):
    panel = replace(finnish_layer.layers["FI"].panels[0], lesson="not-there")
    strange = replace(finnish_layer, layers={"FI": replace(finnish_layer.layers["FI"], panels=(panel,))})
    from courses.bundle import BundleRefused

    with pytest.raises(BundleRefused, match="not-there"):
        import_bundle(strange, by=None, at=now)
    assert not Edition.objects.filter(kind=Edition.Kind.LAYER).exists()


def test_import_refuses_while_in_review(core_only, in_review, author, now):
    first, *others = core_only.core.lessons
    changed = replace(core_only, core=replace(core_only.core, lessons=(replace(first, minutes=99), *others)))
    with pytest.raises(errors.InReview, match=f"Open http.*/studio/revisions/{in_review.pk}/, choose"):
        import_bundle(changed, by=author, at=now)


# --- Approval -----------------------------------------------------------------------------------------------------


def test_a_first_core_is_major_and_needs_owner_and_another_country(in_review):
    assert in_review.change_class == Revision.ChangeClass.MAJOR
    assert [need.words for need in still_needed(in_review)] == [
        "a publisher of OCC Incubator",
        "a publisher of a partner in another country",
    ]


def test_author_cannot_approve_even_as_publisher(in_review, author, occ, now):
    Membership.objects.create(user=author, organisation=occ, role=Role.PUBLISHER, starts_on=now.date())
    with pytest.raises(errors.AuthorCannotApprove):
        approve(in_review, by=author, at=now)


def test_approving_twice_is_one_approval(in_review, publisher, now):
    assert approve(in_review, by=publisher, at=now) == approve(in_review, by=publisher, at=now)
    assert in_review.approvals.count() == 1


def test_a_second_publisher_of_the_owner_is_not_needed(in_review, publisher, author, occ, now):
    from tests.conftest import with_role

    approve(in_review, by=publisher, at=now)
    with pytest.raises(errors.ApprovalNotNeeded):
        approve(in_review, by=with_role("third", Role.PUBLISHER, occ), at=now)


def test_coordinator_cannot_approve(in_review, coordinator, now):
    with pytest.raises(errors.ApprovalNotNeeded):
        approve(in_review, by=coordinator, at=now)


def test_layer_needs_a_partner_of_its_country(
    published, finnish_layer, author, publisher, finnish_publisher, now
):
    layer = import_bundle(finnish_layer, by=None, at=now).editions[0].revision
    layer = submit(layer, by=author, at=now)
    with pytest.raises(errors.ApprovalNotNeeded):
        approve(layer, by=publisher, at=now)
    approve(layer, by=finnish_publisher, at=now)
    assert publish(layer, by=finnish_publisher, at=now).status == Status.PUBLISHED


def test_a_layer_remembers_whether_a_partner_of_its_country_has_approved_it(
    published, trials, author, publisher, finnish_publisher, now
):
    layers = replace(trials, core=None, translations={})
    ours = [each.revision for each in import_bundle(layers, by=None, at=now).editions]
    lacking = {}
    for layer in ours:
        country = layer.edition.country
        if country in ("FI", "LV"):
            by = finnish_publisher if country == "FI" else publisher
            layer = submit(layer, by=author, at=now)
            approve(layer, by=by, at=now)
            lacking[country] = publish(layer, by=by, at=now).lacks_local_review
    assert lacking == {"FI": False, "LV": True}
    assert Revision.objects.filter(lacks_local_review=True).count() == 1
    assert published.lacks_local_review is False


def test_nobody_unsays_it_of_a_published_layer(published):
    with pytest.raises(DatabaseError, match="a published revision cannot be changed"), transaction.atomic():
        Revision.objects.filter(pk=published.pk).update(lacks_local_review=True)


def test_sending_back_clears_approvals(in_review, publisher, other_publisher, now):
    approve(in_review, by=publisher, at=now)
    draft = send_back(in_review, by=other_publisher, at=now, reason="A source is missing.")
    assert draft.status == Status.DRAFT
    assert not draft.approvals.exists()


# --- Publication --------------------------------------------------------------------------------------------------


def test_publishing_without_approvals_says_what_is_needed(in_review, publisher, now):
    with pytest.raises(errors.ApprovalsMissing, match="another country"):
        publish(in_review, by=publisher, at=now)
    in_review.refresh_from_db()
    assert in_review.status == Status.IN_REVIEW


def test_a_draft_cannot_be_published(core, publisher, now):
    with pytest.raises(errors.NotInReview):
        publish(core, by=publisher, at=now)


def test_publication_renders_once_and_fills_the_catalogue(published):
    module = published.edition.module
    module.refresh_from_db()
    assert module.languages == ["en"]
    assert [lesson["key"] for lesson in published.outline][:2] == ["one-application", "the-clock"]
    video = next(lesson["video"] for lesson in published.outline if lesson["kind"] == "video")
    assert video["src"].endswith("/clock.mp4")
    html = Rendering.objects.get(revision=published, lesson_key="one-application").html
    assert "<figure" in html
    assert 'data-country-anchor=""' in html


@pytest.mark.postgres
def test_publishing_locks_in_the_order_of_an_import(
    core_only, in_review, publisher, other_publisher, now, django_assert_max_num_queries
):
    for each in (publisher, other_publisher):
        approve(in_review, by=each, at=now)
    with django_assert_max_num_queries(200) as context:
        publish(in_review, by=publisher, at=now)
    locks = [query["sql"] for query in context.captured_queries if "FOR UPDATE" in query["sql"]]
    assert [sql.partition('FROM "')[2].partition('"')[0] for sql in locks] == [
        "courses_module",
        "courses_revision",
    ]


def test_publishing_twice_changes_nothing(published, publisher, now):
    events = AuditEvent.objects.count()
    assert publish(published, by=publisher, at=now) == published
    assert AuditEvent.objects.count() == events


def test_layer_publication_dates_its_facts(published, finnish_layer, finnish_publisher, author, now):
    layer = submit(import_bundle(finnish_layer, by=None, at=now).editions[0].revision, by=author, at=now)
    approve(layer, by=finnish_publisher, at=now)
    publish(layer, by=finnish_publisher, at=now)
    fact = Fact.objects.get(key="ct.ethics", country="FI")
    assert (fact.status, str(fact.checked_on), str(fact.review_due_on)) == (
        "verified",
        "2026-11-20",
        "2027-05-20",
    )
    assert Fact.objects.get(key="ct.lang.synopsis").status == "open"
    assert published.edition.module.editions.get(country="FI").current == layer


# --- Facts checked again ------------------------------------------------------------------------------------------


FACT = "ct.ethics"
LATER = timedelta(days=60)


@pytest.fixture
def republish(published, finnish_layer, author, finnish_publisher, now):
    """Publish the layer, after the first time with a changed panel and a fact as given."""

    def republish(**fact):
        layer = finnish_layer.layers["FI"]
        facts = tuple(replace(each, **fact) if each.key == FACT else each for each in layer.facts)
        panel, *others = layer.panels
        panels = (replace(panel, body=f"{panel.body}\n\n{fact}"), *others)
        # No question may rest on a fact that is not verified.
        quiz = layer.quiz if fact.get("status", "verified") == "verified" else None
        layer = replace(layer, facts=facts, panels=panels, quiz=quiz)
        changed = replace(finnish_layer, layers={"FI": layer})
        revision = submit(import_bundle(changed, by=None, at=now).editions[0].revision, by=author, at=now)
        approve(revision, by=finnish_publisher, at=now)
        publish(revision, by=finnish_publisher, at=now)

    return republish


def standing():
    fact = Fact.objects.get(key=FACT, country="FI")
    return fact.status, str(fact.checked_on), str(fact.review_due_on)


@pytest.fixture
def checked_later(republish, finnish_publisher, now):
    """Published as verified on 20 November 2026, and looked at again two months later."""
    republish()

    def check(status):
        fact = Fact.objects.get(key=FACT, country="FI")
        owner = fact.checked_by
        return check_fact(fact, status=status, organisation=owner, by=finnish_publisher, at=now + LATER)

    return check


def test_checking_a_fact_again_makes_no_version_and_is_due_in_half_a_year(checked_later, now):
    revisions = Revision.objects.count()
    check = checked_later("verified")
    assert (check.status, check.checked_on) == ("verified", (now + LATER).date())
    assert standing() == ("verified", "2027-01-19", "2027-07-19")
    assert Revision.objects.count() == revisions
    assert AuditEvent.objects.get(act="fact.checked").payload["values"] == {"status": "verified"}


@pytest.mark.parametrize("status", ["verified", "disputed"])
def test_publishing_a_layer_again_takes_back_no_check(checked_later, republish, status):
    checked_later(status)
    after = standing()
    republish(note="Another panel, the same facts.")
    assert standing() == after


def test_what_a_layer_left_open_and_a_check_has_settled_stays_settled(republish, checked_later):
    open_still = {"status": "confirm", "verified_on": None, "review_due": None}
    republish(**open_still)
    checked_later("verified")
    after = standing()
    republish(**open_still, note="Another panel, the same facts.")
    assert standing() == after


def test_a_check_of_the_layer_that_is_older_than_the_last_moves_nothing_back(checked_later, republish):
    checked_later("disputed")
    after = standing()
    republish(verified_on=date(2026, 12, 1), review_due=date(2027, 6, 1))
    assert standing() == after


def test_a_check_of_the_layer_that_is_younger_counts(checked_later, republish):
    checked_later("disputed")
    republish(verified_on=date(2027, 3, 1), review_due=date(2027, 9, 1))
    assert standing() == ("verified", "2027-03-01", "2027-09-01")


def test_a_layer_may_take_verified_back_and_unmakes_no_day(checked_later, republish):
    checked_later("verified")
    republish(status="confirm", verified_on=None, review_due=None)
    assert standing() == ("confirm", "2027-01-19", "2027-07-19")


# --- What the database refuses ------------------------------------------------------------------------------------


def refused_by_the_database(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return "cannot be changed" in str(error) or "append-only" in str(error)
    return False


def test_database_refuses_to_change_published_text(published):
    lessons = Lesson.objects.filter(revision=published)
    assert refused_by_the_database(lambda: lessons.update(title="Other"))
    assert refused_by_the_database(lambda: lessons.first().delete())
    assert refused_by_the_database(lambda: Rendering.objects.filter(revision=published).update(html="<b>"))
    assert refused_by_the_database(
        lambda: Revision.objects.filter(pk=published.pk).update(content_hash="0" * 64)
    )
    assert refused_by_the_database(
        lambda: Revision.objects.filter(pk=published.pk).update(status=Status.DRAFT)
    )
    added = {"revision": published, "position": 9, "minutes": 1, "text_hash": "0" * 64}
    assert refused_by_the_database(lambda: Lesson.objects.create(key="new", kind="text", title="T", **added))


def test_database_lets_a_published_revision_be_withdrawn(published, now):
    Revision.objects.filter(pk=published.pk).update(status=Status.WITHDRAWN, withdrawn_at=now)


def test_without_the_guard_the_database_would_let_it_pass(published):
    """The red twin: what refuses is the guard, not something else."""
    from lms.records.services import erasing

    with erasing("test"):
        assert not refused_by_the_database(
            lambda: Lesson.objects.filter(revision=published).update(title="Other")
        )


def test_fact_checks_are_append_only(published, finnish_layer, finnish_publisher, author, now):
    layer = submit(import_bundle(finnish_layer, by=None, at=now).editions[0].revision, by=author, at=now)
    approve(layer, by=finnish_publisher, at=now)
    publish(layer, by=finnish_publisher, at=now)
    assert refused_by_the_database(lambda: FactCheck.objects.update(status="verified"))
    assert refused_by_the_database(lambda: FactCheck.objects.all().delete())


# --- The library --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in LIBRARY.glob("*/module.yaml")))
def test_every_module_of_the_library_imports_and_publishes(
    folder, partners, author, publisher, other_publisher, finnish_publisher, lif, lmi, now
):
    for user, organisation in ((publisher, lmi), (other_publisher, lif)):
        Membership.objects.create(
            user=user, organisation=organisation, role=Role.PUBLISHER, starts_on=now.date()
        )
    bundle = read_folder(LIBRARY / folder)
    outcome = import_bundle(bundle, by=None, at=now)
    for imported in sorted(outcome.editions, key=lambda part: part.edition.kind != "core"):
        revision = submit(imported.revision, by=author, at=now)
        for need in still_needed(revision):
            person = next(
                one
                for one in (publisher, other_publisher, finnish_publisher)
                if one.memberships.filter(organisation__in=need.organisations).exists()
            )
            approve(revision, by=person, at=now)
        publish(revision, by=publisher, at=now)
    assert not Edition.objects.filter(current=None).exists()
    translated = {
        edition.language: edition.current.lesson_translations.count()
        for edition in outcome.module.editions.filter(kind="translation")
    }
    assert translated == {language: len(one.lessons) for language, one in bundle.translations.items()}
