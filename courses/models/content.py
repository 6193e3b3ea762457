"""What a revision holds. None of it changes once the revision is published: the database refuses (courses/guards.py).

Texts are Markdown as written; `Rendering` holds the safe HTML made of them at publication, which is all that pages
read. Hashes are those of docs/exchange-format.md.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import Organisation
from lms.lib.places import country_choices, language_choices

from ..content import AWAITING_REVIEW
from .modules import Module, Revision
from .sources import SourceReplacement


class Lesson(models.Model):
    """A lesson of a core revision. Its key is stable: it carries the learner's progress across revisions."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Reading")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Audio")
        QUIZ = "quiz", _("Quiz")
        FILE = "file", _("File")

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="lessons")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    section = models.CharField(max_length=160, blank=True)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    required = models.BooleanField(default=True)
    body = models.TextField(blank=True, max_length=200_000)
    data = models.JSONField(default=dict)
    references = models.JSONField(default=list)
    text_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "key"], name="lesson_key_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class LessonTranslation(models.Model):
    """A lesson's words in another language, with the hash of the words they translate: stale is a fact, not a guess.

    `questions` holds the words of a quiz by question key.
    """

    class Review(models.TextChoices):
        AWAITING = AWAITING_REVIEW, _("Awaits review by a native speaker")

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="lesson_translations")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, max_length=200_000)
    questions = models.JSONField(default=dict)
    source_hash = models.CharField(max_length=64)
    text_hash = models.CharField(max_length=64)
    review = models.CharField(max_length=30, choices=Review, blank=True)
    captions = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "key"], name="lesson_translation_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """A question of a core quiz, or a country question of a layer (lesson key `country-check`).

    `rule` says what is right; `texts` holds the words by language. A translation's words stand in
    `LessonTranslation.questions`.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="questions")
    lesson_key = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    points = models.PositiveSmallIntegerField(default=1)
    rule = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    references = models.JSONField(default=list)
    rests_on = models.JSONField(default=list)
    text_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "lesson_key", "key"], name="question_key_once")
        ]
        ordering = ["lesson_key", "position"]

    def __str__(self) -> str:
        return self.key


class Panel(models.Model):
    """What a national layer adds to a lesson, in one language, at a named anchor or at the country place."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="panels")
    lesson_key = models.CharField(max_length=60)
    anchor = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, choices=language_choices)
    body = models.TextField(blank=True, max_length=100_000)
    fact_keys = models.JSONField(default=list)
    text_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "lesson_key", "anchor", "language"], name="panel_once"
            )
        ]
        ordering = ["lesson_key", "anchor", "language"]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.language}"


class Fact(models.Model):
    """A national fact as a thing that lasts: statements and checks of it come and go.

    Status and dates repeat the newest `FactCheck`, written with it, because every lesson page asks for them.
    `replacement` announces that the source of its published statement is replaced, until the owner has seen to it.
    """

    class Status(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        CONFIRM = "confirm", _("Awaiting expert confirmation")
        DISPUTED = "disputed", _("Disputed")
        OPEN = "open", _("Not yet adapted")
        SUPERSEDED = "superseded", _("Superseded")

    module = models.ForeignKey(Module, models.PROTECT, related_name="facts")
    key = models.CharField(max_length=60)
    country = models.CharField(max_length=2, choices=country_choices)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    review_due_on = models.DateField(null=True, blank=True)
    replacement = models.ForeignKey(
        SourceReplacement, models.SET_NULL, null=True, blank=True, related_name="facts"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "key", "country"], name="fact_once")]
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key} {self.country}"

    def is_overdue(self, on: date) -> bool:
        return self.review_due_on is not None and self.review_due_on < on


class FactStatement(models.Model):
    """What a layer's revision says of a fact: words by language, native terms, reference and source."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="statements")
    fact = models.ForeignKey(Fact, models.PROTECT, related_name="statements")
    position = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict)
    native_terms = models.JSONField(default=list)
    legal_ref = models.CharField(max_length=400, blank=True)
    source_url = models.URLField(max_length=600, blank=True)
    status = models.CharField(max_length=12, choices=Fact.Status)
    verified_on = models.DateField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, max_length=4_000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "fact"], name="fact_statement_once"),
            models.CheckConstraint(
                name="verified_has_source",
                condition=~Q(status="verified") | (~Q(source_url="") & Q(verified_on__isnull=False)),
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.fact)


class FactCheck(models.Model):
    """Somebody looked at the source again. Append-only, and no new version of any text."""

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="checks")
    checked_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Fact.Status)
    review_due_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return f"{self.fact} {self.checked_on}"


class Rendering(models.Model):
    """The safe HTML of one text, made at publication: of a lesson, or of a panel (with `anchor` and its facts).

    `facts` holds what fact cards print: key, statement and its language, native terms, reference, source.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="renderings")
    lesson_key = models.CharField(max_length=60)
    anchor = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=200, blank=True)
    html = models.TextField(blank=True)
    facts = models.JSONField(default=list)
    source_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "lesson_key", "anchor", "language"], name="rendering_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.language}"


class Asset(models.Model):
    """A file, kept once under its content hash and never changed."""

    sha256 = models.CharField(max_length=64, unique=True)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    file = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class RevisionAsset(models.Model):
    """Under which path a revision's bundle knows a file."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="assets")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="uses")
    path = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "path"], name="revision_asset_once")]
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path
