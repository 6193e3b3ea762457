"""The files of a draft: what they are, where its texts show them, and where else they are published."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ...bundle import LIMITS
from ...bundle.bodies import assets_of
from ...models import Edition, Lesson, LessonTranslation, Panel, Revision, RevisionAsset
from ..drafts import original_core
from .editions import edition_name

Kind = Edition.Kind
FAMILIES = {"image/": "image", "video/": "video", "audio/": "audio", "text/vtt": "captions"}
# From where a text of each kind of edition stands in a bundle to its top.
UP = {Kind.CORE: "../", Kind.TRANSLATION: "../../", Kind.LAYER: "../../../"}


SPECIAL = re.compile(r"([\\`*_{}\[\]<>&!|~^$\"#:])")


@dataclass(frozen=True)
class Place:
    """Where a draft uses a file, and the page where that is written."""

    words: str
    url: str


@dataclass(frozen=True)
class MediaFile:
    """A file as a draft knows it; `elsewhere` names what is published with the same content."""

    path: str
    sha256: str
    mime: str
    size: int
    places: tuple[Place, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.removeprefix("assets/")

    @property
    def id(self) -> str:
        """For the page: a name may have a dot, which a selector of CSS reads as something else."""
        return self.name.replace(".", "-").replace("/", "-")

    @property
    def family(self) -> str:
        return next((name for start, name in FAMILIES.items() if self.mime.startswith(start)), "download")

    @property
    def ending(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def url(self) -> str:
        return reverse("content_file", args=[self.sha256, self.path.rpartition("/")[2]])


@dataclass(frozen=True)
class Library:
    """The files of a draft; of a translation or layer also what it may take from the original."""

    files: tuple[MediaFile, ...]
    originals: tuple[MediaFile, ...]

    @cached_property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def most(self) -> int:
        return LIMITS.total

    @property
    def pictures(self) -> list[MediaFile]:
        return [file for file in (*self.files, *self.originals) if file.family == "image"]


def library(draft: Revision) -> Library:
    """The same number of queries however many files and texts there are."""
    places, elsewhere = places_of(draft), published_with(draft)
    files = tuple(
        media_file(use, places.get(use.path, ()), elsewhere.get(use.asset_id, ())) for use in uses_of(draft)
    )
    if draft.edition.kind == Kind.CORE:
        return Library(files, ())
    own = {file.path for file in files}
    of_core = uses_of(original_core(draft.edition.module))
    return Library(files, tuple(media_file(use) for use in of_core if use.path not in own))


def uses_of(revision: Revision) -> QuerySet[RevisionAsset]:
    return revision.assets.select_related("asset").order_by("path")


def media_file(
    use: RevisionAsset, places: tuple[Place, ...] = (), elsewhere: tuple[str, ...] = ()
) -> MediaFile:
    return MediaFile(
        path=use.path,
        sha256=use.asset.sha256,
        mime=use.asset.mime,
        size=use.asset.size,
        places=tuple(places),
        elsewhere=tuple(elsewhere),
    )


def published_with(draft: Revision) -> dict[int, tuple[str, ...]]:
    """By asset: what readers of the module can see with the same content. One query."""
    uses = RevisionAsset.objects.filter(
        asset__in=draft.assets.values("asset"),
        revision__edition__module=draft.edition.module_id,
        revision__published_at__isnull=False,
    ).select_related("revision__edition")
    found: dict[int, list[str]] = {}
    for use in uses.order_by("revision__edition", "revision__number"):
        said = _("%(edition)s, revision %(number)s") % {
            "edition": edition_name(use.revision.edition),
            "number": use.revision.number,
        }
        found.setdefault(use.asset_id, []).append(said)
    return {asset: tuple(dict.fromkeys(names)) for asset, names in found.items()}


# --- Where a draft uses what --------------------------------------------------------------------------------------


def places_of(draft: Revision) -> Mapping[str, tuple[Place, ...]]:
    """By path, each place once. One query."""
    found: dict[str, dict[Place, None]] = {}
    for path, place in PLACES[Kind(draft.edition.kind)](draft):
        found.setdefault(path, {})[place] = None
    return {path: tuple(places) for path, places in found.items()}


def core_places(draft: Revision) -> Iterator[tuple[str, Place]]:
    for lesson in draft.lessons.order_by("position"):
        place = lesson_place(draft, lesson)
        for path in assets_of(lesson.body, f"core/{lesson.key}.md"):
            yield path, place
        if video := lesson.data.get("video"):
            for path in (video["src"], video["poster"], *video["captions"].values()):
                yield path, place
        for path in (lesson.data.get("audio", {}).get("src"), lesson.data.get("download")):
            if path:
                yield path, place


def lesson_place(draft: Revision, lesson: Lesson | LessonTranslation) -> Place:
    return Place(lesson.title, reverse("studio_lesson", args=[draft.pk, lesson.key]))


def panel_url(draft: Revision, panel: Panel) -> str:
    place = urlencode({"anchor": panel.anchor, "language": panel.language})
    return f"{reverse('studio_panel', args=[draft.pk, panel.lesson_key])}?{place}"


def translated_places(draft: Revision) -> Iterator[tuple[str, Place]]:
    for text in draft.lesson_translations.order_by("key"):
        for path in assets_of(text.body, f"translations/{draft.edition.language}/{text.key}.md"):
            yield path, lesson_place(draft, text)
        if text.captions:
            yield text.captions, lesson_place(draft, text)


def layer_places(draft: Revision) -> Iterator[tuple[str, Place]]:
    for panel in draft.panels.order_by("lesson_key", "anchor", "language"):
        words = " · ".join(filter(None, (panel.lesson_key, panel.anchor, panel.get_language_display())))
        place = Place(_("Panel: %(name)s") % {"name": words}, panel_url(draft, panel))
        for path in assets_of(panel.body, f"countries/{draft.edition.country}/panels/{panel.lesson_key}.md"):
            yield path, place


PLACES = {Kind.CORE: core_places, Kind.TRANSLATION: translated_places, Kind.LAYER: layer_places}


# --- Markdown -------------------------------------------------------------------------------------------------------


def figure(edition: Edition, path: str, *, alt: str, caption: str) -> str:
    """The Markdown of a figure, for a text of this edition. What is typed stays what it is."""
    title = f' "{plain(caption)}"' if caption else ""
    return f"![{plain(alt)}]({UP[Kind(edition.kind)]}{path}{title})"


def plain(words: str) -> str:
    return SPECIAL.sub(r"\\\1", " ".join(words.split()))
