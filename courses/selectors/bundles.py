"""From rows back to a bundle: what was imported comes out as it went in, to the byte of its canonical form."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.db.models import Case, Q, QuerySet, When

from ..bundle import used_assets
from ..bundle.names import core_path, panel_path
from ..content import (
    COUNTRY_CHECK,
    REVIEW_MONTHS,
    Asset,
    AudioContent,
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
    QuizContent,
    TranslatedLesson,
    TranslationContent,
    VideoContent,
    months_after,
    pools_from_json,
    question_from_json,
    question_text_from_json,
)
from ..models import Edition, FactStatement, Lesson, Module, Panel, Question, Revision, RevisionAsset
from ..permissions import hats_of

Kind = Edition.Kind
Extras = Mapping[str, Mapping[str, Any]]


def newest_revisions(visible: QuerySet[Revision], module: Module) -> list[Revision]:
    """The newest revision of each edition of the module, among those that may be seen."""
    rows = visible.filter(edition__module=module).select_related("edition__owner", "edition__module")
    newest: dict[int, Revision] = {}
    for revision in rows.exclude(status=Revision.Status.WITHDRAWN).order_by("edition", "number"):
        newest[revision.edition_id] = revision
    return list(newest.values())


def revisions_to_take(user: Any) -> QuerySet[Revision]:
    """What a person may take home as files: what is published of what they see, and the drafts that they write.

    Whoever reviews a draft of others reads it in the studio.
    """
    mine = hats_of(user).writes_for
    writes = Q(edition__owner__in=mine) | Q(edition__kind=Kind.CORE, edition__module__co_owners__in=mine)
    theirs = Revision.objects.filter(writes | Q(published_at__isnull=False))
    return Revision.objects.visible_to(user).filter(pk__in=theirs.values("pk"))


def edition_to_take(revision: Revision, visible: QuerySet[Revision]) -> Bundle:
    """This revision alone, with what `module.yaml` says in the newest visible core. Raises LookupError without one."""
    module = revision.edition.module
    if revision.edition.kind == Kind.CORE:
        return bundle_of(module, [revision])
    cores = [each for each in newest_revisions(visible, module) if each.edition.kind == Kind.CORE]
    alone = replace(bundle_of(module, [*cores, revision]), core=None)
    used = used_assets(alone)
    return replace(alone, assets={path: each for path, each in alone.assets.items() if path in used})


def bundle_of(module: Module, revisions: Iterable[Revision]) -> Bundle:
    """These revisions, at most one of each edition and the core among them, as a bundle.

    Its files are read from the storage when they are written. Raises LookupError where there is no core.
    """
    revisions = list(revisions)
    core_revision = next((each for each in revisions if each.edition.kind == Kind.CORE), None)
    if core_revision is None:
        raise LookupError(module.key)
    core = core_content(core_revision)
    bundle = Bundle(
        module=module_info(module, core_revision, core),
        core=core,
        translations={
            each.edition.language: translation_content(each)
            for each in revisions
            if each.edition.kind == Kind.TRANSLATION
        },
        layers={
            each.edition.country: layer_content(each) for each in revisions if each.edition.kind == Kind.LAYER
        },
        assets=assets_of(revisions),
    )
    # A draft may keep files that its texts do not show any more; they are no part of what is written.
    used = used_assets(bundle)
    return replace(bundle, assets={path: each for path, each in bundle.assets.items() if path in used})


def extras_of(revision: Revision) -> Extras:
    extras: Extras = revision.meta.get("extras", {})
    return extras


def module_info(module: Module, revision: Revision, core: CoreContent) -> ModuleInfo:
    meta = revision.meta
    same = ("subject", "title", "summary", "audience", "licence", "validity_months", "extra")
    lists = ("outcomes", "co_owners", "references", "fact_keys")
    kept: dict[str, Any] = {name: meta[name] for name in same} | {name: tuple(meta[name]) for name in lists}
    return ModuleInfo(
        key=module.key,
        owner=module.owner.slug,
        source_language=module.source_language,
        hours=Decimal(meta["hours"]),
        lessons=tuple(core_path(number, lesson) for number, lesson in enumerate(core.lessons, 1)),
        **kept,
    )


def assets_of(revisions: Iterable[Revision]) -> dict[str, Asset]:
    """What a core shows under a name goes before what an edition still has there from an earlier core."""
    uses = RevisionAsset.objects.filter(revision__in=[each.pk for each in revisions]).select_related("asset")
    core_last = Case(When(revision__edition__kind=Kind.CORE, then=1), default=0)
    return {
        use.path: Asset(
            path=use.path,
            sha256=use.asset.sha256,
            size=use.asset.size,
            mime=use.asset.mime,
            open=partial(open_stored, use.asset.file),
        )
        for use in uses.order_by(core_last, "pk")
    }


def open_stored(file: str) -> BinaryIO:
    return cast(BinaryIO, default_storage.open(file))


# --- Core -----------------------------------------------------------------------------------------------------------


def core_content(revision: Revision) -> CoreContent:
    questions = questions_by_lesson(revision)
    return CoreContent(
        tuple(
            lesson_content(row, questions.get(row.key, ())) for row in revision.lessons.order_by("position")
        )
    )


def lesson_content(row: Lesson, questions: Iterable[QuestionContent]) -> LessonContent:
    video, audio, quiz = (row.data.get(name) for name in ("video", "audio", "quiz"))
    return LessonContent(
        key=row.key,
        kind=row.kind,
        title=row.title,
        section=row.section,
        minutes=row.minutes,
        required=row.required,
        body=row.body,
        references=tuple(row.references),
        video=VideoContent(**video) if video else None,
        audio=AudioContent(**audio) if audio else None,
        download=row.data.get("download", ""),
        quiz=quiz_content(quiz, questions) if quiz else None,
        extra=row.data.get("extra", {}),
    )


def quiz_content(data: Mapping[str, Any], questions: Iterable[QuestionContent]) -> QuizContent:
    return QuizContent(
        tuple(questions),
        pass_percent=data["pass"],
        attempts=data["attempts"],
        draw=data["draw"],
        pools=pools_from_json(data.get("pools", ())),
        wait_hours=data.get("wait_hours"),
    )


def questions_by_lesson(revision: Revision) -> dict[str, list[QuestionContent]]:
    extras = extras_of(revision).get("questions", {})
    found: dict[str, list[QuestionContent]] = {}
    for row in revision.questions.order_by("lesson_key", "position"):
        found.setdefault(row.lesson_key, []).append(
            question(row, extras.get(f"{row.lesson_key} {row.key}", {}))
        )
    return found


def question(row: Question, extra: Mapping[str, Any]) -> QuestionContent:
    same = ("key", "kind", "rule", "texts", "points", "references", "rests_on")
    return question_from_json({**{name: getattr(row, name) for name in same}, "extra": extra})


# --- Translations ---------------------------------------------------------------------------------------------------


def translation_content(revision: Revision) -> TranslationContent:
    extras = extras_of(revision).get("texts", {})
    lessons = {
        row.key: TranslatedLesson(
            key=row.key,
            title=row.title,
            body=row.body,
            source=row.source_hash,
            review=row.review,
            questions={key: question_text_from_json(text) for key, text in row.questions.items()} or None,
            captions=row.captions,
            extra=extras.get(row.key, {}),
        )
        for row in revision.lesson_translations.all()
    }
    return TranslationContent(revision.edition.language, lessons)


# --- Layers ---------------------------------------------------------------------------------------------------------


def layer_content(revision: Revision) -> LayerContent:
    meta, extras = revision.meta, extras_of(revision)
    country = revision.edition.country
    panels = [panel_content(row, extras.get("panels", {})) for row in revision.panels.all()]
    return LayerContent(
        country=country,
        owner=revision.edition.owner.slug,
        source_language=meta["source_language"],
        languages=tuple(meta["languages"]),
        pass_percent=meta["pass"],
        panels=tuple(sorted(panels, key=partial(panel_path, country))),
        facts=tuple(fact_content(row, extras) for row in revision.statements.select_related("fact")),
        quiz=country_quiz(revision),
        extra=meta["extra"],
    )


def panel_content(row: Panel, extras: Mapping[str, Any]) -> PanelContent:
    return PanelContent(
        lesson=row.lesson_key,
        language=row.language,
        body=row.body,
        anchor=row.anchor,
        facts=tuple(row.fact_keys),
        extra=extras.get(f"{row.lesson_key} {row.anchor} {row.language}", {}),
    )


def fact_content(row: FactStatement, extras: Extras) -> FactContent:
    key = row.fact.key
    return FactContent(
        key=key,
        statement=row.texts,
        status=row.status,
        native_terms=tuple(NativeTerm(**term) for term in row.native_terms),
        legal_ref=row.legal_ref,
        source_url=row.source_url,
        verified_on=row.verified_on,
        review_due=row.review_due_on if is_day_named(row, extras) else None,
        note=row.note,
        extra=extras.get("facts", {}).get(key, {}),
    )


def is_day_named(row: FactStatement, extras: Extras) -> bool:
    """Whether the day of the next check was set, rather than counted from the last one."""
    if row.fact.key in extras.get("review_due", ()):
        return True
    counted = months_after(row.verified_on, REVIEW_MONTHS) if row.verified_on else None
    return row.review_due_on != counted


def country_quiz(revision: Revision) -> CountryQuiz | None:
    quiz = revision.meta["quiz"]
    if not quiz:
        return None
    questions = questions_by_lesson(revision).get(COUNTRY_CHECK, ())
    extra = extras_of(revision).get("quiz", {})
    return CountryQuiz(title=quiz["title"], minutes=quiz["minutes"], questions=tuple(questions), extra=extra)
