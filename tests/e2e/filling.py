"""The demonstration, and beside its people one learner for each test that changes something."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import F
from django.utils import timezone

from certificates.models import Certificate
from certificates.services import issue, revoke, start_issuing
from courses.bundle import read_folder
from courses.content import NativeTerm, QuestionContent, QuestionText
from courses.models import (
    Comment,
    Course,
    Edition,
    FactCheck,
    FactStatement,
    Module,
    Revision,
    Suggestion,
)
from courses.selectors.drafts import version_of
from courses.selectors.layer_drafts import Place
from courses.services import (
    add_file,
    add_language,
    add_lesson,
    announce_replacement,
    answer_comment,
    answer_suggestion,
    begin_comment,
    check_unchanged,
    create_course,
    import_bundle,
    save_files,
    save_lesson,
    save_panel,
    save_translation,
    send_back,
    start_layer,
    start_module,
    start_translation,
    state_fact,
    submit,
    suggest,
)
from courses.services.layer_facts import Said
from courses.services.lesson_files import version_of_files
from courses.services.questions import save_question
from enrollment.models import Assignment, Enrollment, Invitation
from enrollment.outline import Step
from enrollment.selectors import LearnerCourse, learner_course
from enrollment.services import complete_lesson, enroll, start_attempt, submit_attempt
from enrollment.services.inviting import hash_of, invite
from lms.accounts.models import Organisation, Role, User
from lms.accounts.services import confirm_name, grant_role
from lms.demo.fill import LIBRARY, add_person, fill, right_answers
from lms.demo.people import PEOPLE
from lms.records.models import Job
from tests.certificates.builders import publish_stand_in
from tests.e2e.filling_layers import teach_a_module
from tests.e2e.pages import DRAFT_COURSE

COURSE = "clinical-trials"
WRITTEN = "written-here"

# Who, and how many lessons of the course are done; None: not enrolled.
LEARNERS: dict[str, int | None] = {
    "keyboard": 0,
    "bare": 0,  # without JavaScript
    "newcomer": None,
    "light": 0,  # weighs the page
    "back": 0,
    "expired": 0,
    "tabs": 4,
    "walker": 4,
    "graduate": 99,
    "revoked": 99,  # held a certificate with wrong data
    "informed": 0,  # reads what is said of sources and reviews
    "corrector": None,  # suggests a correction, in another course
    "guarded": None,  # has a second factor
    "both": None,  # coordinates two organisations
    "invited": None,
    "reader": None,  # of a layer that is written meanwhile
    "writer": None,  # of a layer that came back from review
}
INVITATION = "the-link-in-a-letter"


def address(name: str) -> str:
    return f"{name}@example.org"


def fill_and_tell() -> None:
    """Fill everything and print, as JSON, what only the database knows."""
    now = timezone.now()
    fill(at=now)
    for name, lessons in LEARNERS.items():
        add_learner(name, lessons, at=now)
    fail_the_quiz(User.objects.get(email=address("walker")), at=now)
    issue_again(at=now)
    revoke_one(User.objects.get(email=address("revoked")), at=now)
    return_to_author(User.objects.get(email=address("writer")), at=now)
    check_a_fact(User.objects.get(email=address("writer")), at=now)
    write_in_the_studio(User.objects.get(email="author@example.org"), at=now)
    suggest_a_correction(User.objects.get(email=address("walker")), at=now)
    enroll_the_reader(User.objects.get(email=address("corrector")), at=now)
    coordinate_two(User.objects.get(email=address("both")), at=now)
    invite_by_known_link(at=now)
    compose_course(at=now)
    teach_a_module(at=now)
    print(json.dumps(told()))  # noqa: T201


def compose_course(*, at: datetime) -> None:
    """A draft of the author's organisation that has two lessons of a module."""
    create_course(
        DRAFT_COURSE,
        owner=Organisation.objects.get(slug="occ-incubator"),
        title={"en": "A course in the making", "sv": "En kurs som växer fram"},
        summary={"en": "It is not open yet."},
        hours=Decimal("1.5"),
        items=[(Module.objects.get(key=COURSE), ["one-application", "check"])],
        by=None,
        at=at,
    )


def add_learner(name: str, lessons: int | None, *, at: datetime) -> None:
    person: Any = {"email": address(name), "name": f"{name.title()} Test", "country": "FI", "language": "en"}
    learner = add_person(person, at=at)
    if lessons is None:
        return
    enroll(learner, Course.objects.get(slug=COURSE), country="FI", language="en", by=learner, at=at)
    for step in load(learner).outline.required[:lessons]:
        do(load(learner), step, at=at)


