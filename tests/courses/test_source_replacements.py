"""A source is replaced: who may say so, who has to look, what readers are told, and how each of it is taken back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import errors, services
from courses.models import Edition, Fact, FactStatement, Revision, SourceReplacement
from courses.selectors.resting import editions_resting_on, naming
from lms.accounts.models import Role
from lms.records.models import AuditEvent
from tests.conftest import with_role

from .builders import build_module
from .studio_builders import FINNISH, changed_core, core_files, draft, files_of, imported, published

URL = "https://authority.example.org/page"
TODAY = timezone.localdate
ANNOUNCEMENT = {
    "replaced_on": "2027-01-01",
    "successor": "Act 5/2027",
    "successor_url": "https://law.example.org/5-2027",
    "note": "Section 3 becomes section 7.",
}


@pytest.fixture
def finnish(occ):
    """Of the Incubator, as most things here."""
    return build_module("small", countries=["FI"], owner=occ)


@pytest.fixture
def norwegian(academy):
    """Of the Academy, from the same address."""
    return build_module("other", countries=["NO"], owner=academy)


def fact_of(module) -> Fact:
    return Fact.objects.get(module=module)


def form_of(module) -> str:
    return f"/studio/facts/{fact_of(module).pk}/source-replaced/"


def announce(module, *, by, at, **changes) -> SourceReplacement:
    values = {"replaced_on": date(2027, 1, 1), "successor": "Act 5/2027", **changes}
    return services.announce_replacement(URL, **values, organisation=module.owner, by=by, at=at)


@pytest.fixture
def announced(finnish, norwegian, author, now):
    return announce(finnish, by=author, at=now)


def at(replacement, rest=""):
    return f"/studio/facts/replacements/{replacement.pk}/{rest}"


def open_tasks(replacement) -> set[str]:
    return {task.edition.module.key for task in replacement.tasks.filter(settled_at=None)}


def telling() -> set[str]:
    return set(Fact.objects.exclude(replacement=None).values_list("module__key", flat=True))


def acts(replacement) -> list[str]:
    chain = f"courses.sourcereplacement:{replacement.pk}"
    return list(AuditEvent.objects.filter(chain=chain).order_by("seq").values_list("act", flat=True))


# --- Announcing -------------------------------------------------------------------------------------------------------


def test_the_source_page_leads_to_the_announcement(signed_in, author, finnish):
    page = signed_in(author).get("/studio/facts/source/", {"source": URL})
    assert form_of(finnish) in page.text


def test_before_it_is_announced_everything_it_concerns_is_counted(signed_in, author, finnish, norwegian):
    page = signed_in(author).get(form_of(finnish))
    counts = page.context["page"].counts
    assert (counts.facts, counts.layers, counts.lessons, counts.questions) == (2, 2, 0, 0)
    for words in ("2 national layers", "0 learners are in the middle", "0 certificates cover"):
        assert words in page.text


def test_every_owner_gets_something_to_look_at_and_every_fact_says_it(
    signed_in, author, finnish, norwegian, other_publisher
):
    client = signed_in(author)
    answer = client.post(form_of(finnish), ANNOUNCEMENT)
    replacement = SourceReplacement.objects.get()
    assert answer.url == at(replacement)
    assert replacement.organisation == finnish.owner
    assert (open_tasks(replacement), telling()) == ({"small", "other"}, {"small", "other"})
    assert acts(replacement) == ["source.replaced"]
    for who, title in ((author, "Module small"), (other_publisher, "Module other")):
        overview = signed_in(who).get("/studio/")
        waiting = [task for task in overview.context["page"].tasks if task.waits == "source"]
        assert [str(task.title) for task in waiting] == [title]
        assert at(replacement) in overview.text
    assert "Will be replaced on 1 Jan 2027" in client.get("/studio/").text


def test_a_source_of_which_it_is_announced_leads_to_the_announcement(signed_in, author, announced, finnish):
    assert signed_in(author).get(form_of(finnish)).url == at(announced)
    page = signed_in(author).get("/studio/facts/source/", {"source": URL})
    assert form_of(finnish) not in page.text
    assert at(announced) in page.text
    assert at(announced) in signed_in(author).get("/studio/facts/source/").text
    assert at(announced) in signed_in(author).get("/studio/facts/").text


def test_it_is_announced_once(signed_in, author, announced, finnish):
    answer = signed_in(author).post(form_of(finnish), ANNOUNCEMENT)
    assert answer.status_code == 422
    assert "It is announced already that this source is replaced." in answer.text
    assert "Section 3 becomes section 7." in answer.text
    assert SourceReplacement.objects.count() == 1


def test_the_database_keeps_one_that_stands(announced, finnish, now):
    values = {"replaced_on": TODAY(), "successor": "x", "organisation": finnish.owner, "announced_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceReplacement.objects.create(source_url=URL, **values)


def test_where_nothing_rests_on_it_any_more_nothing_is_announced(finnish, author, now):
    Edition.objects.filter(kind="layer").update(current=None)
    with pytest.raises(errors.NothingRestsOnIt, match="there is nobody to tell"):
        announce(finnish, by=author, at=now)
    assert not SourceReplacement.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"replaced_on": ""}, "This field is required."),
        ({"replaced_on": "tomorrow"}, "Enter a valid date."),
        ({"replaced_on": "1800-01-01"}, "Ensure this value is greater than or equal to 1900-01-01."),
        ({"successor": " "}, "This field is required."),
        ({"successor": "x" * 401}, "Ensure this value has at most 400 characters (it has 401)."),
        ({"successor_url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"successor_url": "ftp://law.example.org"}, "Begin the address with https://."),
        ({"note": "x" * 1_001}, "Ensure this value has at most 1000 characters (it has 1001)."),
    ],
)
def test_a_wrong_announcement_is_said_at_its_field(signed_in, author, finnish, wrong, words):
    answer = signed_in(author).post(form_of(finnish), {**ANNOUNCEMENT, **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert not SourceReplacement.objects.exists()


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(lif):
    return with_role("stranger", Role.PUBLISHER, lif)


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_partners_whose_facts_rest_on_it_announce(signed_in, stranger, learner, finnish, method):
    for who in (stranger, learner):
        assert getattr(signed_in(who), method)(form_of(finnish), ANNOUNCEMENT).status_code == 403
    assert not SourceReplacement.objects.exists()


def test_what_only_a_draft_states_is_not_there(signed_in, author, finnish):
    layer = finnish.editions.get(kind="layer")
    again = Revision.objects.create(edition=layer, number=2, meta={}, created_at=timezone.now())
    new = Fact.objects.create(module=finnish, key="small.new", country="FI")
    FactStatement.objects.create(
        revision=again, fact=new, position=0, texts={"en": "x"}, source_url=URL, status="confirm"
    )
    assert signed_in(author).get(f"/studio/facts/{new.pk}/source-replaced/").status_code == 404


def test_a_fact_without_a_source_has_none_to_replace(
    signed_in, author, partners, publisher, other_publisher, now
):
    core = draft(core_files(), by=author, at=now)
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    (_layer,) = imported(files_of(FINNISH), by=None, at=now).editions
    assert Fact.objects.get(key="ct.act").statements.get().source_url == ""
    fact = Fact.objects.get(key="ct.act")
    assert signed_in(author).get(f"/studio/facts/{fact.pk}/source-replaced/").status_code == 404


@pytest.mark.parametrize("act", ["withdraw/", "restore/"])
def test_only_the_partner_that_announced_withdraws(signed_in, other_publisher, stranger, announced, act):
    for who in (other_publisher, stranger):
        assert signed_in(who).post(at(announced, act)).status_code == 403
    announced.refresh_from_db()
    assert announced.stands


def test_nobody_says_for_others_that_nothing_changes(signed_in, author, announced, norwegian):
    task = announced.tasks.get(edition__module=norwegian)
    answer = signed_in(author).post(at(announced, "unchanged/"), {"task": task.pk, "reason": "No."})
    assert answer.status_code == 403
    assert open_tasks(announced) == {"small", "other"}


def test_nobody_takes_back_what_others_have_said(
    signed_in, author, other_publisher, announced, norwegian, now
):
    task = announced.tasks.get(edition__module=norwegian)
    services.look_at_replacement([task], reason="Renumbered.", by=other_publisher, at=now)
    assert signed_in(author).post(f"/studio/facts/source-tasks/{task.pk}/reopen/").status_code == 403
    assert open_tasks(announced) == {"small"}


def test_a_task_of_another_announcement_is_not_there(signed_in, author, announced, finnish):
    assert (
        signed_in(author).post(at(announced, "unchanged/"), {"task": 999, "reason": "x"}).status_code == 404
    )


# --- Looked at, nothing changes ---------------------------------------------------------------------------------------


def test_the_owner_says_that_nothing_changes_and_takes_it_back(signed_in, author, announced, finnish):
    client, task = signed_in(author), announced.tasks.get(edition__module=finnish)
    answer = client.post(
        at(announced, "unchanged/"), {"task": task.pk, "reason": "Renumbered only."}, follow=True
    )
    assert "Nothing changes in 1 edition. Its readers are not told any more." in answer.text
    assert "Renumbered only." in answer.text
    assert (open_tasks(announced), telling()) == ({"other"}, {"other"})
    assert not [task for task in client.get("/studio/").context["page"].tasks if task.waits == "source"]
    back = client.post(f"/studio/facts/source-tasks/{task.pk}/reopen/", follow=True)
    assert "Taken back: it waits to be looked at again." in back.text
    assert (open_tasks(announced), telling()) == ({"small", "other"}, {"small", "other"})
    assert acts(announced) == ["source.replaced", "source.looked_at", "source.look_taken_back"]


def test_the_reason_is_not_in_the_trail(signed_in, author, announced, finnish, now):
    task = announced.tasks.get(edition__module=finnish)
    services.look_at_replacement([task], reason="Anna said so.", by=author, at=now)
    assert "Anna" not in str(list(AuditEvent.objects.values_list("payload", flat=True)))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": "Renumbered."}, "Tick what you have looked at."),
        ({"task": "own"}, "Say why nothing changes, so that others can follow you."),
        (
            {"task": "own", "reason": "x" * 1_001},
            "Ensure this value has at most 1000 characters (it has 1001).",
        ),
    ],
)
def test_a_look_without_reason_is_refused(signed_in, author, announced, finnish, sent, words):
    task = announced.tasks.get(edition__module=finnish)
    body = {name: task.pk if value == "own" else value for name, value in sent.items()}
    answer = signed_in(author).post(at(announced, "unchanged/"), body)
    assert answer.status_code == 422
    assert words in answer.text
    assert open_tasks(announced) == {"small", "other"}


def test_a_second_look_is_told_that_somebody_was_quicker(signed_in, author, announced, finnish, now):
    task = announced.tasks.get(edition__module=finnish)
    services.look_at_replacement([task], reason="Renumbered.", by=author, at=now)
    body = {"task": task.pk, "reason": "Mine."}
    answer = signed_in(author).post(at(announced, "unchanged/"), body, follow=True)
    assert "Somebody was quicker: this has changed since you opened the page." in answer.text
    task.refresh_from_db()
    assert task.reason == "Renumbered."


def test_what_nobody_said_cannot_be_taken_back(signed_in, author, announced, finnish):
    task = announced.tasks.get(edition__module=finnish)
    answer = signed_in(author).post(f"/studio/facts/source-tasks/{task.pk}/reopen/", follow=True)
    assert "Somebody was quicker" in answer.text


# --- Withdrawn and announced again ------------------------------------------------------------------------------------


def test_it_is_withdrawn_and_announced_again(signed_in, author, announced):
    client = signed_in(author)
    assert "Withdrawn." in client.post(at(announced, "withdraw/"), follow=True).text
    assert telling() == set()
    assert not [task for task in client.get("/studio/").context["page"].tasks if task.waits == "source"]
    client.post(at(announced, "withdraw/"))
    assert "It is announced again." in client.post(at(announced, "restore/"), follow=True).text
    assert telling() == {"small", "other"}
    assert acts(announced) == [
        "source.replaced",
        "source.replacement_withdrawn",
        "source.replacement_restored",
    ]


def test_it_is_not_announced_again_beside_another(signed_in, author, announced, finnish, now):
    services.withdraw_replacement(announced, by=author, at=now)
    announce(finnish, by=author, at=now, successor="Act 6/2027")
    answer = signed_in(author).post(at(announced, "restore/"), follow=True)
    assert "It is announced already that this source is replaced." in answer.text
    announced.refresh_from_db()
    assert not announced.stands


def test_of_a_withdrawn_announcement_nothing_is_said(signed_in, author, announced, finnish, now):
    services.withdraw_replacement(announced, by=author, at=now)
    task = announced.tasks.get(edition__module=finnish)
    with pytest.raises(errors.LookedAtAlready):
        services.look_at_replacement([task], reason="Late.", by=author, at=now)


def test_a_word_that_was_given_stands_when_it_is_announced_again(announced, finnish, author, now):
    task = announced.tasks.get(edition__module=finnish)
    services.look_at_replacement([task], reason="Renumbered.", by=author, at=now)
    services.withdraw_replacement(announced, by=author, at=now)
    services.restore_replacement(announced, by=author, at=now)
    assert (open_tasks(announced), telling()) == ({"other"}, {"other"})


# --- What a publication changes ---------------------------------------------------------------------------------------


@pytest.fixture
def layer(author, publisher, other_publisher, finnish_publisher, pharma_centre, academy, now):
    """The small module's Finnish layer, whose fact comes from https://tukija.fi."""
    core = draft(core_files(), by=author, at=now)
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    return publish_layer(files_of(FINNISH), author, finnish_publisher, now)


