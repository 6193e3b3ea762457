"""Services for accounts: what is written, what the audit trail says, what a second call does."""

from datetime import date, timedelta

import pytest
from rest_framework.authtoken.models import Token

from lms.accounts import services
from lms.accounts.errors import AddressTaken, LastAdministrator
from lms.accounts.models import User
from lms.lib.names import UnprintableName
from lms.records.models import AuditEvent


def acts(user: User) -> list[str]:
    chain = f"accounts.user:{user.pk}"
    return list(AuditEvent.objects.filter(chain=chain).order_by("seq").values_list("act", flat=True))


def test_an_account_has_one_confirmed_address_in_its_one_form(db, now):
    user = services.create_account(" Anna@Example.ORG ", full_name="Anna  Berg", password=None, at=now)
    assert (user.email, user.full_name, user.has_usable_password()) == (
        "anna@example.org",
        "Anna Berg",
        False,
    )
    [address] = user.emailaddress_set.values("email", "verified", "primary")
    assert address == {"email": "anna@example.org", "verified": True, "primary": True}
    assert acts(user) == ["account.created"]


def test_an_address_is_one_account(learner, now):
    with pytest.raises(AddressTaken):
        services.create_account("LEARNER@example.org", full_name="Another", password=None, at=now)
    assert User.objects.filter(email=learner.email).count() == 1


def test_an_account_needs_a_name_that_can_be_printed(db, now):
    with pytest.raises(UnprintableName):
        services.create_account("a@example.org", full_name="\u202e", password=None, at=now)
    assert not User.objects.exists()


def test_confirming_a_name_sets_it_and_the_day(learner, now):
    services.confirm_name(learner, name="Åsa  Sjöström", by=learner, at=now)
    learner.refresh_from_db()
    assert (learner.full_name, learner.name_confirmed_on) == ("Åsa Sjöström", date(2026, 11, 20))
    event = AuditEvent.objects.get(act="name.confirmed")
    assert event.actor == learner.audit_ref
    assert "Åsa" not in str(event.payload)


def test_confirming_the_same_name_again_changes_nothing(learner, now):
    services.confirm_name(learner, name="Åsa Sjöström", by=learner, at=now)
    services.confirm_name(learner, name="Åsa Sjöström", by=learner, at=now + timedelta(days=9))
    learner.refresh_from_db()
    assert learner.name_confirmed_on == date(2026, 11, 20)
    assert acts(learner) == ["name.confirmed"]


def test_a_profile_writes_what_changed_and_names_it(learner, now):
    details = {"language": "sv", "country": "AX", "sector": "care", "occupation": ""}
    services.update_profile(learner, **details, by=learner, at=now)
    services.update_profile(learner, **details, by=learner, at=now)
    learner.refresh_from_db()
    assert (learner.country, learner.sector) == ("AX", "care")
    [event] = AuditEvent.objects.filter(act="profile.updated")
    assert event.payload["values"] == {"fields": ["country", "sector"]}


def test_a_closed_account_loses_its_token_and_opens_again(learner, administrator, now):
    services.token_for(learner, at=now)
    for _time in range(2):
        services.deactivate(learner, by=administrator, at=now)
    learner.refresh_from_db()
    assert not learner.is_active
    assert not Token.objects.exists()
    for _time in range(2):
        services.reactivate(learner, by=administrator, at=now)
    learner.refresh_from_db()
    assert learner.is_active
    assert acts(learner) == ["token.created", "token.revoked", "account.deactivated", "account.reactivated"]


def test_the_last_administrator_cannot_be_closed_out(administrator, now):
    with pytest.raises(LastAdministrator):
        services.deactivate(administrator, by=administrator, at=now)
    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_new_token_ends_the_old_one(learner, now):
    old = services.token_for(learner, at=now).key
    assert services.token_for(learner, at=now).key == old
    new = services.create_token(learner, at=now).key
    assert new != old
    assert list(Token.objects.values_list("key", flat=True)) == [new]
