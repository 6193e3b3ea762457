"""From the plain values of a bundle to rows, and files under their content hash."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.forms.models import model_to_dict

from ..content import (
    COUNTRY_CHECK,
    Bundle,
    CoreContent,
    LayerContent,
    LessonContent,
    PanelContent,
    QuestionContent,
    TranslationContent,
)
from ..content import Asset as Content
from ..models import (
    Asset,
    Fact,
    FactStatement,
    Lesson,
    LessonTranslation,
    Panel,
    Question,
    Revision,
    RevisionAsset,
)

StoredAssets = Mapping[str, Asset]
FOLDER = "content"
CHILDREN = ("lessons", "lesson_translations", "questions", "panels", "statements", "assets")


def asset_rows(bundle: Bundle, *, at: datetime) -> StoredAssets:
    """Every file of the bundle as an `Asset` row, by its path. The files themselves are written by `write_files`."""
    stored = locked_assets(bundle.assets.values(), at=at)
    return {path: stored[asset.sha256] for path, asset in bundle.assets.items()}


def locked_assets(contents: Iterable[Content], *, at: datetime) -> dict[str, Asset]:
    """Rows of these files by their hash, made where they were not there, and held: no sweep takes them meanwhile."""
    rows = {
        each.sha256: Asset(
            sha256=each.sha256, mime=each.mime, size=each.size, file=file_of(each.sha256), created_at=at
        )
        for each in contents
    }
    Asset.objects.bulk_create(
        (
            rows[sha256] for sha256 in sorted(rows)
        ),  # in one order, so that two of these do not wait for each other
        update_conflicts=True,
        unique_fields=["sha256"],
        update_fields=["file"],
    )
    return {asset.sha256: asset for asset in Asset.objects.filter(sha256__in=rows)}


def file_of(sha256: str) -> str:
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def write_files(bundle: Bundle) -> None:
    """The last step of an import, so that a refused one leaves no file. What is here whole is not written again."""
    for asset in bundle.assets.values():
        write_file(file_of(asset.sha256), asset)


def write_file(name: str, content: Content) -> None:
    """In pieces, however large it is. Raises AssetChanged if it is not what was checked."""
    if default_storage.exists(name):
        if default_storage.size(name) == content.size:
            return
        default_storage.delete(name)  # half of it: an import was killed while it wrote
    with spooled(content) as checked:
        default_storage.save(name, File(checked))


@contextmanager
def spooled(content: Content) -> Iterator[IO[bytes]]:
    """The bytes that were checked, beside the memory where there are many: what is stored can be no others."""
    with SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE) as file:
        file.writelines(content.chunks())
        file.seek(0)
        yield file


def store_content(revision: Revision, content: Any, assets: StoredAssets) -> None:
    """Write the rows of one edition into an empty draft."""
    STORE[type(content)](revision, content)
    RevisionAsset.objects.bulk_create(
        RevisionAsset(revision=revision, path=path, asset=asset) for path, asset in sorted(assets.items())
    )


def store_core(revision: Revision, core: CoreContent) -> None:
    Lesson.objects.bulk_create(
        lesson_row(revision, position, lesson) for position, lesson in enumerate(core.lessons, 1)
    )
    for lesson in core.lessons:
        if lesson.quiz:
            store_questions(revision, lesson.key, lesson.quiz.questions)


def lesson_row(revision: Revision, position: int, lesson: LessonContent) -> Lesson:
    return Lesson(
        revision=revision,
        key=lesson.key,
        position=position,
        kind=lesson.kind,
        section=lesson.section,
        title=lesson.title,
        minutes=lesson.minutes,
        required=lesson.required,
        body=lesson.body,
        data=lesson_data(lesson),
        references=list(lesson.references),
        text_hash=lesson.text_hash,
    )


def lesson_data(lesson: LessonContent) -> dict[str, Any]:
    """What only lessons of one kind have."""
    data: dict[str, Any] = {"extra": dict(lesson.extra)} if lesson.extra else {}
    if lesson.video:
        data["video"] = asdict(lesson.video)
    if lesson.audio:
        data["audio"] = asdict(lesson.audio)
    if lesson.download:
        data["download"] = lesson.download
    if lesson.quiz:
        data["quiz"] = {
            "pass": lesson.quiz.pass_percent,
            "attempts": lesson.quiz.attempts,
            "draw": lesson.quiz.draw,
            **({"pools": [asdict(pool) for pool in lesson.quiz.pools]} if lesson.quiz.pools else {}),
            **({"wait_hours": lesson.quiz.wait_hours} if lesson.quiz.wait_hours else {}),
        }
    return data


def store_questions(revision: Revision, lesson_key: str, questions: tuple[QuestionContent, ...]) -> None:
    Question.objects.bulk_create(
        Question(
            revision=revision,
            lesson_key=lesson_key,
            key=question.key,
            position=position,
            kind=question.kind,
            points=question.points,
            rule=dict(question.rule),
            texts={language: asdict(text) for language, text in question.texts.items()},
            references=list(question.references),
            rests_on=list(question.rests_on),
            text_hash=question.text_hash,
        )
        for position, question in enumerate(questions, 1)
    )


def store_translation(revision: Revision, translation: TranslationContent) -> None:
    LessonTranslation.objects.bulk_create(
        LessonTranslation(
            revision=revision,
            key=lesson.key,
            title=lesson.title,
            body=lesson.body,
            questions={key: asdict(text) for key, text in (lesson.questions or {}).items()},
            source_hash=lesson.source,
            text_hash=lesson.text_hash,
            review=lesson.review,
            captions=lesson.captions,
        )
        for lesson in translation.lessons.values()
    )


def store_layer(revision: Revision, layer: LayerContent) -> None:
    Panel.objects.bulk_create(
        Panel(
            revision=revision,
            lesson_key=panel.lesson,
            anchor=panel.anchor,
            language=panel.language,
            body=panel.body,
            fact_keys=list(panel.facts),
            text_hash=panel.text_hash,
        )
        for panel in layer.panels
    )
    store_facts(revision, layer)
    if layer.quiz:
        store_questions(revision, COUNTRY_CHECK, layer.quiz.questions)


def store_facts(revision: Revision, layer: LayerContent) -> None:
    module = revision.edition.module
    facts = {fact.key: fact for fact in Fact.objects.filter(module=module, country=layer.country)}
    new = [Fact(module=module, country=layer.country, key=f.key) for f in layer.facts if f.key not in facts]
    facts.update({fact.key: fact for fact in Fact.objects.bulk_create(new)})
    FactStatement.objects.bulk_create(
        FactStatement(
            revision=revision,
            fact=facts[fact.key],
            position=position,
            texts=dict(fact.statement),
            native_terms=[asdict(term) for term in fact.native_terms],
            legal_ref=fact.legal_ref,
            source_url=fact.source_url,
            status=fact.status,
            verified_on=fact.verified_on,
            review_due_on=fact.review_due_on,
            note=fact.note,
        )
        for position, fact in enumerate(layer.facts, 1)
    )


STORE: dict[type, Any] = {
    CoreContent: store_core,
    TranslationContent: store_translation,
    LayerContent: store_layer,
}


def meta_of(bundle: Bundle, content: Any) -> dict[str, Any]:
    """What a revision keeps beside its texts: `module.yaml` for a core, `layer.yaml` for a layer."""
    if isinstance(content, CoreContent):
        info = bundle.module
        return {
            "title": dict(info.title),
            "summary": dict(info.summary),
            "audience": dict(info.audience),
            "outcomes": [dict(outcome) for outcome in info.outcomes],
            "hours": str(info.hours),
            "validity_months": info.validity_months,
            "references": list(info.references),
            "fact_keys": list(info.fact_keys),
            "licence": info.licence,
            "co_owners": list(info.co_owners),
            "subject": info.subject,
            "extra": dict(info.extra),
            "extras": kept(extras_of(content)),
        }
    if isinstance(content, LayerContent):
        quiz = content.quiz
        return {
            "source_language": content.source_language,
            "languages": list(content.languages),
            "pass": content.pass_percent,
            "quiz": {"title": dict(quiz.title), "minutes": quiz.minutes} if quiz else None,
            "extra": dict(content.extra),
            "extras": kept(extras_of(content)),
        }
    return {"extras": kept(extras_of(content))}


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def extras_of(content: Any) -> dict[str, Any]:
    """What this version of the format does not know, by the thing it stands at, so that an export gives it back.

    And which facts name the day of their next check themselves; others have it from the day of the last.
    """
    if isinstance(content, CoreContent):
        quizzes = {lesson.key: lesson.quiz.questions for lesson in content.lessons if lesson.quiz}
        return {"questions": question_extras(quizzes)}
    if isinstance(content, TranslationContent):
        return {
            "texts": {lesson.key: dict(lesson.extra) for lesson in content.lessons.values() if lesson.extra}
        }
    return {
        "questions": question_extras({COUNTRY_CHECK: content.quiz.questions} if content.quiz else {}),
        "quiz": dict(content.quiz.extra) if content.quiz else {},
        "panels": {panel_name(panel): dict(panel.extra) for panel in content.panels if panel.extra},
        "facts": {fact.key: dict(fact.extra) for fact in content.facts if fact.extra},
        "review_due": [fact.key for fact in content.facts if fact.review_due],
    }


def question_extras(quizzes: Mapping[str, tuple[QuestionContent, ...]]) -> dict[str, Any]:
    return {
        f"{lesson_key} {question.key}": dict(question.extra)
        for lesson_key, questions in quizzes.items()
        for question in questions
        if question.extra
    }


def panel_name(panel: PanelContent) -> str:
    return f"{panel.lesson} {panel.anchor} {panel.language}"


def empty(draft: Revision) -> None:
    for name in CHILDREN:
        getattr(draft, name).all().delete()


def content_as_json(draft: Revision) -> dict[str, Any]:
    """All rows of a draft, for a saved state."""
    rows = {name: [model_to_dict(row) for row in getattr(draft, name).all()] for name in CHILDREN}
    return {"meta": draft.meta, "content_hash": draft.content_hash, **rows}
