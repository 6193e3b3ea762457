"""What the editor asks of drafts: the text they translate, the bundle they would be, what is wrong with them."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from lms.lib.canonical import sha256
from lms.lib.places import CONTENT_LANGUAGES

from ..bundle import Problem, check_written
from ..bundle.bodies import Body, check_body
from ..bundle.names import core_path, translation_path
from ..bundle.problems import Problems
from ..content import Bundle, LessonContent, ModuleInfo, TranslatedLesson
from ..models import Edition, Lesson, LessonTranslation, Module, Revision
from .bundles import assets_of, bundle_of, layer_content, translation_content

Kind = Edition.Kind
Text = Lesson | LessonTranslation
WRITTEN = {
    Lesson: ("title", "section", "minutes", "required", "references", "body"),
    LessonTranslation: ("title", "body", "questions"),
}


def version_of(text: Text | None) -> str:
    """Names a text as somebody saw it, so that a save can tell whether somebody else has changed it since."""
    return sha256({name: getattr(text, name) for name in WRITTEN[type(text)]}) if text else ""


def original_core(module: Module) -> Revision:
    """What is translated and adapted: the published core, or the draft of a module that has none yet."""
    edition = module.editions.select_related("current").get(kind=Kind.CORE)
    return edition.current or edition.revisions.open().get()


def free_languages(module: Module) -> list[tuple[str, str]]:
    """Those in which nobody writes the module yet, with their names."""
    taken = {module.source_language, *module.editions.values_list("language", flat=True)}
    return [(code, name) for code, name in CONTENT_LANGUAGES.items() if code not in taken]


def place_of(edition: Edition) -> str:
    """Where an edition stands in a bundle."""
    places = {
        Kind.CORE: "core",
        Kind.TRANSLATION: f"translations/{edition.language}",
        Kind.LAYER: f"countries/{edition.country}",
    }
    return places[Kind(edition.kind)]


def edition_bundle(revision: Revision) -> Bundle:
    """The revision alone, as a bundle; of a translation or layer without the core, so that its hash can be taken."""
    edition = revision.edition
    if edition.kind == Kind.CORE:
        return bundle_of(edition.module, [revision])
    info = ModuleInfo(
        key=edition.module.key,
        owner="",
        subject="",
        source_language=edition.module.source_language,
        title={},
        summary={},
        audience={},
        hours=Decimal(0),
    )
    assets = assets_of([revision])
    if edition.kind == Kind.TRANSLATION:
        return Bundle(info, translations={edition.language: translation_content(revision)}, assets=assets)
    return Bundle(info, layers={edition.country: layer_content(revision)}, assets=assets)


# --- What is wrong --------------------------------------------------------------------------------------------------


def problems_of(revision: Revision) -> list[Problem]:
    """What would make an import refuse this revision if it came as files."""
    edition = revision.edition
    core = revision if edition.kind == Kind.CORE else original_core(edition.module)
    if edition.kind == Kind.TRANSLATION and not revision.lesson_translations.exists():
        return [Problem(place_of(edition), None, _("Nothing is translated yet."))]
    if edition.kind == Kind.LAYER and not (revision.panels.exists() or revision.statements.exists()):
        return [Problem(place_of(edition), None, _("Nothing is written yet."))]
    bundle = bundle_of(edition.module, {core, revision})
    own = (f"{place_of(edition)}/", *(["module.yaml"] if core == revision else []))
    return [problem for problem in check_written(bundle) if problem.file.startswith(own)]


def text_problems(text: Text) -> tuple[Problem, ...]:
    """Of one body, by its own lines."""
    revision = text.revision
    paths = set(revision.assets.values_list("path", flat=True))
    if isinstance(text, LessonTranslation):
        paths |= set(original_core(revision.edition.module).assets.values_list("path", flat=True))
        file = translation_path(revision.edition.language, TranslatedLesson(key=text.key, title=""))
    else:
        file = core_path(text.position, LessonContent(key=text.key, kind=text.kind, title="", minutes=0))
    problems = Problems()
    check_body(Body(file, text.body, 1, paths), problems)
    return problems.all
