"""Every page that somebody can look at, and who looks at it. `told` holds what only the database knows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

LEARNER, WALKER, GRADUATE = "learner-no@example.org", "walker@example.org", "graduate@example.org"
COORDINATOR, AUTHOR, PUBLISHER = "coordinator@example.org", "author@example.org", "publisher@example.org"
OWNER = "publisher-no@example.org"
ADMINISTRATOR = "administrator@example.org"
ACADEMY = "lakemedelsakademin"
COURSE, MODULE = "clinical-trials", "clinical-trials"

Arguments = Callable[[dict[str, Any]], list[Any]]


@dataclass(frozen=True)
class Page:
    name: str
    arguments: Arguments | list[str]
    who: str = ""
    query: str = ""
    status: int = 200
    title: str = ""

    def path(self, told: dict[str, Any]) -> str:
        arguments = self.arguments(told) if callable(self.arguments) else self.arguments
        return reverse(self.name, args=arguments) + self.query

    def __str__(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, kw_only=True)
class Behind(Page):
    """A page that answers a form: `button` is pressed after the `fields` (selects) are chosen."""

    button: str
    fields: dict[str, str] = field(default_factory=dict)


def certificate(told: dict[str, Any]) -> list[Any]:
    return [told["certificate"]]


def revision(told: dict[str, Any]) -> list[Any]:
    return [told["revision"]]


def followed(told: dict[str, Any]) -> list[Any]:
    return [ACADEMY, told["followed"]]


LESSON = [COURSE, MODULE, "one-application"]
QUIZ = [COURSE, MODULE, "check"]

PUBLIC = [
    Page("home", []),
    Page("catalogue", []),
    Page("catalogue", [], query="?q=nothing+at+all", title="catalogue-empty"),
    Page("course", [COURSE]),
    Page("verify", []),
    Page("verify_certificate", certificate),
    Page("verify_certificate", ["0000000000000000"], status=404, title="verify-unknown"),
    Page("privacy", []),
    Page("accessibility", []),
    Page("contact", []),
    Page("api-docs", []),
    Page("account_login", []),
    Page("account_signup", []),
    Page("account_reset_password", []),
    Page("account_reset_password_done", []),
    Page("account_email_verification_sent", []),
    Page("open_invitation", [], status=404, title="invitation-unknown"),
    Page("course", ["there-is-no-such-course"], status=404, title="404"),
]
OF_LEARNERS = [
    Page("my_learning", [], LEARNER),
    Page("course", [COURSE], LEARNER, title="course-of-learner"),
    Page("course", [COURSE], "newcomer@example.org", title="course-to-enrol"),
    Page("my_learning", [], "newcomer@example.org", title="my-learning-empty"),
    Page("lesson", LESSON, WALKER),
    Page("lesson", [COURSE, MODULE, "clock-in-a-minute"], WALKER, title="film"),
    Page("lesson", QUIZ, WALKER, title="quiz"),
    Page("quiz_attempt", QUIZ, WALKER),
    Page("quiz_result", QUIZ, WALKER),
    Page("compare", LESSON, WALKER),
    Page("leave", [COURSE], WALKER),
    Page("my_certificates", [], LEARNER),
    Page("certificate", certificate, LEARNER),
    Page("profile", [], WALKER),
    Page("account_email", [], WALKER),
    Page("account_change_password", [], WALKER),
    Page("mfa_index", [], WALKER),
    Page("mfa_activate_totp", [], WALKER),
    Page("account_logout", [], WALKER),
    Page("studio", [], WALKER, status=403, title="403"),
]
OF_COORDINATORS = [
    Page("organisation_people", [ACADEMY], COORDINATOR),
    Page("enroll_people", [ACADEMY], COORDINATOR),
    Page("sent_invitations", [ACADEMY], COORDINATOR),
    Page("followed_learner", followed, COORDINATOR),
    Page("stop_following", followed, COORDINATOR),
]
OF_PARTNERS = [
    Page("studio", [], AUTHOR),
    Page("studio_import", [], AUTHOR),
    Page("studio_module", [MODULE], AUTHOR),
    Page("studio_revision", revision, AUTHOR),
    Page("studio_preview", revision, AUTHOR),
    Page("studio", [], PUBLISHER, title="studio-of-publisher"),
    Page("studio_publish", lambda told: [told["reviewed"]], OWNER),
]
OF_ADMINISTRATORS = [
    Page("administration", [], ADMINISTRATOR),
    Page("due_certificates", [], ADMINISTRATOR),
    Page("certificate_register", [], ADMINISTRATOR),
    Page("registered_certificate", certificate, ADMINISTRATOR),
    Page("revoke_certificate", certificate, ADMINISTRATOR),
    Page("jobs", [], ADMINISTRATOR),
    Page("job", lambda told: [told["job"]], ADMINISTRATOR),
    Page("organisations", [], ADMINISTRATOR),
    Page("new_organisation", [], ADMINISTRATOR),
    Page("organisation", [ACADEMY], ADMINISTRATOR),
    Page("edit_organisation", [ACADEMY], ADMINISTRATOR),
    Page("people_admin", [], ADMINISTRATOR),
    Page("person_admin", lambda told: [told["person"]], ADMINISTRATOR),
    Page("audit_trail", [], ADMINISTRATOR),
]
BEHIND_FORMS = [
    Behind(
        "profile", [], "newcomer@example.org", title="name", button='form[action$="/profile/name/"] button'
    ),
    Behind("profile", [], "back@example.org", title="token", button='form[action$="/profile/token/"] button'),
    Behind(
        "revoke_certificate",
        certificate,
        ADMINISTRATOR,
        title="revoke-confirm",
        fields={"#id_reason_code": "data_error"},
        button="main form button[data-variant=primary]",
    ),
]
ALL = [*PUBLIC, *OF_LEARNERS, *OF_COORDINATORS, *OF_PARTNERS, *OF_ADMINISTRATORS]
MAIN = {"home", "catalogue", "course", "my_learning", "lesson", "quiz_attempt", "due_certificates", "studio"}
