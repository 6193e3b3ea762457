"""National layers: whose they are, their facts, their panels and their questions."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.content import CountryQuiz, FactContent, LayerContent, NativeTerm, PanelContent

from .bodies import address_of
from .fields import Fields
from .quizzes import UNLISTED, Setting, read_questions
from .reading import Reading

STATUSES = ("verified", "confirm", "disputed", "open", "superseded")
FOLDER = re.compile(r"countries/([A-Z]{2})/")


def read_layers(reading: Reading) -> dict[str, LayerContent]:
    found = (FOLDER.match(path) for path in reading.below("countries/"))
    layers = {}
    for country in sorted({match[1] for match in found if match}):
        layer = _read_layer(reading, country)
        if layer:
            layers[country] = layer
    return layers


def _read_layer(reading: Reading, country: str) -> LayerContent | None:
    folder = f"countries/{country}"
    if f"{folder}/layer.yaml" not in reading.tree:
        message = _("layer.yaml is missing. Add it: it names the country, the owner and the languages.")
        reading.problems.error(folder, None, message)
        return None
    fields = reading.yaml(f"{folder}/layer.yaml")
    if fields is None:
        return None
    code = fields.country("country")
    if code and code != country:
        message = _(
            "The layer is of “%(code)s” and stands in the folder of “%(folder)s”. Correct one of them."
        )
        fields.error("country", message, code=code, folder=country)
    source, languages = _read_languages(fields)
    facts, unknown = _read_facts(reading, f"{folder}/facts.yaml", source)
    setting = Setting(source, languages, {fact.key: fact.status for fact in facts})
    return LayerContent(
        country=country,
        owner=fields.key("owner"),
        source_language=source,
        languages=languages,
        pass_percent=fields.optional_integer("pass", least=1, most=100),
        panels=_read_panels(reading, f"{folder}/panels/", setting),
        facts=facts,
        quiz=_read_quiz(reading, f"{folder}/questions.yaml", setting),
        extra={**fields.extra(), **unknown},
    )


def _read_languages(fields: Fields) -> tuple[str, tuple[str, ...]]:
    source = fields.language("source_language")
    languages = fields.languages("languages") or (source,)
    if source and source not in languages:
        message = _("“languages” must name the source language, “%(language)s”, too.")
        fields.error("languages", message, language=source)
    return source, languages


# --- Facts ----------------------------------------------------------------------------------------------------------


def _read_facts(reading: Reading, path: str, source: str) -> tuple[tuple[FactContent, ...], dict[str, Any]]:
    """The facts, and what the file has besides them, to be kept with the layer."""
    fields = reading.yaml(path) if path in reading.tree else None
    if fields is None:
        return (), {}
    facts: dict[str, FactContent] = {}
    for record in fields.records("facts", required=True):
        fact = _read_fact(record, source)
        if fact.key in facts:
            record.error("key", _("Two facts have the key “%(key)s”. Rename or remove one."), key=fact.key)
        facts[fact.key] = fact
    unknown = fields.extra()
    return tuple(facts.values()), {"facts.yaml": unknown} if unknown else {}


def _read_fact(fields: Fields, source: str) -> FactContent:
    terms, unknown = _read_terms(fields)
    fact = FactContent(
        key=fields.key("key"),
        statement=fields.texts("statement", source=source),
        status=fields.choice("status", STATUSES),
        native_terms=terms,
        legal_ref=fields.text("legal_ref", required=False, most=400),
        source_url=fields.text("source_url", required=False, most=600),
        verified_on=fields.day("verified_on"),
        review_due=fields.day("review_due"),
        note=fields.text("note", required=False, most=4_000),
        extra={**fields.extra(), **unknown},
    )
    _check_fact(fields, fact)
    return fact


def _read_terms(fields: Fields) -> tuple[tuple[NativeTerm, ...], dict[str, Any]]:
    terms, unknown = [], {}
    for number, record in enumerate(fields.records("native_terms")):
        terms.append(NativeTerm(lang=record.language("lang"), text=record.text("text")))
        if extra := record.extra():
            unknown[str(number)] = extra
    return tuple(terms), {"native_terms": unknown} if unknown else {}


def _check_fact(fields: Fields, fact: FactContent) -> None:
    """What can be published as checked must say where it stands and who looked when."""
    address = address_of(fact.source_url)
    if fact.source_url and (address.scheme not in ("http", "https") or not address.netloc):
        message = _("“%(url)s” is no web address: begin with https://.")
        fields.error("source_url", message, url=fact.source_url)
    if fact.status != "verified":
        return
    if not fact.source_url:
        message = _("The verified fact “%(key)s” has no source. Add source_url, or set status: confirm.")
        fields.error("", message, key=fact.key)
    if not fact.verified_on:
        message = _("The verified fact “%(key)s” has no date. Add verified_on, or set status: confirm.")
        fields.error("", message, key=fact.key)
    if not fact.legal_ref:
        message = _(
            "The verified fact “%(key)s” has no reference. Add legal_ref (the article of law, or the document or page "
            "that says it), or set status: confirm."
        )
        fields.error("", message, key=fact.key)
    if fact.review_due and fact.verified_on and fact.review_due <= fact.verified_on:
        fields.error(
            "review_due", _("The fact is due for review before it was checked. Correct one of the dates.")
        )


# --- Panels and questions --------------------------------------------------------------------------------------------


def _read_panels(reading: Reading, folder: str, setting: Setting) -> tuple[PanelContent, ...]:
    panels: dict[tuple[str, str, str], PanelContent] = {}
    for path in reading.below(folder):
        panel = _read_panel(reading, path, setting) if path.endswith(".md") else None
        if panel is None:
            continue
        place = (panel.lesson, panel.anchor, panel.language)
        if place in panels:
            message = _(
                "%(other)s stands at the same place in the same language. Keep one, or give it an anchor."
            )
            reading.problems.error(path, panel.line, message, other=panels[place].file)
        panels[place] = panel
    return tuple(panels[place] for place in sorted(panels))


def _read_panel(reading: Reading, path: str, setting: Setting) -> PanelContent | None:
    found = reading.document(path)
    if found is None:
        return None
    fields, document = found
    reading.body(path, document, places=False)
    panel = PanelContent(
        lesson=fields.key("lesson"),
        language=fields.language("language"),
        anchor=fields.key("anchor", required=False),
        facts=fields.keys("facts"),
        body=document.body,
        extra=fields.extra(),
        file=path,
        line=fields.line("lesson"),
    )
    _check_panel(fields, panel, setting)
    return panel


def _check_panel(fields: Fields, panel: PanelContent, setting: Setting) -> None:
    name = panel.file.rpartition("/")[2]
    if not name.startswith(panel.lesson) or not name.endswith(f".{panel.language}.md"):
        message = _("The file is called otherwise than it says: name it %(lesson)s.%(language)s.md.")
        fields.error("lesson", message, lesson=panel.lesson, language=panel.language)
    if panel.language and panel.language not in setting.languages:
        fields.error("language", UNLISTED, language=panel.language)
    for key in panel.facts:
        if key not in (setting.facts or {}):
            message = _("The fact “%(key)s” is not in facts.yaml. Add it there, or remove it here.")
            fields.error("facts", message, key=key)


def _read_quiz(reading: Reading, path: str, setting: Setting) -> CountryQuiz | None:
    fields = reading.yaml(path) if path in reading.tree else None
    if fields is None:
        return None
    return CountryQuiz(
        title=setting.take(fields, "title", required=True),
        minutes=fields.integer("minutes", least=0, most=600),
        questions=read_questions(fields, setting),
        extra=fields.extra(),
    )
