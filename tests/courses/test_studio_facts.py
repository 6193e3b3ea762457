"""The register of facts: what it lists, for whom, what may be done with it, and what it costs."""

import csv
from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses.models import (
    Edition,
    Fact,
    FactCheck,
    FactStatement,
    Module,
    Programme,
    ProgrammePartner,
    Revision,
)
from courses.selectors import forget_programme
from courses.services import check_fact, check_unchanged, take_back_checks
from lms.accounts.models import Membership, Role
from lms.records.models import AuditEvent

from .builders import build_module, publish
from .studio_builders import FINNISH, core_files, draft, files_of, imported

REGISTER, CHECK = "/studio/facts/", "/studio/facts/check/"
TODAY = date(2026, 11, 20)


@pytest.fixture
def module(occ):
    return build_module("small", countries=["FI"], owner=occ)


@pytest.fixture
def statement(module):
    return FactStatement.objects.get()


def rows(response) -> list[tuple[str, str, bool, bool]]:
    return [
        (row.key, row.statement.fact.country, row.is_published, row.can_check)
        for row in response.context["rows"]
    ]


def standing(fact: Fact) -> tuple[str, str, str]:
    fact.refresh_from_db()
    return fact.status, str(fact.checked_on), str(fact.review_due_on)


# --- What it lists ----------------------------------------------------------------------------------------------------


def test_everybody_in_the_studio_sees_what_is_published(signed_in, author, other_publisher, module):
    assert rows(signed_in(author).get(REGISTER)) == [("small.authority", "FI", True, True)]
    assert rows(signed_in(other_publisher).get(REGISTER)) == [("small.authority", "FI", True, False)]


