"""Every page that somebody can look at, and who looks at it. `told` holds what only the database knows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

LEARNER, WALKER, GRADUATE = "learner-no@example.org", "walker@example.org", "graduate@example.org"
COORDINATOR, AUTHOR, PUBLISHER = "coordinator@example.org", "author@example.org", "publisher@example.org"
WRITER, OWNER = "writer@example.org", "publisher-no@example.org"
ADMINISTRATOR = "administrator@example.org"
NEWCOMER, GUARDED, INVITED = "newcomer@example.org", "guarded@example.org", "invited@example.org"
ACADEMY = "lakemedelsakademin"
COURSE, MODULE = "clinical-trials", "clinical-trials"
DRAFT_COURSE = "course-in-draft"

Arguments = Callable[[dict[str, Any]], list[Any]]


@dataclass(frozen=True)
class Page:
    name: str
    arguments: Arguments | list[str]
    who: str = ""
    query: str = ""
    status: int = 200
    title: str = ""
    leads_on: bool = False  # to the page that is looked at

    def path(self, told: dict[str, Any]) -> str:
        arguments = self.arguments(told) if callable(self.arguments) else self.arguments
        return reverse(self.name, args=arguments) + self.query

    def __str__(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, kw_only=True)
class Behind(Page):
    """A page that answers a form: `button` is pressed after the `fields` are chosen and the `words` typed."""

    button: str
    fields: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def certificate(told: dict[str, Any]) -> list[Any]:
    return [told["certificate"]]


def revoked(told: dict[str, Any]) -> list[Any]:
    return [told["revoked"]]


def invitation(told: dict[str, Any]) -> list[Any]:
    return [told["invitation"]]


def revision(told: dict[str, Any]) -> list[Any]:
    return [told["revision"]]


def suggestion(told: dict[str, Any]) -> list[Any]:
    return [told["suggestion"]]


def followed(told: dict[str, Any]) -> list[Any]:
    return [ACADEMY, told["followed"]]


LESSON = [COURSE, MODULE, "one-application"]
QUIZ = [COURSE, MODULE, "check"]

PUBLIC = [
    Page("home", []),
    Page("catalogue", []),
    Page("catalogue", [], query="?q=nothing+at+all", title="catalogue-empty"),
    Page("course", [COURSE]),
    Page("fact", ["ct.ethics"]),
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
    Page("account_confirm_email", lambda told: [told["confirmation"]]),
    Page("account_confirm_email", ["no-such-key"], title="confirmation-unknown"),
    Page("account_reset_password_from_key", lambda told: told["reset"], leads_on=True),
    Page("account_reset_password_from_key", ["1", "no-such-key"], title="reset-unknown"),
    Page("account_reset_password_from_key_done", []),
    Page("account_inactive", []),
    Page("invitation", invitation, leads_on=True),
    Page("verify_certificate", revoked, title="verify-revoked"),
    Page("open_invitation", [], status=404, title="invitation-unknown"),
    Page("course", ["there-is-no-such-course"], status=404, title="404"),
]
OF_LEARNERS = [
    Page("my_learning", [], LEARNER),
    Page("course", [COURSE], LEARNER, title="course-of-learner"),
    Page("course", [COURSE], NEWCOMER, title="course-to-enrol"),
    Page("enroll", [COURSE], NEWCOMER),
    Page("invitation", invitation, INVITED, leads_on=True, title="invitation-to-accept"),
    Page("invitation", invitation, WALKER, leads_on=True, title="invitation-of-somebody-else"),
    Page("my_learning", [], NEWCOMER, title="my-learning-empty"),
    Page("lesson", LESSON, WALKER),
    Page("lesson", [COURSE, MODULE, "clock-in-a-minute"], WALKER, title="film"),
    Page("lesson", QUIZ, WALKER, title="quiz"),
    Page("quiz_attempt", QUIZ, WALKER),
    Page("quiz_result", QUIZ, WALKER),
    Page("compare", LESSON, WALKER),
    Page("course_offers", [COURSE], WALKER),
    Page("leave", [COURSE], WALKER),
    Page(
        "suggest", [MODULE, "one-application"], WALKER, query="?language=en&country=FI&part=layer&quote=Words"
    ),
    Page("suggest_on_fact", ["ct.ethics"], WALKER),
    Page("my_suggestions", [], WALKER),
    Page("my_suggestions", [], NEWCOMER, title="my-suggestions-empty"),
    Page("withdraw_suggestion", suggestion, WALKER),
    Page("my_certificates", [], LEARNER),
    Page("certificate", certificate, LEARNER),
    Page("profile", [], WALKER),
    Page("account_email", [], WALKER),
    Page("account_change_password", [], WALKER),
    Page("mfa_index", [], WALKER),
    Page("mfa_activate_totp", [], WALKER),
    Page("account_reauthenticate", [], WALKER),
    Page("mfa_index", [], GUARDED, title="second-factor-on"),
    Page("mfa_reauthenticate", [], GUARDED),
    Page("mfa_deactivate_totp", [], GUARDED),
    Page("mfa_view_recovery_codes", [], GUARDED),
    Page("mfa_generate_recovery_codes", [], GUARDED),
    Page("account_logout", [], WALKER),
    Page("studio", [], WALKER, status=403, title="403"),
]
OF_COORDINATORS = [
    Page("people", [], "both@example.org"),
    Page("organisation_people", [ACADEMY], COORDINATOR),
    Page("enroll_people", [ACADEMY], COORDINATOR),
    Page("sent_invitations", [ACADEMY], COORDINATOR),
    Page("followed_learner", followed, COORDINATOR),
    Page("stop_following", followed, COORDINATOR),
]
OF_PARTNERS = [
    Page("studio", [], AUTHOR),
    Page("studio_import", [], AUTHOR),
    Page("studio_programme", [], PUBLISHER),
    Page("studio_module", [MODULE], AUTHOR),
    Page("studio_revision", revision, AUTHOR),
    Page("studio_revision", lambda told: [told["returned"]], WRITER, title="studio-revision-sent-back"),
    Page("studio", [], WRITER, title="studio-sent-back"),
    Page("studio_suggestions", [], AUTHOR),
    Page("studio_suggestions", [], WRITER, title="studio-suggestions-empty"),
    Page("studio_suggestion", suggestion, AUTHOR),
    Page("studio_facts", [], PUBLISHER),
    Page("studio_facts", [], AUTHOR, query="?source=no-such-place", title="studio-facts-empty"),
    Page("studio_source", [], PUBLISHER, query="?source=536/2014"),
    Page("studio_replace_source", lambda told: [told["fact"]], AUTHOR),
    Page("studio_replacement", lambda told: [told["replacement"]], AUTHOR),
    Page("studio_checks", lambda told: [told["checked"]], WRITER),
    Page("studio_preview", revision, AUTHOR),
    Page("studio", [], PUBLISHER, title="studio-of-publisher"),
    Page("studio_publish", lambda told: [told["reviewed"]], OWNER),
    Page("studio_withdraw", revision, OWNER),
    Page("studio_new_module", [], AUTHOR),
    Page("studio_translate", [MODULE], AUTHOR),
    Page("studio_edit", lambda told: [told["written"]], AUTHOR),
    Page("studio_edit", lambda told: [told["translated"]], AUTHOR, title="studio-edit-translation"),
    Page("studio_lesson", lambda told: [told["written"], "welcome"], AUTHOR),
    Page("studio_lesson", lambda told: [told["translated"], "welcome"], AUTHOR, title="studio-translated"),
    Page("studio_quiz", lambda told: [told["written"], "check"], AUTHOR),
    Page("studio_question_add", lambda told: [told["written"], "check"], AUTHOR, query="?kind=matching"),
    Page("studio_question", lambda told: [told["written"], "check", "agency"], AUTHOR),
    Page("studio_quiz_try", lambda told: [told["written"], "check"], AUTHOR),
    Page("studio_about", lambda told: [told["written"]], AUTHOR),
    Page("studio_media", lambda told: [told["written"]], AUTHOR),
    Page("studio_media", lambda told: [told["translated"]], AUTHOR, title="studio-media-of-translation"),
    Page("studio_figure", lambda told: [told["written"]], AUTHOR),
    Page("studio_lesson_files", lambda told: [told["written"], "seen"], AUTHOR),
    Page("studio_lesson_files", lambda told: [told["translated"], "seen"], AUTHOR, title="studio-captions"),
    Page("studio_states", lambda told: [told["written"]], AUTHOR),
    Page("studio_state", lambda told: [told["written"], told["state"]], AUTHOR),
    Page("studio_comments", lambda told: [told["written"]], AUTHOR, query="?place=lesson/welcome"),
    Page("studio_comment_change", lambda told: [told["written"], told["comment"]], AUTHOR),
    Page("studio_comment_delete", lambda told: [told["written"], told["comment"]], AUTHOR),
    Page("studio_revision", lambda told: [told["written"]], AUTHOR, title="studio-revision-comments"),
    Page("studio_discard", lambda told: [told["written"]], AUTHOR),
    Page("studio_adapt", [MODULE], AUTHOR, query="?country=FO"),
    Page("studio_edit", lambda told: [told["layer"]], AUTHOR, title="studio-edit-layer"),
    Page("studio_panel", lambda told: [told["layer"], "welcome"], AUTHOR),
    Page(
        "studio_panel",
        lambda told: [told["layer"], "welcome"],
        AUTHOR,
        query="?language=sv",
        title="studio-panel-beside",
    ),
    Page("studio_fact", lambda told: [told["layer"], "written.act"], AUTHOR),
    Page(
        "studio_fact",
        lambda told: [told["layer"], "written.act"],
        AUTHOR,
        query="?language=sv",
        title="studio-fact-beside",
    ),
    Page("studio_fact_add", lambda told: [told["layer"]], AUTHOR),
    Page("studio_quiz", lambda told: [told["layer"], "country-check"], AUTHOR, title="studio-country-check"),
    Page("studio_course_new", [], AUTHOR),
    Page("studio_course", [DRAFT_COURSE], AUTHOR),
    Page("studio_course", [COURSE], PUBLISHER, title="studio-course-open"),
    Page("studio_course_edit", [DRAFT_COURSE], AUTHOR),
    Page("studio_course_certificate", [DRAFT_COURSE], AUTHOR),
    Page("studio_course_publish", [DRAFT_COURSE], OWNER),
    Page("studio_course_close", [COURSE], PUBLISHER),
]
OF_ADMINISTRATORS = [
    Page("administration", [], ADMINISTRATOR),
    Page("due_certificates", [], ADMINISTRATOR),
    Page("certificate_register", [], ADMINISTRATOR),
    Page("registered_certificate", certificate, ADMINISTRATOR),
    Page("revoke_certificate", certificate, ADMINISTRATOR),
    Page("correct_certificate", revoked, ADMINISTRATOR),
    Page("registered_certificate", revoked, ADMINISTRATOR, title="registered-revoked"),
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
    Behind("profile", [], NEWCOMER, title="name", button='form[action$="/profile/name/"] button'),
    Behind("profile", [], "back@example.org", title="token", button='form[action$="/profile/token/"] button'),
    Behind(
        "revoke_certificate",
        certificate,
        ADMINISTRATOR,
        title="revoke-confirm",
        fields={"#id_reason_code": "data_error"},
        button="main form button[data-variant=primary]",
    ),
    Behind(
        "account_login",
        [],
        title="mfa_authenticate",
        words={"#id_login": GUARDED, "#id_password": "demo"},
        button="main form button[data-variant=primary]",
    ),
]
# Addresses that answer without a page of their own, and why.
UNSEEN = {
    "account_confirm_login_code": "leads to the login: nobody logs in by a mailed code here",
    "account_set_password": "leads to changing it: every account has a password",
    "start": "leads to the page that somebody's roles begin with",
    "learn": "leads to the lesson that comes next",
    "certificate_status": "a part of the page of a certificate",
    "job_progress": "a part of the page of a job",
    "content_file": "a file",
    "download_certificate": "a file",
    "mfa_download_recovery_codes": "a file",
    "organisation_people_csv": "a file",
    "studio_export": "a file",
    "studio_edition_export": "a file",
    "studio_programme_export": "a file",
    "studio_course_export": "a file",
    "studio_facts_csv": "a file",
    "api-schema": "for programs",
    "health": "for programs",
    "robots": "for programs",
    "security_txt": "for programs",
}
ALL = [*PUBLIC, *OF_LEARNERS, *OF_COORDINATORS, *OF_PARTNERS, *OF_ADMINISTRATORS]
MAIN = {"home", "catalogue", "course", "my_learning", "lesson", "quiz_attempt", "due_certificates", "studio"}
