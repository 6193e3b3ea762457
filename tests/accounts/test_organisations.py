"""Services for organisations, and the administrator's pages about them."""

import pytest

from courses.models import Edition, Module
from lms.accounts import services
from lms.accounts.errors import StillWritesContent
from lms.accounts.models import Membership, Organisation, Role
from lms.records.models import AuditEvent
from tests.courses.builders import build_course

LIST = "/administration/organisations/"
FIELDS = {
    "name": "Karolinska",
    "short_name": "KI",
    "letters": "KI",
    "kind": "employer",
    "country": "SE",
    "colour": "#0B5D57",
}


def new(now, **details) -> Organisation:
    details = {"name": "Åbo Akademi University", "country": "FI", **details}
    return services.create_organisation(**details, by=None, at=now)


# --- Services ---------------------------------------------------------------------------------------------------------


def test_an_organisation_gets_a_key_and_letters(db, now):
    organisation = new(now)
    assert (organisation.slug, organisation.letters) == ("abo-akademi-university", "ÅAU")
    assert new(now).slug == "abo-akademi-university-2"
    assert new(now, short_name="New").slug == "new-2"  # /organisations/new/ is a page
    assert new(now, name="漢").slug == "organisation"
    assert AuditEvent.objects.filter(act="organisation.created").count() == 4


def test_only_what_changed_is_written(lif, now):
    services.update_organisation(lif, name="Lif i Sverige", country="SE", by=None, at=now)
    services.update_organisation(lif, name="Lif i Sverige", by=None, at=now)
    lif.refresh_from_db()
    assert lif.name == "Lif i Sverige"
    [event] = AuditEvent.objects.filter(act="organisation.updated")
    assert event.payload["values"] == {"fields": ["name"]}


def test_a_partner_with_authors_stays_one(author, occ, now):
    with pytest.raises(StillWritesContent):
        services.update_organisation(occ, kind=Organisation.Kind.OTHER, by=None, at=now)
    services.end_role(author.memberships.get(), by=None, at=now)
    services.update_organisation(occ, kind=Organisation.Kind.OTHER, by=None, at=now)
    occ.refresh_from_db()
    assert not occ.is_partner


def owns_a_module(organisation):
    Module.objects.create(key="theirs", owner=organisation)
    return "1 module"


def owns_an_edition(organisation):
    module = Module.objects.create(
        key="others", owner=Organisation.objects.exclude(pk=organisation.pk).first()
    )
    Edition.objects.create(module=module, kind=Edition.Kind.TRANSLATION, language="sv", owner=organisation)
    return "1 translation or layer"


def owns_a_course(organisation):
    build_course("theirs", owner=organisation, modules=[])
    return "1 course"


@pytest.mark.parametrize("owns", [owns_a_module, owns_an_edition, owns_a_course])
def test_a_partner_that_owns_content_stays_one(signed_in, administrator, lif, occ, owns):
    words = owns(lif)
    response = signed_in(administrator).post(f"{LIST}lif/edit/", {**FIELDS, "kind": "employer"})
    lif.refresh_from_db()
    assert (response.status_code, lif.is_partner) == (422, True)
    assert words in response.text
    assert "stays a partner" in response.text


def test_others_hear_of_a_change_after_commit(lif, now, django_capture_on_commit_callbacks):
    from lms.accounts.signals import organisation_saved

    heard = []

    def listen(sender, organisation_id, **_rest):
        heard.append(organisation_id)

    organisation_saved.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        services.update_organisation(lif, name="Another name", by=None, at=now)
    organisation_saved.disconnect(listen)
    assert heard == [lif.pk]


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LIST, f"{LIST}new/", f"{LIST}lif/", f"{LIST}lif/edit/"])
def test_only_administrators_see_the_pages(client, signed_in, learner, coordinator, publisher, lif, path):
    assert client.get(path).status_code == 302
    for person in (learner, coordinator, publisher):
        assert signed_in(person).get(path).status_code == 403


def test_what_is_not_there_is_404(signed_in, administrator):
    browser = signed_in(administrator)
    assert browser.get(f"{LIST}nobody/").status_code == 404
    assert browser.get(f"{LIST}nobody/edit/").status_code == 404
    assert browser.post(f"{LIST}nobody/roles/").status_code == 404


def test_nothing_yet_says_so(signed_in, administrator):
    assert b"No organisations yet" in signed_in(administrator).get(LIST).content


def test_the_list_can_be_searched(signed_in, administrator, lif, lmi, pharma_centre):
    browser = signed_in(administrator)
    assert {each.slug for each in browser.get(LIST).context["page"]} == {"lif", "lmi", "laaketietokeskus"}
    found = browser.get(LIST, {"q": "LÄÄKE"}).context["page"]
    assert [each.slug for each in found] == ["laaketietokeskus"]
    assert b"No organisation has this name" in browser.get(LIST, {"q": "zzz"}).content