def load(learner: User) -> LearnerCourse:
    course = learner_course(learner, COURSE)
    assert course
    return course


def do(course: LearnerCourse, step: Step, *, at: datetime) -> None:
    if not step.is_quiz:
        complete_lesson(course, step, at=at)
        return
    attempt = start_attempt(course, step, at=at)
    submit_attempt(course, step, right_answers(attempt), at=at)


def fail_the_quiz(learner: User, *, at: datetime) -> None:
    """One attempt handed in with nothing right, and another one begun."""
    step = next(step for step in load(learner).outline.required if step.is_quiz)
    attempt = start_attempt(load(learner), step, at=at)
    wrong = {question["key"]: wrong_answer(question) for question in attempt.questions}
    submit_attempt(load(learner), step, wrong, at=at)
    start_attempt(load(learner), step, at=at)


def issue_again(*, at: datetime) -> None:
    """A bulk issue to somebody who has their certificate: there is a job to look at, and nobody gets anything."""
    administrator = User.objects.get(email="administrator@example.org")
    start_issuing([Certificate.objects.get().enrollment_id], by=administrator, at=at)


def revoke_one(learner: User, *, at: datetime) -> None:
    """For its name, which is right by now."""
    administrator = User.objects.get(email="administrator@example.org")
    certificate = issue(learner.enrollments.get(), by=administrator, at=at)
    revoke(
        publish_stand_in(certificate, at=at),
        reason_code=Certificate.Reason.DATA_ERROR,
        reason_text="",
        by=administrator,
        at=at,
    )
    confirm_name(learner, name="Right Test", by=learner, at=at)


def return_to_author(author: User, *, at: datetime) -> None:
    """A draft that a publisher has sent back, with the reason."""
    grant_role(author, Organisation.objects.get(slug="lmi"), Role.AUTHOR, by=None, at=at)
    bundle = read_folder(LIBRARY / "medical-devices")
    layers = {"NO": replace(bundle.layers["NO"], pass_percent=80)}
    changed = replace(bundle, core=None, translations={}, layers=layers)
    [imported] = import_bundle(changed, by=author, at=at).editions
    submitted = submit(imported.revision, by=author, at=at)
    publisher = User.objects.get(email=address("publisher-no"))
    send_back(submitted, by=publisher, at=at, reason="Say why so many answers have to be right.")


def check_a_fact(author: User, *, at: datetime) -> None:
    """Of the author's organisation, which has looked at it already on the day that the library was written."""
    stated = FactStatement.objects.filter(
        fact__country="NO", fact__key="ct.ethics", revision__status=Revision.Status.PUBLISHED
    )
    check_unchanged(stated, by=author, at=at + timedelta(days=1))


OF_NEW_KINDS = (
    QuestionContent(
        "agency",
        "short",
        {"options": ["full"], "correct": ["full"], "case": "ignore", "diacritics": "ignore"},
        {"en": QuestionText(prompt="Which agency?", options={"full": "Läkemedelsverket"}, explanation="So.")},
        references=("Art. 1",),
    ),
    QuestionContent(
        "parts",
        "matching",
        {"options": ["a", "b"], "matches": ["m", "n"], "correct": {"a": "m", "b": "n"}},
        {
            "en": QuestionText(
                prompt="Where does it belong?",
                options={"a": "The brochure", "b": "The site form", "m": "Part I", "n": "Part II"},
                explanation="So.",
            )
        },
        references=("Art. 2",),
    ),
    QuestionContent(
        "steps",
        "ordering",
        {"options": ["a", "b"]},
        {"en": QuestionText(prompt="What first?", options={"a": "Submit", "b": "Assess"}, explanation="So.")},
        references=("Art. 3",),
    ),
    QuestionContent(
        "sop",
        "attestation",
        {
            "document": {
                "title": "SOP 12",
                "version": "3.0",
                "sha256": "0f" * 32,
                "url": "https://example.org/",
            }
        },
        {"en": QuestionText(prompt="Read the procedure.")},
    ),
)


