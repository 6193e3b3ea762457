"""What each act sends, so that whoever may do it succeeds: a refusal is then a matter of rights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from certificates.models import Certificate
from courses.models import Course, Revision, SourceTask
from courses.selectors.drafts import version_of
from courses.selectors.studio.courses import items_of, state_of
from courses.services.lesson_files import version_of_files
from courses.services.questions import settings_of, version_of_question, version_of_settings
from courses.services.writing import version_of_about
from tests.courses.bundle.samples import SVG
from tests.courses.layer_builders import FACT, typed_fact
from tests.courses.studio_builders import upload

from .building_studio import SPARE, core_of
from .rules import Role
from .world import Target, World


@dataclass(frozen=True)
class Asked:
    """Who sends it, and about what."""

    world: World
    role: Role
    target: Target


Body = dict[str, Any]
Sends = dict[str, Any] | Callable[[Asked], Body]

PASSWORD = "correct horse battery"
NEW_PASSWORD = "quartz lantern 47"
REASON = {"reason_code": "issued_in_error", "reason_text": ""}
ORGANISATION = {
    "name": "New",
    "short_name": "New",
    "letters": "N",
    "kind": "employer",
    "country": "FI",
    "colour": "#0b5d57",
}
ABOUT = {
    "title": "New",
    "summary": "About it.",
    "audience": "Everyone",
    "hours": "1",
    "subject": "devices",
}
PLACES = {"country": "FI", "language": "en"}


def bundle(asked: Asked) -> Body:
    """A module that the sender's organisation could own; others try the Incubator's."""
    owner = "academy" if asked.role is Role.OTHER_PUBLISHER else "occ"
    return {"bundle": upload(core_of(asked.world, owner, f"{owner}-new"))}


def programme(asked: Asked) -> Body:
    """A module of the academy's in its folder: the academy coordinates, so its publisher brings it."""
    files = core_of(asked.world, "academy", "academy-new")
    return {
        "bundle": upload({f"modules/academy-new/{path}": data for path, data in files.items()}),
        **CHECKED,
    }


CHECKED = {"check_only": "on"}  # administrators write for nobody, and find nothing that they could change


def module(asked: Asked) -> Body:
    owner = "academy" if asked.role is Role.OTHER_PUBLISHER else "occ"
    return {
        "owner": asked.world.organisations[owner].slug,
        "key": "brand-new",
        "source_language": "en",
        "first_lesson": "Welcome",
        **ABOUT,
    }


def translation(asked: Asked) -> Body:
    owner = "academy" if asked.role is Role.OTHER_PUBLISHER else "occ"
    return {"language": "fi", "owner": asked.world.organisations[owner].slug}


def draft_of(asked: Asked) -> Revision | None:
    return Revision.objects.filter(pk=asked.target.values["pk"]).first()


def text(asked: Asked) -> Body:
    """A lesson of a draft, from the version that is there."""
    draft = draft_of(asked)
    lesson = draft.lessons.get(key=asked.target.values["key"]) if draft else None
    return {"base": version_of(lesson), "title": "Welcome", "minutes": "5", "body": "One."}


OPTIONS = {"option-1": "A", "option-1-correct": "on", "option-2": "B"}
QUESTION = {"prompt": "Which?", "explanation": "So.", "points": "2", "references": "Art. 1"}


def question(asked: Asked) -> Body:
    """A question of a draft, from the version that is there."""
    draft = draft_of(asked)
    row = draft.questions.filter(key=asked.target.values["key"]).first() if draft else None
    return {"base": version_of_question(row), **QUESTION, **OPTIONS}


def quiz_settings(asked: Asked) -> Body:
    draft = draft_of(asked)
    settings = settings_of(draft, "check") if draft else {}
    return {"base": version_of_settings(settings), "pass_percent": "70"}


API_QUESTION = {"key": "new", "kind": "truefalse", "prompt": "So?", "correct": True, "references": ["Art. 1"]}


def api_question(asked: Asked) -> Body:
    return {"base": question(asked)["base"], "prompt": "Which?"}


def api_settings(asked: Asked) -> Body:
    return {"base": quiz_settings(asked)["base"], "pass": 70}


def about(asked: Asked) -> Body:
    draft = draft_of(asked)
    return {"base": version_of_about(draft.meta) if draft else "", **ABOUT}


def file(asked: Asked) -> Body:
    return {"file": SimpleUploadedFile("new.svg", SVG)}


def other_file(asked: Asked) -> Body:
    """Another figure, in the place of the one that is there."""
    draft = draft_of(asked)
    return {**file(asked), "base": draft.assets.get(path=SPARE).asset.sha256 if draft else ""}


def lesson_files(asked: Asked) -> Body:
    draft = draft_of(asked)
    base = version_of_files(draft.lessons.get(key="clock")) if draft else ""
    return {"base": base, "src": "assets/clock.mp4", "seconds": "9", "captions_en": "assets/clock.en.vtt"}


def state(asked: Asked) -> Body:
    draft = draft_of(asked)
    return {"version": draft.version if draft else 1}