@pytest.mark.parametrize("who", ["learner", "coordinator", "administrator"])
@pytest.mark.parametrize("path", [REGISTER, "/studio/facts/facts.csv", "/studio/facts/checks/1/"])
def test_people_without_a_studio_role_are_refused(who, path, module, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get(path).status_code == 403


def test_drafts_are_listed_for_their_own_people_only(
    signed_in, author, finnish_publisher, other_publisher, pharma_centre, academy, now
):
    draft(core_files(), by=author, at=now)
    imported(files_of(FINNISH), by=finnish_publisher, at=now)
    own = rows(signed_in(finnish_publisher).get(REGISTER))
    assert own == [("ct.ethics", "FI", False, False), ("ct.act", "FI", False, False)]
    assert rows(signed_in(author).get(REGISTER)) == []
    assert rows(signed_in(other_publisher).get(REGISTER)) == []


def test_a_fact_is_listed_once_as_published(signed_in, author, module):
    """A draft of the same layer repeats it, and adds another."""
    layer = module.editions.get(kind="layer")
    again = Revision.objects.create(
        edition=layer, number=2, meta={"source_language": "en"}, created_at=timezone.now()
    )
    fact = Fact.objects.get()
    new = Fact.objects.create(module=module, key="small.new", country="FI")
    for position, each in enumerate([fact, new]):
        FactStatement.objects.create(
            revision=again, fact=each, position=position, texts={"en": "Said."}, status="open"
        )
    assert rows(signed_in(author).get(REGISTER)) == [
        ("small.authority", "FI", True, True),
        ("small.new", "FI", False, False),
    ]


def test_native_terms_carry_their_language(signed_in, author, module):
    assert '<i lang="fi">Fimea</i>' in signed_in(author).get(REGISTER).text


# --- Filters ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def programme(partners):
    programme = Programme.objects.create(title={"en": "Programme"}, coordinator=partners[0])
    for position, partner in enumerate(partners):
        ProgrammePartner.objects.create(programme=programme, organisation=partner, position=position)
    forget_programme()


@pytest.fixture
def several(occ, academy, programme):
    """Overdue in Finland, soon in Norway, fresh and disputed in Sweden, of two owners."""
    build_module("one", countries=["FI", "NO"], owner=occ)
    build_module("two", countries=["SE"], owner=academy)
    today = timezone.localdate()
    days = {"FI": today - timedelta(1), "NO": today + timedelta(10), "SE": today + timedelta(100)}
    for country, day in days.items():
        Fact.objects.filter(country=country).update(review_due_on=day)
    Fact.objects.filter(country="SE").update(status="disputed")


@pytest.mark.parametrize(
    ("query", "countries"),
    [
        ("", ["FI", "NO", "SE"]),
        ("?country=NO", ["NO"]),
        ("?module=two", ["SE"]),
        ("?owner=lakemedelsakademin", ["SE"]),
        ("?owner=occ-incubator&country=SE", []),
        ("?status=disputed", ["SE"]),
        ("?status=verified", ["FI", "NO"]),
        ("?due=overdue", ["FI"]),
        ("?due=soon", ["NO"]),
        ("?due=later", ["SE"]),
        ("?due=never", []),
        ("?source=AUTHORITY.example", ["FI", "NO", "SE"]),
        ("?source=elsewhere", []),
        ("?country=ZZ&module=nothing", ["FI", "NO", "SE"]),
    ],
)
def test_filters_are_in_the_address(signed_in, author, several, query, countries):
    assert [row[1] for row in rows(signed_in(author).get(REGISTER + query))] == countries


def test_an_unknown_filter_is_said(signed_in, author, several):
    assert "“Country” is left out" in signed_in(author).get(f"{REGISTER}?country=ZZ").text


# --- As a file --------------------------------------------------------------------------------------------------------


def as_table(response) -> list[list[str]]:
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


def test_the_list_as_a_file_has_the_same_filters(signed_in, author, several):
    table = as_table(signed_in(author).get("/studio/facts/facts.csv?due=overdue"))
    assert [row[:5] for row in table[1:]] == [
        ["one.authority", "FI", "one", "OCC Incubator", "verified"],
    ]
    assert table[1][5:9] == [
        "The authority of FI.",
        "Fimea (fi)",
        "Act 1/2020",
        "https://authority.example.org/page",
    ]


def test_a_formula_is_harmless_in_the_file(signed_in, author, occ):
    module = build_module("small", countries=[], owner=occ)
    layer = Edition.objects.create(module=module, kind="layer", country="FI", owner=occ)
    revision = Revision.objects.create(
        edition=layer, number=1, meta={"source_language": "en"}, created_at=timezone.now()
    )
    fact = Fact.objects.create(module=module, key="small.authority", country="FI")
    FactStatement.objects.create(
        revision=revision,
        fact=fact,
        position=0,
        texts={"en": "=HYPERLINK(1)"},
        legal_ref="@SUM(1)",
        native_terms=[{"lang": "fi", "text": "+1"}],
        status="open",
    )
    publish(revision, [])
    (row,) = as_table(signed_in(author).get("/studio/facts/facts.csv"))[1:]
    assert row[5:8] == ["'=HYPERLINK(1)", "'+1 (fi)", "'@SUM(1)"]


# --- Checked today, unchanged -----------------------------------------------------------------------------------------


def test_the_owners_people_check_and_no_version_changes(signed_in, author, statement, occ):
    revisions = list(Revision.objects.order_by("pk").values_list("pk", "content_hash", "version"))
    response = signed_in(author).post(CHECK, {"fact": statement.pk}, follow=True)
    assert "1 fact is checked as of today." in response.text
    fact, today = statement.fact, timezone.localdate()
    fact.refresh_from_db()
    assert (fact.status, fact.checked_on, fact.checked_by) == ("verified", today, occ)
    assert fact.review_due_on > today
    assert list(Revision.objects.order_by("pk").values_list("pk", "content_hash", "version")) == revisions
    check = FactCheck.objects.get()
    assert (check.by, check.organisation, check.status) == (author, occ, "verified")
    assert AuditEvent.objects.get(act="fact.checked").payload["values"] == {"status": "verified"}


def test_checking_twice_on_a_day_is_recorded_once(signed_in, author, statement):
    client = signed_in(author)
    client.post(CHECK, {"fact": statement.pk})
    response = client.post(CHECK, {"fact": statement.pk}, follow=True)
    assert "has checked all of these today already" in response.text
    assert FactCheck.objects.count() == 1


def test_the_people_of_another_partner_may_not(signed_in, other_publisher, statement):
    before = standing(statement.fact)
    assert signed_in(other_publisher).post(CHECK, {"fact": statement.pk}).status_code == 403
    assert standing(statement.fact) == before
    assert not FactCheck.objects.exists()


def test_one_that_is_not_theirs_spoils_all(signed_in, author, academy, statement):
    build_module("two", countries=["SE"], owner=academy)
    pks = list(FactStatement.objects.values_list("pk", flat=True))
    assert signed_in(author).post(CHECK, {"fact": pks}).status_code == 403
    assert not FactCheck.objects.exists()


def test_a_draft_of_anybody_is_not_there(signed_in, author, finnish_publisher, pharma_centre, academy, now):
    draft(core_files(), by=author, at=now)
    imported(files_of(FINNISH), by=finnish_publisher, at=now)
    statement = FactStatement.objects.first()
    for who in (author, finnish_publisher):
        assert signed_in(who).post(CHECK, {"fact": statement.pk}).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"fact": "x"}, {"fact": "9" * 30}])