def write_in_the_studio(author: User, *, at: datetime) -> None:
    """A module that is being written, and translated at the same time."""
    owner = Organisation.objects.get(slug="occ-incubator")
    texts = {"title": {"en": "Written here"}, "summary": {"en": "A draft."}, "audience": {"en": "All"}}
    rest = {"outcomes": [], "references": [], "validity_months": None, "licence": "", "hours": "1"}
    core = start_module(
        WRITTEN,
        owner=owner,
        source_language="en",
        about={**texts, **rest, "subject": "quality"},
        first_lesson="Welcome",
        by=author,
        at=at,
    )
    add_lesson(core, title="A second lesson", kind="text", minutes=5, by=author, at=at)
    add_lesson(core, title="Check", kind="quiz", minutes=5, by=author, at=at)
    show_files(core, author, at=at)
    for question in OF_NEW_KINDS:
        save_question(core, "check", question, base="", by=author, at=at)
    welcome = core.lessons.get(key="welcome")
    save_lesson(
        core,
        "welcome",
        {"body": "## One\n\n:::note\nNot closed."},
        base=version_of(welcome),
        by=author,
        at=at,
    )
    comment_on(core, author, at=at)
    swedish = start_translation(core.edition.module, "sv", owner=owner, by=author, at=at)
    words = {"title": "Välkommen", "body": "Ord.", "questions": {}}
    save_translation(swedish, "welcome", words, base="", by=author, at=at)
    write_a_layer(core, owner, author, at=at)


def write_a_layer(core: Revision, owner: Organisation, author: User, *, at: datetime) -> None:
    """In two languages, with facts of which one can be relied on and one cannot yet."""
    latvian = start_layer(core.edition.module, "LV", source_language="en", owner=owner, by=author, at=at)
    add_language(latvian, "sv", by=author, at=at)
    said = Said(
        statement="There is one act.",
        status="verified",
        native_terms=(NativeTerm("lv", "Likums"),),
        legal_ref="Act 1/2020",
        source_url="https://example.org/act",
        verified_on=at.date(),
    )
    state_fact(latvian, "written.act", said, by=author, at=at)
    open_still = Said(statement="Who decides is not known yet.", status="confirm")
    state_fact(latvian, "written.body", open_still, by=author, at=at)
    save_panel(
        latvian,
        Place("welcome", "", "en"),
        "In Latvia there is **one** act.",
        base="",
        facts=["written.act", "written.body"],
        by=author,
        at=at,
    )
    question = QuestionContent(
        "acts",
        "truefalse",
        {"correct": True},
        {"en": QuestionText(prompt="There is one act.", explanation="So it is.")},
        rests_on=("written.act",),
    )
    save_question(latvian, "country-check", question, base="", by=author, at=at)


def comment_on(core: Revision, author: User, *, at: datetime) -> None:
    """A reviewer's comment with an answer, and a word of the author's own."""
    reviewer = User.objects.get(email="publisher-no@example.org")
    said = begin_comment(
        core, place="lesson/welcome", quote="One", words="One of what?\n\nSay it.", by=reviewer, at=at
    )
    answer_comment(said, words="Of the parts, and it will say so.", by=author, at=at)
    begin_comment(core, place="lesson/welcome", words="The box is not closed yet.", by=author, at=at)


def show_files(core: Revision, author: User, *, at: datetime) -> None:
    """A video with its captions, and files that nothing uses."""
    add_lesson(core, title="Seen", kind="video", minutes=2, by=author, at=at)
    for name in ("clock.mp4", "clock.en.vtt", "clock.png", "two-parts.en.svg"):
        with (LIBRARY / "clinical-trials" / "assets" / name).open("rb") as file:
            add_file(core, name, file, by=author, at=at)
    video = {"src": "assets/clock.mp4", "seconds": 75, "poster": "assets/clock.png"}
    made = {"video": {**video, "captions": {"en": "assets/clock.en.vtt"}}}
    base = version_of_files(core.lessons.get(key="seen"))
    save_files(core, "seen", made, base=base, by=author, at=at)


def suggest_a_correction(reader: User, *, at: datetime) -> None:
    """One that is new and one that is answered."""
    core = Edition.objects.get(module__key=COURSE, kind=Edition.Kind.CORE).current
    assert core
    place = {"place": "lesson/one-application", "title": "One application, two parts"}
    declined = suggest(
        core, **place, kind="unclear", words="What is a site?\n\nSay it once.", by=reader, at=at
    )
    author = User.objects.get(email="author@example.org")
    words = "The glossary says it, and the lesson links to it."
    answer_suggestion(declined, words=words, is_declined=True, by=author, at=at)
    suggest(
        core, **place, kind="outdated", quote="Part I and Part II", words="There is more.", by=reader, at=at
    )


