"""Who must approve what. The rule of the programme, in one place, told to everybody as "what is still needed"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import Organisation
from lms.lib.places import country_name

from .models import Approval, Edition, Revision


@dataclass(frozen=True)
class Need:
    """An approval that a revision needs, and whose it may be."""

    words: str
    organisations: frozenset[int]

    @property
    def is_nobodys(self) -> bool:
        """No partner could give it: the programme has none in another country."""
        return not self.organisations

    def is_met_by(self, approvals: Iterable[Approval]) -> bool:
        return any(approval.organisation_id in self.organisations for approval in approvals)


Partners = Sequence[tuple[int, str]]  # primary key, country


def all_partners() -> Partners:
    return list(Organisation.objects.partners().values_list("pk", "country"))


def needs(revision: Revision, partners: Partners | None = None) -> list[Need]:
    """All approvals that this revision needs, given or not. A list of revisions asks for `partners` once.

    Core: a publisher of the owner; when major, also one of a partner in another country. Layer: a publisher of a
    partner in that country, or of the owner where the programme has none there. Translation: one of its owner.
    """
    edition = revision.edition
    partners = all_partners() if partners is None else partners
    if edition.kind == Edition.Kind.LAYER:
        return [layer_need(edition, partners)]
    wanted = [owner_need(edition.owner)]
    if edition.kind == Edition.Kind.CORE and revision.change_class == Revision.ChangeClass.MAJOR:
        abroad = frozenset(pk for pk, country in partners if country != edition.owner.country)
        wanted.append(Need(str(_("a publisher of a partner in another country")), abroad))
    return wanted


def owner_need(owner: Organisation) -> Need:
    return Need(
        str(_("a publisher of %(organisation)s") % {"organisation": owner.short_name}), frozenset([owner.pk])
    )


def layer_need(edition: Edition, partners: Partners) -> Need:
    there = frozenset(pk for pk, country in partners if country == edition.country)
    if not there:
        return owner_need(edition.owner)
    words: str | Promise = _("a publisher of a partner in %(country)s")
    return Need(str(words % {"country": country_name(edition.country)}), there)


def still_needed(revision: Revision, partners: Partners | None = None) -> list[Need]:
    given = list(revision.approvals.all())
    return [need for need in needs(revision, partners) if not need.is_met_by(given)]


def approving_organisation(revision: Revision, mine: Iterable[Organisation]) -> Organisation | None:
    """For which of these organisations an approval would help; None where none would."""
    wanted = still_needed(revision)
    return next((org for org in mine if any(org.pk in need.organisations for need in wanted)), None)


def lacks_local_review(revision: Revision) -> bool:
    """Of a layer: no partner of its country has approved it. Its panels say so to everybody who reads them."""
    country = revision.edition.country
    return bool(country) and not any(approval.country == country for approval in revision.approvals.all())
