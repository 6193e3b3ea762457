"""Content and learners for tests, made through the real import, rendering and services; only reviews are left out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from courses.content import (
    Bundle,
    CoreContent,
    CountryQuiz,
    FactContent,
    LayerContent,
    LessonContent,
    ModuleInfo,
    NativeTerm,
    PanelContent,
    QuestionContent,
    QuestionText,
    QuizContent,
    TranslatedLesson,
    TranslationContent,
)
from courses.models import Course, CourseItem, Edition, Module, Rendering, Revision
from courses.services.checking import record_checks
from courses.services.importing import import_bundle
from courses.services.publishing import freeze, refresh_module
from courses.services.rendering import renderings_of
from enrollment.models import Enrollment, QuizAttempt
from enrollment.outline import Step
from enrollment.selectors import LearnerCourse, asked_in, learner_course
from enrollment.services import complete_lesson, enroll, start_attempt, submit_attempt
from lms.accounts.models import Organisation, User

PUBLISHED = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CHECKED, DUE = date(2026, 11, 1), date(2027, 5, 1)
# Words that must not leave the server before an attempt is handed in.
CANARIES = ("CANARY-FEEDBACK", "CANARY-EXPLANATION", "CANARY-REFERENCE")

# --- Questions ------------------------------------------------------------------------------------------------------


def choice(key: str, *, kind: str = "single", right: Sequence[str] = ("yes",)) -> QuestionContent:
    options = ("no", "yes", "perhaps", "never")
    text = QuestionText(
        prompt=f"Prompt of {key}",
        options={option: f"Option {option} of {key}" for option in options},
        feedback={option: f"CANARY-FEEDBACK {option}" for option in options if option not in right},
        explanation=f"CANARY-EXPLANATION of {key}",
    )
    rule = {"options": list(options), "correct": list(right)}
    return QuestionContent(key, kind, rule, {"en": text}, references=("CANARY-REFERENCE",))


def true_false(key: str, *, correct: bool = True) -> QuestionContent:
    text = QuestionText(prompt=f"Prompt of {key}", explanation="CANARY-EXPLANATION")
    return QuestionContent(key, "truefalse", {"correct": correct}, {"en": text})


def number(key: str, answer: str = "60") -> QuestionContent:
    text = QuestionText(prompt=f"Prompt of {key}", explanation="CANARY-EXPLANATION", unit="days")
    return QuestionContent(key, "numeric", {"answer": answer, "tolerance": "0"}, {"en": text})


QUESTIONS = (
    choice("single"),
    choice("multiple", kind="multiple", right=("yes", "perhaps")),
    true_false("truefalse"),
    number("number"),
)

# --- Modules --------------------------------------------------------------------------------------------------------


def text_lesson(key: str, *, body: str = "", required: bool = True) -> LessonContent:
    return LessonContent(key, "text", f"Title of {key}", 10, required, body or f"Words of {key}.")


def quiz_lesson(key: str = "check", **settings: Any) -> LessonContent:
    questions = settings.pop("questions", QUESTIONS)
    quiz = QuizContent(questions, settings.pop("pass_percent", 75), **settings)
    return LessonContent(key, "quiz", f"Title of {key}", 15, quiz=quiz)


def with_place(key: str) -> LessonContent:
    """A lesson that says where national panels stand."""
    return text_lesson(key, body=f"Before, in {key}.\n\n:::country\n:::\n\nAfter, in {key}.")


STANDARD = (with_place("one"), text_lesson("two"), quiz_lesson())


def translation(language: str, lessons: Sequence[LessonContent]) -> TranslationContent:
    """Every text lesson in another language: `sv: Title of one`."""
    texts = {
        lesson.key: TranslatedLesson(
            lesson.key, f"{language}: {lesson.title}", f"{language}: {lesson.body}", lesson.text_hash
        )
        for lesson in lessons
        if not lesson.quiz
    }
    return TranslationContent(language, texts)


def fact(key: str = "authority", *, status: str = "verified", **details: Any) -> FactContent:
    verified = status == "verified"
    values: dict[str, Any] = {
        "statement": {"en": f"Statement of {key}."},
        "native_terms": (NativeTerm("fi", f"Termi {key}"),),
        "legal_ref": "Act 1/2020",
        "source_url": "https://authority.example.org/page" if verified else "",
        "verified_on": CHECKED if verified else None,
        "review_due": DUE if verified else None,
        **details,
    }
    return FactContent(key, status=status, **values)


def layer(
    country: str,
    *,
    facts: Sequence[FactContent] = (),
    languages: Sequence[str] = ("en",),
    lesson: str = "one",
    anchor: str = "",
    questions: Sequence[QuestionContent] | None = None,
) -> LayerContent:
    facts = tuple(facts) or (fact(),)
    keys = tuple(each.key for each in facts)
    asked = questions if questions is not None else [choice(f"{country.lower()}-{n}") for n in (1, 2, 3)]
    return LayerContent(
        country=country,
        owner="occ-incubator",
        source_language="en",
        languages=tuple(languages),
        panels=tuple(
            PanelContent(lesson, language, f"{language}: What {country} adds.", anchor, keys)
            for language in languages
        ),
        facts=facts,
        quiz=CountryQuiz({"en": f"{country}: check what you know"}, 5, tuple(asked)) if asked else None,
    )


def build_module(
    key: str = "trials",
    *,
    lessons: Sequence[LessonContent] = STANDARD,
    languages: Sequence[str] = ("sv",),
    translations: Mapping[str, TranslationContent] | None = None,
    layers: Sequence[LayerContent] | None = None,
    fact_keys: Sequence[str] = ("authority",),
    validity_months: int | None = None,
    assets: Mapping[str, Any] | None = None,
    change_class: str = "",
    note: str = "",
    retake_by: date | None = None,
) -> Module:
    """A published module of the OCC Incubator: core in English, translations, by default a layer for Finland."""
    partner()
    layers = [layer("FI")] if layers is None else layers
    if translations is None:
        translations = {language: translation(language, lessons) for language in languages}
    bundle = Bundle(
        module=ModuleInfo(
            key=key,
            owner="occ-incubator",
            subject="clinical-research",
            source_language="en",
            title={"en": f"Module {key}"},
            summary={"en": "Summary."},
            audience={"en": "Everybody."},
            hours=Decimal("2.5"),
            validity_months=validity_months,
            fact_keys=tuple(fact_keys),
        ),
        core=CoreContent(tuple(lessons)),
        translations=translations,
        layers={each.country: each for each in layers},
        assets=assets or {},
    )
    return publish_bundle(bundle, change_class=change_class, note=note, retake_by=retake_by)


def partner(slug: str = "occ-incubator") -> Organisation:
    values = {"name": "OCC", "short_name": "OCC", "letters": "OCC", "country": "NO", "kind": "partner"}
    return Organisation.objects.get_or_create(slug=slug, defaults=values)[0]


def publish_bundle(
    bundle: Bundle,
    *,
    at: datetime = PUBLISHED,
    change_class: str = "",
    note: str = "",
    retake_by: date | None = None,
) -> Module:
    """Import and publish; what is there already and open is published as the next revision."""
    outcome = import_bundle(bundle, by=None, at=at)
    for imported in outcome.editions:
        if imported.revision.is_open:
            if change_class:
                notes: dict[str, Any] = {
                    "change_class": change_class,
                    "change_note": {"en": note} if note else {},
                }
                notes["retake_by"] = retake_by
                Revision.objects.filter(pk=imported.revision.pk).update(**notes)
                imported.revision.refresh_from_db()
            publish_now(imported.revision, at=at)
    module = outcome.module
    refresh_module(module)
    return module


def publish_now(revision: Revision, *, at: datetime = PUBLISHED) -> Revision:
    Rendering.objects.bulk_create(renderings_of(revision))
    freeze(revision, at=at)
    edition = revision.edition
    edition.current = revision
    edition.save(update_fields=["current"])
    if edition.kind == Edition.Kind.LAYER:
        record_checks(revision, by=None, at=at)
    return revision


def build_course(
    slug: str = "nordic-trials", *, modules: Sequence[Module] | None = None, **details: Any
) -> Course:
    values = {
        "owner": partner(),
        "status": Course.Status.PUBLISHED,
        "title": {"en": f"Course {slug}", "sv": f"Kurs {slug}"},
        "summary": {"en": "Summary."},
        "hours": Decimal("2.5"),
        "created_at": PUBLISHED,
        "published_at": PUBLISHED,
        **details,
    }
    course = Course.objects.create(slug=slug, **values)
    for position, module in enumerate(modules if modules is not None else [build_module()], 1):
        CourseItem.objects.create(course=course, module=module, position=position)
    return course


# --- Learners -------------------------------------------------------------------------------------------------------


def start(
    learner: User,
    course: Course,
    *,
    country: str = "FI",
    language: str = "en",
    at: datetime = NOW,
    organisation: Organisation | None = None,
) -> LearnerCourse:
    """Enrol and open the course."""
    enroll(learner, course, country=country, language=language, by=learner, at=at, organisation=organisation)
    return opened(learner, course)


def opened(learner: User, course: Course | Enrollment) -> LearnerCourse:
    """The course as it stands in the database now."""
    found = learner_course(learner, course.slug if isinstance(course, Course) else course.course.slug)
    assert found is not None
    return found


def step_of(course: LearnerCourse, key: str, module: str = "trials") -> Step:
    found = course.plan.find(module, key)
    assert found is not None
    return found


def right_answers(attempt: QuizAttempt) -> dict[str, list[str]]:
    return {question.key: right_answer(question) for question in asked_in(attempt)}


def right_answer(question: QuestionContent) -> list[str]:
    if question.kind == "numeric":
        return [question.rule["answer"]]
    correct = question.rule["correct"]
    return [str(correct).lower()] if isinstance(correct, bool) else list(correct)


def wrong_answers(attempt: QuizAttempt) -> dict[str, list[str]]:
    wrong = {"numeric": ["1"], "truefalse": ["false"], "single": ["no"], "multiple": ["no"]}
    return {question.key: wrong[question.kind] for question in asked_in(attempt)}


def take(
    course: LearnerCourse, key: str = "check", *, passing: bool = True, at: datetime = NOW
) -> QuizAttempt:
    """Start a quiz and hand it in."""
    step = step_of(course, key, course.plan.modules[0].key)
    attempt = start_attempt(course, step, at=at)
    answers = right_answers(attempt) if passing else wrong_answers(attempt)
    return submit_attempt(course, step, answers, at=at)


def finish(course: LearnerCourse, *, at: datetime = NOW) -> Enrollment:
    """Do everything there is to do."""
    for step in course.plan.steps:
        if step.is_quiz:
            attempt = start_attempt(course, step, at=at)
            submit_attempt(course, step, right_answers(attempt), at=at)
        else:
            complete_lesson(course, step, at=at)
    return Enrollment.objects.get(pk=course.enrollment.pk)
