"""Who may act for whom: from when, until when, and what each change leaves behind."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.authtoken.models import Token

from lms.accounts import services
from lms.accounts.errors import AccountInactive, LastAdministrator, RoleNeedsPartner
from lms.accounts.models import Membership, Organisation, Role, User
from lms.accounts.permissions import (
    can_administer,
    coordinated_organisations,
    coordinates,
)
from lms.accounts.signals import membership_ended
from lms.records.models import AuditEvent


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def at():
    return timezone.now()


def test_a_role_holds_from_the_day_it_is_given(learner, lif, administrator, at, today):
    membership = services.grant_role(learner, lif, Role.COORDINATOR, by=administrator, at=at)
    assert (membership.starts_on, membership.ends_on) == (today, None)
    assert coordinates(learner, lif)
    event = AuditEvent.objects.get(act="role.granted")
    assert (event.chain, event.actor) == (f"accounts.user:{learner.pk}", administrator.audit_ref)
    assert event.payload["values"] == {"organisation": "lif", "role": "coordinator"}


def test_giving_a_role_twice_gives_it_once(learner, lif, administrator, at):
    first = services.grant_role(learner, lif, Role.MEMBER, by=administrator, at=at)
    assert services.grant_role(learner, lif, Role.MEMBER, by=administrator, at=at) == first
    assert AuditEvent.objects.filter(act="role.granted").count() == 1


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.PUBLISHER])
def test_only_partners_have_authors_and_publishers(learner, employer, administrator, at, role):
    with pytest.raises(RoleNeedsPartner):
        services.grant_role(learner, employer, role, by=administrator, at=at)
    assert services.grant_role(learner, employer, Role.COORDINATOR, by=administrator, at=at)


def test_an_organisation_that_stopped_being_a_partner_meanwhile_gets_no_author(
    learner, lif, administrator, at
):
    seen_before = Organisation.objects.get(pk=lif.pk)
    services.update_organisation(lif, kind="employer", by=administrator, at=at)
    with pytest.raises(RoleNeedsPartner):
        services.grant_role(learner, seen_before, Role.AUTHOR, by=administrator, at=at)


def test_a_closed_account_gets_no_role(learner, lif, administrator, at):
    services.deactivate(learner, by=administrator, at=at)
    with pytest.raises(AccountInactive):
        services.grant_role(learner, lif, Role.MEMBER, by=administrator, at=at)
    with pytest.raises(AccountInactive):
        services.make_administrator(learner, by=administrator, at=at)


def test_a_token_got_with_less_power_ends_with_a_new_role(learner, lif, administrator, at):
    services.token_for(learner, at=at)
    services.grant_role(learner, lif, Role.PUBLISHER, by=administrator, at=at)
    assert not Token.objects.filter(user=learner).exists()
    services.token_for(learner, at=at)
    services.make_administrator(learner, by=administrator, at=at)
    assert not Token.objects.filter(user=learner).exists()


@pytest.fixture
def left():
    """Who left which organisation, as others hear of it."""
    heard: list[tuple[int, int]] = []

    def hear(user_id: int, organisation_id: int, **_more: object) -> None:
        heard.append((user_id, organisation_id))

    membership_ended.connect(hear)
    yield heard
    membership_ended.disconnect(hear)


def test_others_hear_when_the_last_role_ends(
    learner, lif, administrator, at, left, django_capture_on_commit_callbacks
):
    roles = [services.grant_role(learner, lif, role, by=None, at=at) for role in (Role.MEMBER, Role.AUTHOR)]
    for role in roles:
        assert left == []
        with django_capture_on_commit_callbacks(execute=True):
            services.end_role(role, by=administrator, at=at)
    assert left == [(learner.pk, lif.pk)]


def test_a_role_ends_at_once(coordinator, academy, administrator, at, today):
    membership = coordinator.memberships.get()
    for _time in range(2):
        services.end_role(membership, by=administrator, at=at)
    membership.refresh_from_db()
    assert membership.ends_on == today - timedelta(days=1)
    assert not coordinates(coordinator, academy)
    assert AuditEvent.objects.filter(act="role.ended").count() == 1


def test_a_role_given_today_ends_today(learner, lif, administrator, at):
    membership = services.grant_role(learner, lif, Role.MEMBER, by=administrator, at=at)
    services.end_role(membership, by=administrator, at=at)
    assert not Membership.objects.filter(user=learner).exists()
    assert AuditEvent.objects.filter(act="role.ended").count() == 1


def test_an_ended_role_can_be_given_again(coordinator, academy, administrator, at):
    services.end_role(coordinator.memberships.get(), by=administrator, at=at)
    services.grant_role(coordinator, academy, Role.COORDINATOR, by=administrator, at=at)
    assert coordinates(coordinator, academy)
    assert coordinator.memberships.count() == 2


def test_administrators_are_made_and_unmade(learner, administrator, at):
    for _time in range(2):
        services.make_administrator(learner, by=administrator, at=at)
    assert can_administer(learner)
    assert can_administer(User.objects.get(pk=learner.pk))
    for _time in range(2):
        services.take_administrator_away(learner, by=administrator, at=at)
    assert not can_administer(learner)
    made = AuditEvent.objects.filter(act__startswith="administrator.").order_by("seq")
    assert [event.act for event in made] == ["administrator.made", "administrator.taken_away"]


def test_the_last_administrator_stays(administrator, learner, at):
    with pytest.raises(LastAdministrator):
        services.take_administrator_away(administrator, by=administrator, at=at)
    services.make_administrator(learner, by=administrator, at=at)
    services.deactivate(learner, by=administrator, at=at)
    with pytest.raises(LastAdministrator):
        services.take_administrator_away(administrator, by=administrator, at=at)
    assert can_administer(User.objects.get(pk=administrator.pk))


def test_whoever_is_nobody_holds_nothing(lif):
    from django.contrib.auth.models import AnonymousUser

    nobody = AnonymousUser()
    assert not Membership.objects.held_by(nobody).exists()
    assert not can_administer(nobody)


def test_organisations_are_those_of_today(coordinator, academy, lif, lmi, today):
    role = {"user": coordinator, "role": Role.COORDINATOR}
    Membership.objects.create(organisation=lif, starts_on=today + timedelta(days=1), **role)
    Membership.objects.create(
        organisation=lmi, starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1), **role
    )
    assert list(coordinated_organisations(coordinator)) == [academy]
    assert list(Organisation.objects.where(coordinator)) == [academy]
    assert not Organisation.objects.where(coordinator, Role.AUTHOR, Role.PUBLISHER).exists()
