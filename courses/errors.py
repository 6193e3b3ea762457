"""What may be refused to those who write and publish, and what to do about it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError

if TYPE_CHECKING:
    from .bundle import Problem


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


class DayHasPassed(DomainError):
    code = "day-has-passed"
    status = 422
    message = _("This day has passed. Choose today or a later day.")


class WaitsAlready(DomainError):
    code = "waits-already"
    message = _(
        "Revision %(number)s of this is published and takes effect on %(day)s. Publish this one after that day, or "
        "take the other back first."
    )


class IsToBeWithdrawn(DomainError):
    code = "is-to-be-withdrawn"
    message = _(
        "Revision %(number)s of this is to be withdrawn on %(day)s. Take the withdrawal back first, or publish "
        "after that day."
    )


class OnlyMajorIsRetaken(DomainError):
    code = "only-major-is-retaken"
    status = 422
    message = _("Only a major change can ask learners to take it again.")


class RetakenTooEarly(DomainError):
    code = "retaken-too-early"
    status = 422
    message = _("Give learners time: choose a day after the one on which it takes effect.")


class NotPublished(DomainError):
    code = "not-published"
    message = _("Only what is published can be withdrawn.")


class NotYetInEffect(DomainError):
    code = "not-yet-in-effect"
    message = _("This has not taken effect yet and nobody reads it: take its publication back instead.")


class ReasonMissing(DomainError):
    code = "reason-missing"
    status = 422
    message = _("Say why it is withdrawn, so that learners understand, in at least one language.")


class NoSuccessor(DomainError):
    code = "no-successor"
    status = 422
    message = _("The successor must be published and stay so. Choose another, or none.")


class WithdrawnForGood(DomainError):
    code = "withdrawn-for-good"
    message = _("This has been withdrawn and stays so. Begin a new revision from it to publish it again.")


class InEffectAlready(DomainError):
    code = "in-effect-already"
    message = _("This has taken effect already. Withdraw it, or publish a newer revision.")


class NothingToTeach(DomainError):
    code = "nothing-to-teach"
    message = _("Every module of a course must have a published core. Missing: %(modules)s.")


class PublishedByItsOwner(DomainError):
    code = "published-by-its-owner"
    status = 403
    message = _("Only a publisher of %(organisation)s can publish this course.")


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


class AnnouncedAlready(DomainError):
    code = "announced-already"
    message = _("It is announced already that this source is replaced. Look at that announcement.")


class NothingRestsOnIt(DomainError):
    code = "nothing-rests-on-it"
    message = _("Nothing that is published rests on this source any more, so there is nobody to tell.")


class LookedAtAlready(DomainError):
    code = "looked-at-already"
    message = _("Somebody was quicker: this has changed since you opened the page. Look at it as it is now.")


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


class DraftHasProblems(DomainError):
    """What is written in the studio may be unfinished until it is submitted. `problems` says where and why."""

    code = "draft-has-problems"
    status = 422
    message = _("This cannot be reviewed yet. Mend what is listed here, and submit it again.")

    def __init__(self, problems: "Iterable[Problem]") -> None:
        super().__init__()
        self.problems = list(problems)


class DraftOpenAlready(DomainError):
    code = "draft-open-already"
    message = _("There is a draft of this already. Go on with that one.")


class NothingPublishedYet(DomainError):
    code = "nothing-published-yet"
    message = _("Nothing is published of this yet, so there is nothing to begin from.")


class TranslatedAlready(DomainError):
    code = "translated-already"
    message = _("The module is in this language already, or somebody is translating it.")


class AdaptedAlready(DomainError):
    code = "adapted-already"
    message = _("The module has a layer of this country already, or somebody is writing one.")


class NoSuchPlace(DomainError):
    code = "no-such-place"
    message = _("The lesson has no such place any more. Choose another.")


class PlaceTaken(DomainError):
    code = "place-taken"
    message = _("Another panel stands at this place. Choose another, or put both texts into one panel.")


class PanelGone(DomainError):
    code = "panel-gone"
    message = _("This panel is not in the draft any more. Saved states still have it.")


class LanguageInUse(DomainError):
    code = "language-in-use"
    message = _("Something is written in this language. Take those texts out first.")


class FactGone(DomainError):
    code = "fact-gone"
    message = _("This fact is not in the draft any more. Saved states still have it.")


class FactStatedAlready(DomainError):
    code = "fact-stated-already"
    message = _("The layer states the fact “%(key)s” already. Change it there.")


class FactHasChanged(DomainError):
    code = "fact-has-changed"
    message = _(
        "Somebody else changed this fact while you were at it. Nothing was saved: yours is below, the other above "
        "it. Saving again puts yours in its place."
    )


class FactCarriesQuestions(DomainError):
    code = "fact-carries-questions"
    message = _(
        "Country questions rest on this fact: %(questions)s. Let them rest on another one, or remove them, before it "
        "counts as less than verified or goes."
    )


class ModuleKeyTaken(DomainError):
    code = "module-key-taken"
    message = _("Another module has the key “%(key)s”. Choose another.")


class DraftIsNeeded(DomainError):
    code = "draft-is-needed"
    message = _(
        "Translations, national layers or courses rest on this draft. Discard them first, then this one."
    )


class DraftHasMovedOn(DomainError):
    code = "draft-has-moved-on"
    message = _("Somebody has changed the draft since you opened this page. Look at it again, then decide.")


class TextHasChanged(DomainError):
    code = "text-has-changed"
    message = _(
        "Somebody else has changed this text since you began. Both texts are kept: compare them and choose."
    )


class LessonGone(DomainError):
    code = "lesson-gone"
    message = _("This lesson is not in the draft any more. Saved states still have it.")


class LessonKeyTaken(DomainError):
    code = "lesson-key-taken"
    message = _(
        "The key “%(key)s” belongs to a lesson of this module, now or in an earlier revision. Choose another."
    )


class LessonKeyUnfit(DomainError):
    code = "lesson-key-unfit"
    message = _("“%(key)s” is no key: use at most 60 of a–z, 0–9, “-”, “.” and “_”.")


class LastLesson(DomainError):
    code = "last-lesson"
    message = _("A module has at least one lesson. Add another before you remove this one.")


class NotAQuiz(DomainError):
    code = "not-a-quiz"
    status = 404
    message = _("There is no such quiz in this draft.")


class QuestionGone(DomainError):
    code = "question-gone"
    message = _("This question is not in the draft any more.")


class QuestionHasChanged(DomainError):
    code = "question-has-changed"
    message = _(
        "Somebody else changed this question while you were at it. Nothing was saved: yours is below, the other beside "
        "it. Saving again puts yours in its place."
    )


class PlaceGone(DomainError):
    code = "place-gone"
    message = _("This is not in the revision any more. Look at it again, then comment on what is there.")


class NotOpenToComments(DomainError):
    code = "not-open-to-comments"
    message = _("This revision is published. Comments are made on drafts; answer those that are still open.")


class CommentResolved(DomainError):
    code = "comment-resolved"
    message = _("This comment has been resolved meanwhile. Reopen it to go on.")


class CommentGone(DomainError):
    code = "comment-gone"
    message = _("This comment is not there any more: whoever wrote it has deleted it.")


class CommentAnswered(DomainError):
    code = "comment-answered"
    message = _("Somebody has answered, so what was said stays as it is. You can answer too.")


class CommentHasMovedOn(DomainError):
    code = "comment-has-moved-on"
    message = _("Somebody has answered since you opened this page. Read the answer, then decide.")


class SuggestionAnswered(DomainError):
    code = "suggestion-answered"
    message = _("This suggestion has been answered already. Its sender has the answer.")


class SuggestionTakenUp(DomainError):
    code = "suggestion-taken-up"
    message = _("Somebody is looking at your suggestion already, so it cannot be withdrawn any more.")


class SuggestionGone(DomainError):
    code = "suggestion-gone"
    message = _("This suggestion is not there any more: its sender has withdrawn it.")
