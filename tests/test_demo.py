"""The demonstration: filled through services, the same when filled again, and kept away from real data."""

import os
import subprocess
import sys

import pytest
from django.utils import timezone

from certificates.models import Certificate, CertificateDefinition
from certificates.selectors.eligibility import load_cases, reasons_against
from courses.models import Course, Edition, Revision
from enrollment.models import Enrollment
from enrollment.selectors import learner_course
from enrollment.services import enroll
from lms.accounts.models import Organisation, User
from lms.demo.fill import LIBRARY, fill, is_filled
from lms.demo.people import DEMO_LOGINS, PASSWORD
from lms.lib.serving import WorkerLock
from lms.records.models import AuditEvent
from lms.records.services import broken_chains


@pytest.fixture
def filled(db, settings):
    settings.DEMONSTRATION = True
    fill(at=timezone.now())


def test_filling_makes_the_programme_and_filling_again_changes_nothing(filled):
    assert is_filled()
    assert Organisation.objects.partners().count() == 5
    published = Edition.objects.exclude(current=None)
    layers = len(list(LIBRARY.glob("*/countries/*/layer.yaml")))
    assert published.filter(kind=Edition.Kind.LAYER).count() == layers
    assert not Edition.objects.filter(current=None).exists()
    assert {login["email"] for login in DEMO_LOGINS} <= set(User.objects.values_list("email", flat=True))
    assert Enrollment.objects.filter(completed_at__isnull=False).count() == 4
    assert broken_chains() == []
    events, rows = AuditEvent.objects.count(), Revision.objects.count()
    fill(at=timezone.now())
    assert (AuditEvent.objects.count(), Revision.objects.count()) == (events, rows)


def test_demonstration_certificates_say_so(filled):
    certificate = Certificate.objects.get()
    assert certificate.demonstration
    assert certificate.snapshot["demonstration"] is True


def test_partners_have_no_english_name_where_a_nordic_language_is_read(filled):
    occ = "Oslo Cancer Cluster Incubator"  # its own name, in every language
    for language in ("nb", "sv", "fi"):
        names = {partner.name_in(language) for partner in Organisation.objects.partners()}
        assert names == {
            "Läkemedelsakademin",
            "Läkemedelsindustriföreningen",
            "Legemiddelindustrien",
            "Lääketietokeskus",
            occ,
        }


def test_one_completed_course_is_not_due_and_says_why(filled):
    completed = Enrollment.objects.filter(completed_at__isnull=False).select_related("learner", "course")
    against = {
        case.enrollment.learner.email: [reason.code for reason in reasons_against(case, at=timezone.now())]
        for case in load_cases(list(completed))
    }
    assert against["jonas.holm@example.org"] == ["name_not_confirmed"]
    assert [email for email, reasons in against.items() if not reasons] == [
        "anna.berg@example.org",
        "leena.salo@example.org",
    ]


def test_something_waits_for_the_publishers(filled):
    assert Revision.objects.get(status=Revision.Status.IN_REVIEW).edition.module.key == "clinical-trials"


def test_the_address_of_a_door_stays_as_it_is(client, filled, settings):
    settings.ACCOUNT_FORMS = {**settings.ACCOUNT_FORMS, "add_email": "lms.demo.forms.AddEmailForm"}
    for email, said in [("author@example.org", True), ("anna.berg@example.org", False)]:
        client.post("/accounts/login/", {"login": email, "password": PASSWORD})
        page = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"}, follow=True)
        assert ("the login page finds this person by it" in page.text) is said
        client.logout()