def test_nothing_ticked_is_said(signed_in, author, statement, sent):
    response = signed_in(author).post(CHECK, {**sent, "query": "country=FI"}, follow=True)
    assert "Tick the facts that you have checked." in response.text
    assert response.redirect_chain == [("/studio/facts/?country=FI", 302)]


def test_a_layer_that_was_published_since_is_said(signed_in, author, statement):
    layer = statement.revision.edition
    publish(
        Revision.objects.create(
            edition=layer, number=2, meta={"source_language": "en"}, created_at=timezone.now()
        ),
        [],
    )
    response = signed_in(author).post(CHECK, {"fact": statement.pk}, follow=True)
    assert (
        "Nothing was recorded: these facts have changed since you opened the page. Look again: "
        "small.authority FI." in response.text
    )
    assert not FactCheck.objects.exists()


@pytest.mark.parametrize("status", ["open", "superseded"])
def test_what_says_nothing_cannot_be_checked(signed_in, author, statement, status):
    Fact.objects.update(status=status)
    assert signed_in(author).post(CHECK, {"fact": statement.pk}).status_code == 403


@pytest.mark.parametrize("path", [CHECK, "/studio/facts/checks/1/take-back/"])
def test_acts_are_posted(signed_in, author, path):
    assert signed_in(author).get(path).status_code == 405


# --- Taken back -------------------------------------------------------------------------------------------------------


@pytest.fixture
def checked(statement, author, publisher, occ, now):
    """Disputed once by somebody, then checked as of today."""
    check_fact(statement.fact, status="disputed", organisation=occ, by=publisher, at=now - timedelta(90))
    before = standing(statement.fact)
    (check,) = check_unchanged([statement], by=author, at=now)
    return check, before


def test_taking_back_says_again_what_was_said(signed_in, author, statement, checked):
    check, before = checked
    client = signed_in(author)
    assert "Take this back" in client.get(f"/studio/facts/checks/{check.pk}/").text
    response = client.post(f"/studio/facts/checks/{check.pk}/take-back/", follow=True)
    assert "Taken back: what was said of 1 fact before holds again." in response.text
    assert standing(statement.fact) == before
    assert FactCheck.objects.count() == 3
    assert AuditEvent.objects.filter(act="fact.check_taken_back").count() == 1


def test_taking_back_twice_is_refused(signed_in, author, statement, checked):
    check, before = checked
    client = signed_in(author)
    client.post(f"/studio/facts/checks/{check.pk}/take-back/")
    response = client.post(f"/studio/facts/checks/{check.pk}/take-back/", follow=True)
    assert "Nothing was taken back: somebody has looked at these facts since" in response.text
    assert standing(statement.fact) == before
    assert FactCheck.objects.count() == 3