def test_the_list_counts_people_once(signed_in, administrator, coordinator, academy):
    Membership.objects.create(
        user=coordinator, organisation=academy, role=Role.MEMBER, starts_on="2020-01-01"
    )
    [listed] = signed_in(administrator).get(LIST).context["page"]
    assert listed.people == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(signed_in, administrator, now, count, count_queries):
    for _number in range(count):
        new(now)
    browser = signed_in(administrator)
    browser.get(LIST)  # the programme is cached
    with count_queries(4):
        browser.get(LIST)


def test_an_administrator_adds_an_organisation(signed_in, administrator):
    response = signed_in(administrator).post(f"{LIST}new/", {**FIELDS, "name_sv": "Karolinska institutet"})
    assert response.headers["Location"] == f"{LIST}ki/"
    added = Organisation.objects.get(slug="ki")
    assert (added.names, added.colour) == ({"sv": "Karolinska institutet"}, "#0b5d57")
    assert AuditEvent.objects.get(act="organisation.created").actor == administrator.audit_ref


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"country": "US"},
        {"colour": "red"},
        {"website": "javascript:alert(1)"},
        {"letters": "ABCDE"},
    ],
)
def test_nonsense_is_said_and_nothing_is_added(signed_in, administrator, wrong):
    response = signed_in(administrator).post(f"{LIST}new/", {**FIELDS, **wrong})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(wrong)
    assert not Organisation.objects.exists()


def test_an_administrator_changes_an_organisation(signed_in, administrator, lif):
    response = signed_in(administrator).post(f"{LIST}lif/edit/", {**FIELDS, "kind": "partner"})
    assert response.headers["Location"] == f"{LIST}lif/"
    lif.refresh_from_db()
    assert (lif.name, lif.slug) == ("Karolinska", "lif")


def test_a_refused_change_is_explained_on_the_form(signed_in, administrator, author, occ):
    response = signed_in(administrator).post(f"{LIST}{occ.slug}/edit/", FIELDS)
    assert response.status_code == 422
    assert b"authors or publishers" in response.content
    occ.refresh_from_db()
    assert occ.is_partner


def test_a_role_is_given_by_address(signed_in, administrator, learner, lif):
    browser = signed_in(administrator)
    sent = {"person": " LEARNER@example.org", "role": "author"}
    response = browser.post(f"{LIST}lif/roles/", sent)
    assert response.headers["Location"] == f"{LIST}lif/"
    assert learner.memberships.get().role == Role.AUTHOR
    browser.post(f"{LIST}lif/roles/", sent)
    assert learner.memberships.count() == 1
    assert learner.email.encode() in browser.get(f"{LIST}lif/").content


@pytest.mark.parametrize(
    "sent",
    [
        {"person": "nobody@example.org", "role": "member"},
        {"person": "learner@example.org", "role": "king"},
        {"person": "learner@example.org", "role": "author"},
        {},
    ],
)
def test_a_role_that_cannot_be_given_is_explained(signed_in, administrator, learner, employer, sent):
    response = signed_in(administrator).post(f"{LIST}{employer.slug}/roles/", sent)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Membership.objects.exists()


def test_a_role_is_ended_on_the_page_of_its_own_organisation(
    signed_in, administrator, coordinator, academy, lif
):
    membership = coordinator.memberships.get()
    browser = signed_in(administrator)
    assert browser.post(f"{LIST}lif/roles/{membership.pk}/end/").status_code == 404
    assert coordinator.is_coordinator
    response = browser.post(f"{LIST}{academy.slug}/roles/{membership.pk}/end/")
    assert response.headers["Location"] == f"{LIST}{academy.slug}/"
    membership.refresh_from_db()
    assert membership.ends_on is not None


def test_acts_are_posts_of_administrators(client, signed_in, administrator, coordinator, academy):
    membership = coordinator.memberships.get()
    for path in (f"{LIST}{academy.slug}/roles/", f"{LIST}{academy.slug}/roles/{membership.pk}/end/"):
        assert signed_in(administrator).get(path).status_code == 405
        assert signed_in(coordinator).post(path).status_code == 403
        assert client.post(path).status_code == 302
    membership.refresh_from_db()
    assert membership.ends_on is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_people(signed_in, administrator, academy, count, count_queries):
    from tests.conftest import person

    for number in range(count):
        services.grant_role(
            person(f"member-{number}"), academy, Role.MEMBER, by=None, at=administrator.date_joined
        )
    browser = signed_in(administrator)
    browser.get(LIST)
    with count_queries(4):
        browser.get(f"{LIST}{academy.slug}/")