def publish_layer(files, author, finnish_publisher, now):
    (edition,) = imported(files, by=None, at=now).editions
    return published(edition.revision, author=author, publishers=[finnish_publisher], at=now).edition


def with_source(url: str):
    files = files_of(FINNISH)
    path = "countries/FI/facts.yaml"
    return {**files, path: files[path].replace(b"https://tukija.fi", url.encode())}


def replaced(url, organisation, by, at):
    values = {"replaced_on": date(2027, 1, 1), "successor": "The new one"}
    return services.announce_replacement(url, **values, organisation=organisation, by=by, at=at)


def test_a_publication_that_names_it_no_more_settles_the_task(
    layer, author, finnish_publisher, pharma_centre, now
):
    replacement = replaced("https://tukija.fi", pharma_centre, finnish_publisher, now)
    assert (open_tasks(replacement), telling()) == ({"small-module"}, {"small-module"})
    later = now + timedelta(hours=1)
    publish_layer(with_source("https://new.example/tukija"), author, finnish_publisher, later)
    assert (open_tasks(replacement), telling()) == (set(), set())
    assert replacement.tasks.get().settled_at == later
    publish_layer(with_source("https://tukija.fi"), author, finnish_publisher, later)
    assert (open_tasks(replacement), telling()) == ({"small-module"}, {"small-module"})