def test_a_newer_look_stands(statement, author, occ, checked, now):
    check, _before = checked
    check_fact(statement.fact, status="verified", organisation=occ, by=author, at=now + timedelta(1))
    after = standing(statement.fact)
    with pytest.raises(Exception, match="Nothing was taken back"):
        take_back_checks([check], by=author, at=now + timedelta(2))
    assert standing(statement.fact) == after


def test_checks_of_others_are_not_there(signed_in, publisher, checked):
    check, _before = checked
    assert signed_in(publisher).get(f"/studio/facts/checks/{check.pk}/").status_code == 404
    assert signed_in(publisher).post(f"/studio/facts/checks/{check.pk}/take-back/").status_code == 404


def test_whoever_has_left_takes_nothing_back(signed_in, author, other_publisher, checked, academy, occ, now):
    check, _before = checked
    Membership.objects.filter(user=author).delete()
    Membership.objects.create(user=author, organisation=academy, role=Role.AUTHOR, starts_on=date(2020, 1, 1))
    assert signed_in(author).post(f"/studio/facts/checks/{check.pk}/take-back/").status_code == 403
    assert FactCheck.objects.count() == 2


def test_what_came_with_a_publication_is_not_taken_back(signed_in, author, statement, occ):
    check = FactCheck.objects.create(
        fact=statement.fact,
        by=author,
        organisation=occ,
        status="verified",
        recorded_at=statement.revision.published_at,
    )
    assert signed_in(author).get(f"/studio/facts/checks/{check.pk}/").status_code == 404


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_costs_the_same_for_one_fact_and_for_three(signed_in, author, occ, count_queries, count):
    for number in range(count):
        build_module(f"m{number}", countries=["FI"], owner=occ)
    client = signed_in(author)
    client.get(REGISTER)
    with count_queries(6):
        client.get(REGISTER)


@pytest.mark.slow
def test_twenty_thousand_facts_of_two_hundred_modules_are_cut_into_pages(
    signed_in, author, occ, count_queries
):
    many_facts(occ, modules=200, each=100)
    client = signed_in(author)
    client.get(REGISTER)
    with count_queries(6):
        page = client.get(f"{REGISTER}?page=7&due=later&country=FI")
    assert (len(page.context["rows"]), page.context["page"].paginator.count) == (50, 20_000)
    with count_queries(6):
        assert len(client.get(f"{REGISTER}?page=300").context["rows"]) == 50


def many_facts(owner, *, modules: int, each: int) -> None:
    """Layers of Finland, every fact stated and checked."""
    Module.objects.bulk_create(
        Module(key=f"m{number}", owner=owner, subject="regulatory", title={"en": f"Module {number}"})
        for number in range(modules)
    )
    made = list(Module.objects.order_by("pk"))
    Edition.objects.bulk_create(
        Edition(module=module, kind="layer", country="FI", owner=owner) for module in made
    )
    editions = {edition.module_id: edition for edition in Edition.objects.all()}
    now = timezone.now()
    Revision.objects.bulk_create(
        Revision(
            edition=edition, number=1, meta={"source_language": "en"}, created_at=now, content_hash="0" * 64
        )
        for edition in editions.values()
    )
    revisions = {revision.edition_id: revision for revision in Revision.objects.all()}
    due_on = timezone.localdate() + timedelta(100)
    Fact.objects.bulk_create(
        Fact(module=module, key=f"f{number}", country="FI", status="verified", review_due_on=due_on)
        for module in made
        for number in range(each)
    )
    FactStatement.objects.bulk_create(
        FactStatement(
            revision=revisions[editions[fact.module_id].pk],
            fact=fact,
            position=0,
            texts={"en": "A statement."},
            legal_ref="Act 1/2020",
            source_url="https://authority.example.org",
            status="verified",
            verified_on=TODAY,
        )
        for fact in Fact.objects.all()
    )
    for revision in revisions.values():
        publish(revision, [])