def course(asked: Asked) -> Body:
    """A course of one published module, in the words of whoever sends it."""
    owner = "academy" if asked.role is Role.OTHER_PUBLISHER else "occ"
    organisation = asked.world.organisations[owner].slug
    texts = {"title_en": "A course", "summary_en": "About it.", "hours": "2"}
    return {"slug": "new-course", "owner": organisation, "module": f"{owner}-published", **texts}


def edited_course(asked: Asked) -> Body:
    found = Course.objects.filter(slug=asked.target.values["slug"]).first()
    return {**course(asked), "based_on": state_of(found, items_of(found)) if found else ""}


def adaptation(asked: Asked) -> Body:
    owner = "academy" if asked.role is Role.OTHER_PUBLISHER else "occ"
    return {"country": "EE", "source_language": "en", "owner": asked.world.organisations[owner].slug}


def panel(asked: Asked) -> Body:
    """A new panel, at the end of a lesson."""
    return {"base": "", "body": "One."}


def stated(asked: Asked) -> Body:
    """A fact of a layer's draft, from the version that is there."""
    draft = draft_of(asked)
    return typed_fact(draft) if draft else {}


def facts(asked: Asked) -> Body:
    """What a layer of the sender's organisation states; others try the Incubator's."""
    owner = "academy" if asked.role is Role.OTHER_PUBLISHER else "occ"
    return {"fact": asked.world.studio.facts[owner].pk}


def looked_at(asked: Asked) -> Body:
    task = SourceTask.objects.filter(replacement=asked.target.values["pk"]).first()
    return {"task": task.pk if task else 0, "reason": "Renumbered only."}


SUGGESTION = {"kind": "wrong", "words": "Not so.", "quote": "One", "next": "/courses/"}


def suggestion_on_fact(asked: Asked) -> Body:
    module = asked.world.studio.published["occ"].edition.module_id
    return {**SUGGESTION, "part": f"FI-{module}"}


def answers(asked: Asked) -> Body:
    return {"q1": "0", "q2": "0", "q3": "0", "q4": "60"}


def serial(asked: Asked) -> Body:
    issued: Certificate = asked.world.learning.issued[Role.LEARNER]
    return {"serial": issued.serial, "surname": "CANARY-learner"}


def pdf(asked: Asked) -> Body:
    issued = asked.world.learning.issued[Role.LEARNER]
    content = b"%PDF-1.7 stands in for " + issued.serial.encode()
    return {"file": SimpleUploadedFile("certificate.pdf", content, content_type="application/pdf")}


def login(asked: Asked) -> Body:
    return {"login": asked.world.user(Role.LEARNER).email, "password": PASSWORD}


def credentials(asked: Asked) -> Body:
    return {"email": asked.world.user(Role.LEARNER).email, "password": PASSWORD}


def due(asked: Asked) -> int:
    pk: int = asked.world.learning.due[Role.LEARNER].pk
    return pk