def settings_with(tmp_path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LMS_VAR": str(tmp_path), "LMS_DEMONSTRATION": "1", **variables}
    return subprocess.run(
        [sys.executable, "manage.py", "check"], env=environment, capture_output=True, text=True, timeout=60
    )


def test_demonstration_refuses_any_other_database(tmp_path):
    answer = settings_with(tmp_path, DATABASE_URL="postgres://somebody@db.example.org/real")
    assert answer.returncode == 1
    assert "local default database only" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_demonstration_keeps_its_data_in_a_folder_of_its_own(tmp_path):
    answer = settings_with(tmp_path, DATABASE_URL="")
    assert answer.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["demonstration"]


def test_starting_over_is_refused_while_it_runs_and_takes_nothing(tmp_path):
    kept = tmp_path / "demonstration" / "queue" / "lock"
    running = WorkerLock(kept)
    assert running.take()
    environment = {**os.environ, "LMS_VAR": str(tmp_path), "DATABASE_URL": ""}
    answer = subprocess.run(
        [sys.executable, "manage.py", "demo", "--reset", "--port", "0"],  # not a port: it would go no further
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert kept.exists()
    running._file.close()
    assert answer.returncode == 1
    assert answer.stderr == (
        f"CommandError: Process {os.getpid()} is running this demonstration: end it first, "
        f"with Ctrl-C in its terminal or with `kill {os.getpid()}`.\n"
    )


def test_only_the_demonstration_keeps_addresses(tmp_path):
    def form(**variables: str) -> str:
        found = subprocess.run(
            [sys.executable, "-c", "from lms import settings; print(settings.ACCOUNT_FORMS['add_email'])"],
            env={**os.environ, "LMS_VAR": str(tmp_path), "DATABASE_URL": "", **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return found.stdout.strip()

    assert form(LMS_DEMONSTRATION="1") == "lms.demo.forms.AddEmailForm"
    assert form(LMS_DEMONSTRATION="0") == "lms.accounts.sign_in_forms.AddEmailForm"


LA, LIF, OCC, PIC = "lakemedelsakademin", "lif", "occ-incubator", "laaketietokeskus"

# Owner, hours, months of validity.
GIVEN = {
    "clinical-trials": (LA, "2.5", 36),
    "good-clinical-practice": (LA, "4", 36),
    "clinical-evidence": (LA, "2.5", None),
    "industry-codes": (LIF, "2", 24),
    "landscape": (LA, "2", None),
    "pharmacovigilance": (PIC, "2.5", 12),
    "pharmacovigilance-awareness": (PIC, "0.5", 12),
    "pricing-and-hta": (LIF, "2.5", None),
    "trials-and-devices": (OCC, "5.5", 36),
}


def test_the_courses_of_the_programme_have_owner_hours_and_validity_as_given(filled):
    definitions = CertificateDefinition.objects.filter(active=True, course__status=Course.Status.PUBLISHED)
    found = definitions.values_list("course__slug", "course__owner__slug", "course__hours", "valid_months")
    assert {slug: (owner, f"{hours.normalize():f}", months) for slug, owner, hours, months in found} == GIVEN

    learner, awareness = User.objects.get(email="learner-fi@example.org"), "pharmacovigilance-awareness"
    course = Course.objects.get(slug=awareness)
    enroll(learner, course, country="FI", language="en", by=learner, at=timezone.now())
    asked = [step.key for step in learner_course(learner, awareness).outline.required]
    assert asked == ["you-heard-about-a-side-effect", "awareness-check", "country-check"]


def test_no_two_courses_are_published_at_one_moment_and_none_after_somebody_learns_it(filled):
    moments = list(Course.objects.values_list("published_at", flat=True))
    assert len(set(moments)) == len(moments)
    assert max(moments) < Enrollment.objects.earliest("enrolled_at").enrolled_at


def test_layers_of_countries_without_a_partner_say_so(filled):
    layers = Edition.objects.filter(kind=Edition.Kind.LAYER)
    lacking = layers.filter(current__lacks_local_review=True).values_list("country", flat=True)
    assert set(lacking) == {"DK", "EE", "IS", "LT", "LV"}
    assert set(layers.values_list("country", flat=True)) - set(lacking) == {"FI", "NO", "SE"}
