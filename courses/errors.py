"""What may be refused to those who write and publish, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError


class ImportRefused(DomainError):
    code = "import-refused"
    status = 422
    message = _("This module cannot be imported.")


class UnknownOwner(ImportRefused):
    message = _("“%(slug)s” is not a partner of this programme. Correct the owner in %(file)s.")


class OwnedByAnother(ImportRefused):
    code = "owned-by-another"
    message = _(
        "%(edition)s belongs to %(organisation)s. Leave it out of the bundle, or ask them to import it."
    )


class InReview(ImportRefused):
    code = "in-review"
    message = _(
        "%(edition)s is in review, so nothing was imported. Open %(address)s, choose “Send it back to its authors” "
        "or “Take it back to change it”, and import again."
    )


class NoCoreYet(ImportRefused):
    code = "no-core-yet"
    message = _("The module “%(key)s” has no core here yet. Import its core first.")


class KeyTakenByAnother(ImportRefused):
    code = "key-taken"
    message = _("The module “%(key)s” belongs to %(organisation)s. Choose another key.")


class NotADraft(DomainError):
    code = "not-a-draft"
    message = _("This is no longer a draft.")


class NotInReview(DomainError):
    code = "not-in-review"
    message = _("This is not in review.")


class AuthorCannotApprove(DomainError):
    code = "author-cannot-approve"
    status = 403
    message = _("You wrote this. Somebody else has to approve and publish it.")


class ApprovalNotNeeded(DomainError):
    code = "approval-not-needed"
    status = 403
    message = _("Your organisations cannot give an approval that is still needed.")


class ApprovalsMissing(DomainError):
    code = "approvals-missing"
    message = _("Before this can be published it needs: %(needed)s.")


class CoreNotPublished(DomainError):
    code = "core-not-published"
    message = _("Publish the core of this module first.")


class ContentMissing(DomainError):
    code = "content-missing"
    message = _("This refers to lessons that the published core does not have: %(keys)s.")


class NothingToTeach(DomainError):
    code = "nothing-to-teach"
    message = _("Every module of a course must have a published core. Missing: %(modules)s.")


class PublishedByItsOwner(DomainError):
    code = "published-by-its-owner"
    status = 403
    message = _("Only a publisher of %(organisation)s can publish this course.")


class SlugTaken(DomainError):
    code = "slug-taken"
    message = _("There is a course at the address “%(slug)s” already. Choose another.")


class CourseClosed(DomainError):
    code = "course-closed"
    message = _("This course is closed and changes no more.")


class CourseChangedMeanwhile(DomainError):
    code = "changed-meanwhile"
    message = _(
        "Somebody else changed this course while you were at it. Nothing was saved: yours is below. "
        "Compare it with the course as it is now; saving again puts yours in its place."
    )


class FactsNotAsShown(DomainError):
    code = "facts-not-as-shown"
    message = _(
        "Nothing was recorded: these facts have changed since you opened the page. Look again: %(facts)s."
    )


class NothingToTakeBack(DomainError):
    code = "nothing-to-take-back"
    message = _(
        "Nothing was taken back: somebody has looked at these facts since, or it is taken back already."
    )