BODIES: dict[str, Sends] = {
    "POST accounts/login/": login,
    "PUT accounts/login/": login,
    "POST accounts/signup/": {"email": "new@example.org", "password1": NEW_PASSWORD, "full_name": "New"},
    "POST accounts/reauthenticate/": {"password": PASSWORD},
    "POST accounts/password/reset/": lambda asked: {"email": asked.world.user(Role.LEARNER).email},
    "POST accounts/password/change/": {
        "oldpassword": PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    },
    "POST accounts/email/": {"action_add": "", "email": "another@example.org"},
    "POST studio/import/": bundle,
    "POST studio/new-course/": course,
    "POST studio/courses/<slug:slug>/edit/": edited_course,
    "POST studio/courses/<slug:slug>/certificate/": {
        "kind": "passed",
        "policy": "administrator",
        "partner_0": "occ-incubator",
    },
    "POST studio/new/": module,
    "POST studio/modules/<str:key>/translate/": translation,
    "POST studio/modules/<str:key>/adapt/": adaptation,
    "POST studio/revisions/<int:pk>/languages/": {"language": "fi"},
    "POST studio/revisions/<int:pk>/panels/<str:key>/": panel,
    "POST studio/revisions/<int:pk>/panels/<str:key>/move/": {"anchor": "ethics", "to": "clock "},
    "POST studio/revisions/<int:pk>/panels/<str:key>/remove/": {"anchor": "ethics"},
    "POST studio/revisions/<int:pk>/new-fact/": {**FACT, "key": "ct.new"},
    "POST studio/revisions/<int:pk>/facts/<str:key>/": stated,
    "POST studio/facts/check/": facts,
    "POST studio/facts/<int:pk>/source-replaced/": {
        "replaced_on": "2027-01-01",
        "successor": "Act 5/2027",
        "successor_url": "https://law.example.org",
        "note": "Renumbered.",
    },
    "POST studio/facts/replacements/<int:pk>/unchanged/": looked_at,
    "POST studio/revisions/<int:pk>/send-back/": {"reason": "Not yet."},
    "POST facts/<str:key>/suggest/": suggestion_on_fact,
    "POST suggest/<str:module>/<str:lesson>/": SUGGESTION,
    "POST studio/suggestions/<int:pk>/answer/": {"outcome": "answered", "words": "Right."},
    "POST studio/revisions/<int:pk>/comments/": {
        "place": "lesson/welcome",
        "words": "New.",
        "quote": "One",
    },
    "POST studio/revisions/<int:pk>/comments/<int:thread>/answer/": {"words": "New."},
    "POST studio/revisions/<int:pk>/comments/<int:thread>/resolve/": {"seen": "1"},
    "POST studio/revisions/<int:pk>/comments/said/<int:comment>/": {"words": "New."},
    "POST studio/revisions/<int:pk>/withdraw/": {"reason_en": "The rules have changed."},
    "POST studio/revisions/<int:pk>/about/": about,
    "POST studio/revisions/<int:pk>/lessons/": {"title": "New", "kind": "text", "minutes": "5"},
    "POST studio/revisions/<int:pk>/lessons/<str:key>/": text,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/rename/": text,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/move/": {"steps": "1"},
    "POST studio/revisions/<int:pk>/media/": file,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/files/": lesson_files,
    "POST studio/revisions/<int:pk>/figure/": lambda asked: {**file(asked), "alt": "Two boxes"},
    "POST studio/revisions/<int:pk>/media/<path:path>/replace/": other_file,
    "POST studio/revisions/<int:pk>/states/<int:state>/restore/": state,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/settings/": quiz_settings,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/add/": {
        **QUESTION,
        "option-1": "A",
        "option-1-correct": "on",
        "option-2": "B",
    },
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": question,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/move/": {"steps": "1"},
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/try/": lambda asked: {"seed": "7", **answers(asked)},
    "POST courses/<slug:slug>/enrol/": PLACES,
    "POST learn/<slug:slug>/language/": {"language": "sv"},
    "POST learn/<slug:slug>/country/": {"country": "NO"},
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/answers/": answers,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/submit/": answers,
    "POST certificates/<str:public_id>/visibility/": {"name_hidden": "on"},
    "POST verify/serial/": serial,
    "POST verify/file/": pdf,
    "POST administration/certificates/issue/": lambda asked: {"one": due(asked)},
    "POST administration/certificates/<str:public_id>/revoke/": REASON,
    "POST administration/certificates/<str:public_id>/revoke/confirm/": REASON,
    "POST people/<slug:organisation>/enrol/": {
        "emails": "somebody@example.org",
        "course": "to-join",
        "language": "en",
    },
    "POST people/<slug:organisation>/<int:enrollment>/due/": {"due_on": "2099-01-31"},
    "POST language/": {"language": "sv"},
    "POST theme/": {"theme": "dark"},
    "POST profile/name/": {"full_name": "New Name"},
    "POST profile/name/confirm/": {"full_name": "New Name"},
    "POST profile/details/": {"language": "nb", "country": "DK"},
    "POST administration/organisations/new/": ORGANISATION,
    "POST administration/organisations/<slug:slug>/edit/": {**ORGANISATION, "kind": "partner"},
    "POST administration/organisations/<slug:slug>/roles/": lambda asked: {
        "person": asked.world.user(Role.LEARNER).email,
        "role": "member",
    },
    "POST api/v1/auth/token/": credentials,
    "POST api/v1/modules/import/": bundle,
    "POST studio/programme/": programme,
    "POST api/v1/programme/import/": programme,
    "POST api/v1/modules/new/": module,
    "POST api/v1/modules/<str:key>/translate/": translation,
    "PATCH api/v1/revisions/<int:pk>/about/": about,
    "POST api/v1/revisions/<int:pk>/lessons/": {"title": "New", "kind": "text", "minutes": "5"},
    "PATCH api/v1/revisions/<int:pk>/lessons/<str:key>/": text,
    "POST api/v1/revisions/<int:pk>/lessons/<str:key>/move/": {"place": 2},
    "PATCH api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": api_settings,
    "POST api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": API_QUESTION,
    "PATCH api/v1/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": api_question,
    "POST api/v1/revisions/<int:pk>/send-back/": {"reason": "Not yet."},
    "POST api/v1/revisions/<int:pk>/withdraw/": {"reason": {"en": "The rules have changed."}},
    "POST api/v1/enrollments/": {"course": "to-join", **PLACES},
    "PATCH api/v1/enrollments/<pk>/": {"language": "sv"},
    "POST api/v1/enrollments/<pk>/lessons/<module>/<lesson>/submit/": {
        "answers": {"1": ["0"], "2": ["0"], "3": ["0"], "4": ["60"]}
    },
    "POST api/v1/certificates/": lambda asked: {"enrollment": due(asked)},
    "POST api/v1/certificates/bulk/": lambda asked: {"enrollments": [due(asked)]},
    "PATCH api/v1/certificates/<public_id>/": {"name_hidden": True},
    "POST api/v1/certificates/<public_id>/revoke/": REASON,
}


def body_of(key: str, asked: Asked) -> Body:
    sends = BODIES.get(key, {})
    return dict(sends(asked) if callable(sends) else sends)
