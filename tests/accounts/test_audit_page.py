"""The audit trail as administrators read it."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import translation
from django.utils.html import strip_tags

from certificates.models import Certificate
from lms.accounts.acts import ACTS, CODES, any_in_words
from lms.records.models import AuditEvent, ErasurePermit
from lms.records.services import record
from tests.installation import ROOT

PAGE = "/administration/audit/"
ROOMS = ("lms", "courses", "enrollment", "certificates")
ACT = re.compile(r'record(?:_change)?\(\s*"([a-z_]+\.[a-z_]+)"')


@pytest.fixture
def trail(learner, administrator, lif):
    """Two acts of the administrator, one of the system, on two days."""
    first, second = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    record("role.granted", learner, by=administrator, on_behalf_of=lif, at=first, role="member")
    record("role.ended", learner, by=administrator, at=second)
    record("organisation.created", lif, by=None, at=second, meaning="APPROVED")


def found(browser, **query) -> list[str]:
    return [row.event.act for row in browser.get(PAGE, query).context["rows"]]


def test_newest_first_with_person_and_values(signed_in, administrator, lif, trail):
    content = signed_in(administrator).get(PAGE).content.decode()
    assert (
        content.index("<code>organisation.created")
        < content.index("<code>role.ended")
        < content.index("<code>role.granted")
    )
    for words in (
        "Administrator",
        "The system",
        "<dt>role</dt><dd><code>member",
        "APPROVED",
        f"On behalf of {lif.name}",
    ):
        assert words in content


def sentences(browser, **query) -> list[str]:
    content = browser.get(PAGE, query).content.decode()
    found = re.findall(r"<td><p>(.*?)</p>", content, re.S)
    return [" ".join(strip_tags(sentence).split()) for sentence in found]


def test_each_entry_is_a_sentence(signed_in, administrator, learner, lif, trail):
    who, whom = str(administrator), str(learner)
    assert sentences(signed_in(administrator)) == [
        f"The system added the organisation {lif.name}",
        f"{who} ended the role “–” of {whom} at –",
        f"{who} gave {whom} the role “Member” at –",
    ]


def test_a_recorded_value_cannot_write_markup(signed_in, administrator, learner):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    record("revision.sent_back", learner, by=administrator, at=now, reason="<b>No</b> %(thing)s")
    content = signed_in(administrator).get(PAGE).content.decode()
    assert "because: &lt;b&gt;No&lt;/b&gt; %(thing)s" in content


def test_an_act_without_words_stands_as_it_is(signed_in, administrator, learner):
    record("something.new", learner, by=administrator, at=datetime(2026, 3, 1, tzinfo=UTC))
    assert sentences(signed_in(administrator)) == [f"{administrator} something.new {learner}"]


def test_the_filter_names_acts_in_words_and_asks_by_code(signed_in, administrator, trail):
    record("something.new", administrator, by=None, at=datetime(2026, 3, 3, tzinfo=UTC))
    form = signed_in(administrator).get(PAGE).context["form"]
    assert form.fields["act"].choices == [
        ("", "Every act"),
        ("organisation.created", "Added the organisation …"),
        ("role.ended", "Ended the role “…” of … at …"),
        ("role.granted", "Gave … the role “…” at …"),
        ("something.new", "something.new"),
    ]


@pytest.mark.parametrize("language", ["en", "nb", "sv", "fi"])
def test_no_two_acts_have_the_same_words(language):
    with translation.override(language):
        said = {any_in_words(act) for act in ACTS}
    assert len(said) == len(ACTS)


def test_every_act_that_is_recorded_has_words():
    """From the code itself: whoever records a new act gives it words in `acts`."""
    code = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    recorded = {act for path in code for act in ACT.findall(path.read_text())}
    assert len(recorded) > 40
    assert recorded == set(ACTS)


def test_codes_are_said_as_the_app_that_keeps_them_says_them():
    reasons = dict(Certificate.Reason.choices)
    assert {code: str(CODES[code]) for code in reasons} == {
        code: str(label) for code, label in reasons.items()
    }


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ({"act": "role.ended"}, ["role.ended"]),
        ({"thing": "accounts.organisation"}, ["organisation.created"]),
        ({"person": "Administrator@example.org"}, ["role.ended", "role.granted"]),
        ({"person": "nobody@example.org"}, []),
        ({"first_day": "2026-03-02"}, ["organisation.created", "role.ended"]),
        ({"last_day": "2026-03-01"}, ["role.granted"]),
        ({"first_day": "2026-03-01", "last_day": "2026-03-01", "act": "role.ended"}, []),
    ],
)
def test_filters(signed_in, administrator, trail, query, acts):
    assert found(signed_in(administrator), **query) == acts


@pytest.mark.parametrize(
    "query",
    [{"first_day": "yesterday"}, {"act": "no.such"}, {"first_day": "2026-03-02", "last_day": "2026-03-01"}],
)
def test_nonsense_is_said_and_finds_nothing(signed_in, administrator, trail, query):
    response = signed_in(administrator).get(PAGE, query)
    assert response.status_code == 422
    assert response.context["rows"] == []


def test_an_erased_person_has_no_name(signed_in, administrator, learner, other_learner):
    record("name.confirmed", learner, by=other_learner, at=datetime(2026, 3, 1, tzinfo=UTC))
    other_learner.delete()
    assert b"An erased account" in signed_in(administrator).get(PAGE).content


def test_the_whole_trail_can_be_checked(signed_in, administrator, learner, trail):
    browser = signed_in(administrator)
    assert b"Every fingerprint fits" in browser.get(PAGE, {"check": "1"}).content
    with connection.cursor() as cursor:  # somebody with the database in hand, past the guard
        permit = ErasurePermit.objects.create(reason="test")
        cursor.execute("UPDATE records_auditevent SET act = 'role.never' WHERE act = 'role.granted'")
        permit.delete()
    response = browser.get(PAGE, {"check": "1"})
    assert response.context["broken"] == [f"accounts.user:{learner.pk}"]
    assert b"Broken" in response.content


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_long(signed_in, administrator, learner, count, count_queries):
    for _number in range(count):
        record("name.confirmed", learner, by=learner, at=datetime(2026, 3, 1, tzinfo=UTC))
    browser = signed_in(administrator)
    browser.get(PAGE)
    with count_queries(6):
        browser.get(PAGE)


def test_it_is_read_only(signed_in, administrator, trail):
    assert signed_in(administrator).post(PAGE).status_code == 405
    assert AuditEvent.objects.count() == 3
