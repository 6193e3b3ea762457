"""What may be refused to a learner or a coordinator, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError


class CourseNotOpen(DomainError):
    code = "course-not-open"
    message = _("This course does not take new learners.")


class ModuleWithdrawn(DomainError):
    code = "module-withdrawn"
    message = _("This course takes no new learners now: a module of it has been withdrawn (%(modules)s).")


class AlreadyCompleted(DomainError):
    code = "already-completed"
    message = _("You have completed this course. It stays open for you under My learning.")


class EnrollmentEnded(DomainError):
    code = "enrollment-ended"
    message = _("You have left this course. Enrol again to go on; what you did is kept.")


class AccessEnded(DomainError):
    code = "access-ended"
    message = _("Your access to this course ended on %(day)s. Ask %(organisation)s to extend it.")


class AccessNotYet(DomainError):
    code = "access-not-yet"
    message = _("You can read this course now, and begin with it on %(day)s.")


class QuizDecides(DomainError):
    code = "quiz-decides"
    message = _("A quiz is done when you pass it.")


class CertificateRestsOnIt(DomainError):
    code = "certificate-rests-on-it"
    message = _("A certificate has been issued for this course, so what it rests on can no longer be undone.")


class CountryFixed(DomainError):
    code = "country-fixed"
    message = _(
        "You completed this course for %(country)s, and that stays on your record. "
        "Other countries can be read under “Compare countries”."
    )


class UnknownPlace(DomainError):
    code = "unknown-place"
    status = 400
    message = _("“%(code)s” is not a language or country of this programme.")


class WaitBeforeNextAttempt(DomainError):
    code = "wait"
    message = _("You have used %(allowed)s attempts. The next one opens on %(opens)s.")


class Unanswered(DomainError):
    code = "unanswered"
    status = 422
    message = _("Some questions have no answer yet. What you chose is kept.")


class NothingToSubmit(DomainError):
    code = "nothing-to-submit"
    message = _("Start the quiz first.")


class InvitationGone(DomainError):
    code = "invitation-gone"
    message = _("This invitation has been used, withdrawn or has run out. Ask for a new one.")


class InvitationForSomebodyElse(DomainError):
    code = "invitation-for-somebody-else"
    status = 403
    message = _("This invitation was sent to another address. Log in with that address to accept it.")


class OfferGone(DomainError):
    code = "offer-gone"
    message = _(
        "This newer version is no longer offered: you have answered, or there is one that is newer still."
    )


class OfferWithdrawn(DomainError):
    code = "offer-withdrawn"
    message = _("This newer version has been withdrawn. You go on with the one you read.")


class CompletedStays(DomainError):
    code = "completed-stays"
    message = _("You have completed this course, so what you read for it stays as it was.")
