"""Modules and the history of what was published: one core, its translations, thin national layers."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.accounts.models import STUDIO_ROLES, Organisation, Role, User
from lms.lib.places import country_choices, country_name, language_choices, language_name, pick


class ModuleQuerySet(models.QuerySet["Module"]):
    def published(self) -> "ModuleQuerySet":
        """Modules whose core anyone may read about."""
        return self.filter(editions__kind=Edition.Kind.CORE, editions__current__isnull=False)

    def visible_to(self, user: User | AnonymousUser) -> "ModuleQuerySet":
        """Published ones, and those an organisation of the user's works on."""
        mine = Organisation.objects.partners().where(user, *STUDIO_ROLES)
        works_on = Q(owner__in=mine) | Q(co_owners__in=mine) | Q(editions__owner__in=mine)
        published = Q(editions__kind=Edition.Kind.CORE, editions__current__isnull=False)
        return self.filter(pk__in=Module.objects.filter(works_on | published).values("pk"))


class Module(models.Model):
    """Something that can be learnt, owned by one partner.

    Titles and summaries are those of the newest published core, or of the first draft until there is one; what was
    published when stands in `Revision.meta`. `languages` and `countries` say which editions are published; they are
    written in the transaction that publishes, because every catalogue page asks.
    """

    class Subject(models.TextChoices):
        CLINICAL_RESEARCH = "clinical-research", _("Clinical research")
        REGULATORY = "regulatory", _("Regulatory affairs")
        DEVICES = "devices", _("Medical devices")
        SAFETY = "safety", _("Safety")
        MARKET_ACCESS = "market-access", _("Market access")
        COMPLIANCE = "compliance", _("Ethics and industry codes")
        QUALITY = "quality", _("Quality")

    key = models.SlugField(max_length=60, unique=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="modules")
    co_owners = models.ManyToManyField(Organisation, related_name="co_owned_modules", blank=True)
    subject = models.CharField(max_length=30, choices=Subject)
    source_language = models.CharField(max_length=8, choices=language_choices, default="en")
    title = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    hours = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    fact_keys = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    countries = models.JSONField(default=list)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return pick(self.title, [self.source_language])[0] or self.key


class Edition(models.Model):
    """The core (one), a translation (by language) or a national layer (by country) of a module.

    `imported_hash` is that of the content that was imported last, so that a pull can tell what is new in its folder.
    """

    class Kind(models.TextChoices):
        CORE = "core", _("Core")
        TRANSLATION = "translation", _("Translation")
        LAYER = "layer", _("National layer")

    module = models.ForeignKey(Module, models.PROTECT, related_name="editions")
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=8, blank=True, choices=language_choices)
    country = models.CharField(max_length=2, blank=True, choices=country_choices)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="editions")
    current = models.OneToOneField("Revision", models.PROTECT, null=True, blank=True, related_name="+")
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Published for a later day, its `effective_on`; then it becomes `current`.
    upcoming = models.OneToOneField("Revision", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module"], name="edition_one_core", condition=Q(kind="core")),
            models.UniqueConstraint(
                fields=["module", "language"], name="edition_one_translation", condition=Q(kind="translation")
            ),
            models.UniqueConstraint(
                fields=["module", "country"], name="edition_one_layer", condition=Q(kind="layer")
            ),
            models.CheckConstraint(
                name="edition_kind_named",
                condition=Q(kind="core", language="", country="")
                | (Q(kind="translation", country="") & ~Q(language=""))
                | (Q(kind="layer", language="") & ~Q(country="")),
            ),
        ]
        ordering = ["module", "kind", "language", "country"]

    def __str__(self) -> str:
        return f"{self.module}: {self.name}"

    @property
    def name(self) -> str:
        if self.kind == self.Kind.TRANSLATION:
            return language_name(self.language)
        if self.kind == self.Kind.LAYER:
            return country_name(self.country)
        return str(_("Core"))


class RevisionQuerySet(models.QuerySet["Revision"]):
    def published(self) -> "RevisionQuerySet":
        return self.filter(status=Revision.Status.PUBLISHED)

    def open(self) -> "RevisionQuerySet":
        """The one draft of an edition, whether being written or in review."""
        return self.filter(status__in=[Revision.Status.DRAFT, Revision.Status.IN_REVIEW])

    def visible_to(self, user: User | AnonymousUser) -> "RevisionQuerySet":
        """For those who work on it, and for those whose approval it may need: publishers of any partner.

        Whoever adapts a module reads what is published of it; drafts of others are their own business.
        """
        partners = Organisation.objects.partners()
        if partners.where(user, Role.PUBLISHER).exists():
            return self.all()
        mine = partners.where(user, *STUDIO_ROLES)
        works_on = (
            Q(edition__owner__in=mine)
            | Q(edition__module__owner__in=mine)
            | Q(edition__module__co_owners__in=mine)
            | Q(edition__module__editions__owner__in=mine, published_at__isnull=False)
        )
        return self.filter(pk__in=Revision.objects.filter(works_on).values("pk"))


class Revision(models.Model):
    """One state of an edition. Written as a draft, approved, published; from then on the database refuses change.

    `meta` holds what `module.yaml` or `layer.yaml` says (texts by language, hours as a string). `outline` is written
    at publication: what an outline or a progress sum asks of every lesson, so that no page loads the lessons. So is
    `lacks_local_review`, of a layer: none of those who approved it was a partner of its country.

    What is withdrawn takes every older revision of its edition with it. `withdraw_on` stands before the day has come,
    `withdrawn_at` once it is done; the reason is for learners, by language.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", pgettext_lazy("revision", "Withdrawn")

    class ChangeClass(models.TextChoices):
        EDITORIAL = "editorial", _("Editorial")
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    change_class = models.CharField(max_length=12, choices=ChangeClass, default=ChangeClass.MAJOR)
    change_note = models.JSONField(default=dict, blank=True)
    meta = models.JSONField(default=dict)
    outline = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    lacks_local_review = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="written_revisions", blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    withdraw_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.JSONField(default=dict, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # Of a major one: until when whoever learns or has learnt an earlier one should take it again.
    retake_by = models.DateField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["edition"], name="revision_one_open", condition=Q(status__in=["draft", "in_review"])
            ),
            models.CheckConstraint(
                name="revision_published_dated",
                condition=Q(status__in=["draft", "in_review"]) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_withdrawn_dated",
                condition=~Q(status="withdrawn") | Q(withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_retaken_when_major", condition=Q(retake_by=None) | Q(change_class="major")
            ),
        ]
        indexes = [
            # Asked on every day that begins: what is to be withdrawn, and is not yet?
            models.Index(
                fields=["withdraw_on"],
                name="revision_to_withdraw",
                condition=Q(status="published", withdraw_on__isnull=False),
            ),
        ]
        ordering = ["edition", "-number"]

    def __str__(self) -> str:
        return f"{self.edition}, {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.DRAFT, self.Status.IN_REVIEW)


class SavedState(models.Model):
    """A draft as it was, so that a save can be undone: the last fifty, then one an hour."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="saved_states")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    content = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"{self.revision} {self.saved_at}"


class Approval(models.Model):
    """A publisher vouches for a revision as it stands; sending it back or changing it clears its approvals."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="approvals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2, choices=country_choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "by"], name="approval_once")]
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.revision} {self.organisation}"


class SendBack(models.Model):
    """Why a revision went back to its authors, in the reviewer's own words.

    The audit trail, which nobody can erase, only names this row.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="send_backs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(max_length=2_000)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.revision} {self.at}"