def test_a_publication_that_still_names_it_leaves_what_the_owner_has_said(
    layer, author, finnish_publisher, pharma_centre, now
):
    replacement = replaced("https://tukija.fi", pharma_centre, finnish_publisher, now)
    services.look_at_replacement(list(replacement.tasks.all()), reason="Moved.", by=finnish_publisher, at=now)
    changed = files_of(FINNISH)
    path = "countries/FI/panels/welcome.en.md"
    publish_layer({**changed, path: changed[path] + b"More.\n"}, author, finnish_publisher, now)
    assert (open_tasks(replacement), telling()) == (set(), set())


def test_a_layer_that_is_withdrawn_rests_on_nothing(layer, finnish_publisher, pharma_centre, now):
    replacement = replaced("https://tukija.fi", pharma_centre, finnish_publisher, now)
    services.withdraw(layer.current, reason={"en": "It was wrong."}, by=finnish_publisher, at=now)
    assert (open_tasks(replacement), telling()) == (set(), set())


def test_a_layer_that_comes_to_name_it_gets_a_task_too(layer, finnish, author, finnish_publisher, now):
    replacement = announce(finnish, by=author, at=now)
    assert open_tasks(replacement) == {"small"}
    publish_layer(with_source(URL), author, finnish_publisher, now)
    assert (open_tasks(replacement), telling()) == ({"small", "small-module"}, {"small", "small-module"})


