"""Published content for tests, as rows. Children come first: the database refuses them once a revision is published."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from courses.models import Course, CourseItem, Edition, Fact, FactStatement, Lesson, Module, Revision
from courses.search import search_text
from lms.accounts.models import Organisation

PUBLISHED = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def organisation(slug: str = "occ-incubator", country: str = "NO") -> Organisation:
    """The partner of that slug; made where the cast has not made it."""
    found, _created = Organisation.objects.get_or_create(
        slug=slug,
        defaults={
            "name": f"Partner {slug}",
            "short_name": slug.capitalize(),
            "letters": slug[:3].upper(),
            "country": country,
            "kind": Organisation.Kind.PARTNER,
        },
    )
    return found


def build_module(
    key: str,
    *,
    lessons: int = 3,
    countries: Sequence[str] = ("FI",),
    languages: Sequence[str] = ("sv",),
    owner: Organisation | None = None,
    subject: str = "regulatory",
    title: dict[str, str] | None = None,
) -> Module:
    """A module with a published core in English, translations and national layers."""
    owner = owner or organisation()
    module = Module.objects.create(
        key=key,
        owner=owner,
        subject=subject,
        title=title or {"en": f"Module {key}"},
        summary={"en": f"About {key}."},
        hours=Decimal("2.5"),
        fact_keys=[f"{key}.authority"],
        languages=["en", *languages],
        countries=list(countries),
    )
    outline = [outline_entry(number) for number in range(1, lessons + 1)]
    publish_core(module, outline)
    for language in languages:
        publish_translation(module, language, outline)
    for country in countries:
        publish_layer(module, country)
    return module


def outline_entry(number: int) -> dict[str, Any]:
    return {
        "key": f"lesson-{number}",
        "kind": "text",
        "title": f"Lesson {number}",
        "section": "",
        "minutes": 10,
        "required": True,
        "hash": f"{number:064d}",
        "questions": None,
        "pass": None,
    }


def publish_core(module: Module, outline: list[dict[str, Any]]) -> Revision:
    meta: dict[str, Any] = {"title": module.title, "summary": module.summary, "subject": module.subject}
    meta |= {"co_owners": [], "references": [], "fact_keys": module.fact_keys, "hours": str(module.hours)}
    meta |= {"licence": "", "validity_months": None, "extra": {}}
    meta |= {"outcomes": [{"en": f"Use {module.key}"}], "audience": {"en": f"Users of {module.key}"}}
    revision = draft(module, Edition.Kind.CORE, meta=meta)
    for position, entry in enumerate(outline):
        Lesson.objects.create(
            revision=revision,
            key=entry["key"],
            position=position,
            kind=entry["kind"],
            title=entry["title"],
            minutes=entry["minutes"],
            text_hash=entry["hash"],
        )
    return publish(revision, outline)


def publish_translation(module: Module, language: str, outline: list[dict[str, Any]]) -> Revision:
    """The titles get the language in front: `sv: Lesson 1`."""
    revision = draft(module, Edition.Kind.TRANSLATION, language=language)
    entries = [
        {"key": each["key"], "title": f"{language}: {each['title']}", "source_hash": each["hash"]}
        for each in outline
    ]
    return publish(revision, entries)


LAYER_META = {"source_language": "en", "languages": ["en"], "pass": None, "quiz": None, "extra": {}}


def publish_layer(module: Module, country: str) -> Revision:
    """With one verified fact and a country quiz of two questions."""
    revision = draft(module, Edition.Kind.LAYER, country=country, meta=LAYER_META)
    fact = Fact.objects.create(
        module=module,
        key=module.fact_keys[0],
        country=country,
        status=Fact.Status.VERIFIED,
        checked_on=date(2026, 11, 1),
        checked_by=module.owner,
        review_due_on=date(2027, 5, 1),
    )
    FactStatement.objects.create(
        revision=revision,
        fact=fact,
        position=0,
        texts={"en": f"The authority of {country}."},
        native_terms=[{"lang": "fi", "text": "Fimea"}],
        legal_ref="Act 1/2020",
        source_url="https://authority.example.org/page",
        status=Fact.Status.VERIFIED,
        verified_on=date(2026, 11, 1),
        note="For editors only.",
    )
    check = {
        "key": "country-check",
        "kind": "quiz",
        "title": {"en": f"{country}: check what you know"},
        "minutes": 5,
        "required": True,
        "hash": "c" * 64,
        "questions": 2,
    }
    return publish(revision, [check])


def draft(
    module: Module,
    kind: str,
    *,
    language: str = "",
    country: str = "",
    meta: dict[str, Any] | None = None,
) -> Revision:
    edition = Edition.objects.create(
        module=module, kind=kind, language=language, country=country, owner=module.owner
    )
    return Revision.objects.create(
        edition=edition, number=1, meta=meta or {}, content_hash="0" * 64, created_at=PUBLISHED
    )


def publish(revision: Revision, outline: list[dict[str, Any]]) -> Revision:
    revision.outline = outline
    revision.status = Revision.Status.PUBLISHED
    revision.published_at = PUBLISHED
    revision.save()
    revision.edition.current = revision
    revision.edition.save(update_fields=["current"])
    return revision


def build_course(
    slug: str,
    *,
    lessons: int = 3,
    countries: Sequence[str] = ("FI",),
    languages: Sequence[str] = ("sv",),
    owner: Organisation | None = None,
    modules: Sequence[Module] | None = None,
    status: str = Course.Status.PUBLISHED,
    **details: Any,
) -> Course:
    """A course, published by default, of one module of its own or of the modules given."""
    owner = owner or organisation()
    if modules is None:
        modules = [
            build_module(
                f"{slug}-module", lessons=lessons, countries=countries, languages=languages, owner=owner
            )
        ]
    values: dict[str, Any] = {
        "title": {"en": f"Course {slug}"},
        "summary": {"en": f"What {slug} is about."},
        "audience": {"en": "Everyone."},
        "outcomes": [{"en": "Name the authority"}],
        "hours": Decimal("2.5"),
        **details,
    }
    published_at = None if status == Course.Status.DRAFT else values.pop("published_at", PUBLISHED)
    course = Course.objects.create(
        slug=slug, owner=owner, status=status, created_at=PUBLISHED, published_at=published_at, **values
    )
    for position, module in enumerate(modules):
        CourseItem.objects.create(course=course, module=module, position=position)
    course.search = search_text(course)
    course.save(update_fields=["search"])
    return course