def enroll_the_reader(reader: User, *, at: datetime) -> None:
    """Where the author's organisation has no draft open."""
    course = Course.objects.get(slug="trials-and-devices")
    enroll(reader, course, country="FI", language="en", by=reader, at=at)


def coordinate_two(coordinator: User, *, at: datetime) -> None:
    for organisation in Organisation.objects.filter(slug__in=["lmi", "lakemedelsakademin"]):
        grant_role(coordinator, organisation, Role.COORDINATOR, by=None, at=at)


def invite_by_known_link(*, at: datetime) -> None:
    """Only the letter knows the link of an invitation, so this one is given another."""
    invitation = invite(
        address("invited"),
        organisation=Organisation.objects.get(slug="lakemedelsakademin"),
        course=Course.objects.get(slug=COURSE),
        language="en",
        by=User.objects.get(email=address("coordinator")),
        at=at,
    )
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=hash_of(INVITATION))


def switch_on_second_factor(person: User) -> str:
    """The secret that its codes are made of."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def link_to_confirm(person: User) -> str:
    new = EmailAddress.objects.create(user=person, email=address("renamed"), verified=False)
    return EmailConfirmationHMAC(new).key


def wrong_answer(question: dict[str, Any]) -> Any:
    rule = question["rule"]
    if "answer" in rule:
        return "1"
    if question["kind"] == "truefalse":
        return not rule["correct"]
    options = next(iter(question["texts"].values()))["options"]
    return [key for key in options if key not in rule["correct"]][:1]


def written() -> dict[str, int]:
    drafts = {
        revision.edition.kind: revision
        for revision in Revision.objects.filter(edition__module__key=WRITTEN).select_related("edition")
    }
    core, translation = drafts["core"], drafts["translation"]
    return {
        "written": core.pk,
        "comment": Comment.objects.filter(thread__edition=core.edition).latest("pk").pk,
        "translated": translation.pk,
        "layer": drafts["layer"].pk,
        "state": core.saved_states.order_by("-pk").values_list("pk", flat=True)[0],
    }


def replaced() -> dict[str, int]:
    """A source of which the Incubator says that it is replaced, and a fact from another of its sources."""
    owner = Organisation.objects.get(slug="occ-incubator")
    stated = FactStatement.objects.filter(
        revision=F("revision__edition__current"), revision__edition__owner=owner, fact__country="LV"
    )
    urls = list(
        stated.exclude(source_url="").order_by("source_url").values_list("source_url", flat=True).distinct()
    )
    announced = announce_replacement(
        urls[0],
        replaced_on=timezone.localdate() + timedelta(days=60),
        successor="Jaunie Ministru kabineta noteikumi",
        successor_url="https://likumi.lv/jaunie",
        note="Section 3 becomes section 7.",
        organisation=owner,
        by=User.objects.get(email="author@example.org"),
        at=timezone.now(),
    )
    other = stated.filter(source_url=urls[-1])[0]
    return {"replacement": announced.pk, "fact": other.fact_id}


def told() -> dict[str, Any]:
    followed = Assignment.objects.filter(enrollment__learner__email="oskar.ryd@example.org").get()
    guarded = User.objects.get(email=address("guarded"))
    forgetful = followed.enrollment.learner
    returned = Revision.objects.get(edition__module__key="medical-devices", status=Revision.Status.DRAFT)
    return {
        "suggestion": Suggestion.objects.filter(sent_by__email=address("walker")).latest("pk").pk,
        "followed": followed.enrollment_id,
        "finished": Enrollment.objects.get(learner__email=address("graduate")).pk,
        "revision": Revision.objects.filter(edition__module__key=COURSE, edition__kind=Edition.Kind.CORE)
        .order_by("pk")[0]
        .pk,
        "reviewed": Revision.objects.get(status=Revision.Status.IN_REVIEW).pk,
        "job": Job.objects.get().pk,
        "certificate": Certificate.objects.get(learner__email="learner-no@example.org").public_id,
        "revoked": Certificate.objects.get(learner__email=address("revoked")).public_id,
        "returned": returned.pk,
        "checked": FactCheck.objects.filter(by__email=address("writer")).order_by("pk")[0].pk,
        **written(),
        **replaced(),
        "person": User.objects.get(email=PEOPLE[0]["email"]).pk,
        "invitation": INVITATION,
        "secrets": {guarded.email: switch_on_second_factor(guarded)},
        "confirmation": link_to_confirm(guarded),
        "reset": [user_pk_to_url_str(forgetful), default_token_generator.make_token(forgetful)],
    }