def test_references_of_a_core_count_with_their_whole_address(
    author, publisher, other_publisher, partners, occ, now
):
    files = changed_core('"Reg. (EU) 536/2014 Art. 5"', f'"The law, {URL}."')
    core = draft(files, by=author, at=now)
    published(core, author=author, publishers=[publisher, other_publisher], at=now)
    assert editions_resting_on("https://authority.example.org") == []
    replacement = replaced(URL, occ, author, now)
    assert (open_tasks(replacement), telling()) == ({"small-module"}, set())
    again = draft(core_files(), by=author, at=now)
    published(again, author=author, publishers=[publisher, other_publisher], at=now)
    assert open_tasks(replacement) == set()


@pytest.mark.parametrize(
    ("reference", "is_named"),
    [
        ("See https://a.example/law.", True),
        ("See https://a.example/law/", True),
        ("https://A.example/Law, section 3", True),
        ("https://a.example/law/5", False),
        ("https://a.example/law-5", False),
        ("https://a.example/law?v=2", False),
    ],
)
def test_an_address_is_named_whole(reference, is_named):
    assert naming("https://a.example/law")([reference]) is is_named


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_edition_and_for_three(signed_in, author, occ, now, count_queries, count):
    modules = [build_module(f"m{number}", countries=["FI"], owner=occ) for number in range(count)]
    client = signed_in(author)
    client.get("/studio/facts/source/")
    address = form_of(modules[0])
    with count_queries(14):
        client.get(address)
    replacement = announce(modules[0], by=author, at=now)
    with count_queries(5):
        client.get(at(replacement))
    with count_queries(3):
        client.get("/studio/facts/source/")
