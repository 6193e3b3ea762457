"""Enrolments, outlines and quizzes as the API shows them: the same values as the pages."""

import re
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Course
from courses.sheets import TYPED_LENGTH
from lms.accounts.models import Organisation
from lms.lib.places import country_choices, language_choices
from lms.lib.site import absolute_url

from ..models import Enrollment

# --- Enrolments -----------------------------------------------------------------------------------------------------


class ProgressSerializer(serializers.Serializer[Any]):
    """The counters that every page and list shows too."""

    done = serializers.IntegerField(source="lessons_done")
    total = serializers.IntegerField(source="lessons_required")
    percent = serializers.IntegerField()
    minutes_left = serializers.IntegerField()


class EnrollmentSerializer(serializers.ModelSerializer[Enrollment]):
    """`withdrawn_at`: the learner left; enrolling again brings it back. `due_on`: the nearest of all assignments."""

    url = serializers.SerializerMethodField(help_text="The course's page for learners.")
    course = serializers.CharField(source="course.slug")
    title = serializers.DictField(source="course.title", child=serializers.CharField())
    country = serializers.CharField()
    language = serializers.CharField()
    progress = ProgressSerializer(source="*")

    class Meta:
        model = Enrollment
        fields = [
            "id",
            "url",
            "course",
            "title",
            "cycle",
            "country",
            "language",
            "enrolled_at",
            "completed_at",
            "withdrawn_at",
            "opens_on",
            "due_on",
            "access_until",
            "progress",
        ]

    def get_url(self, enrollment: Enrollment) -> str:
        return absolute_url(reverse("learn", args=[enrollment.course.slug]))


class StepSerializer(serializers.Serializer[Any]):
    """A lesson of a module as this learner has it. `score` is in percent, for quizzes that are passed."""

    key = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField(help_text="Of the title.")
    minutes = serializers.IntegerField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    questions = serializers.IntegerField()
    country = serializers.CharField(help_text="Of a country check; else empty.")
    done_at = serializers.DateTimeField(allow_null=True)
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    credited = serializers.SerializerMethodField(help_text="Done in another course.")

    def get_credited(self, step: Any) -> bool:
        return step.credited_from is not None


class ModuleOutlineSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    core_revision = serializers.IntegerField(source="core_number")
    layer_revision = serializers.IntegerField(
        source="layer_number",
        allow_null=True,
        help_text="Null: not yet adapted to the country; the core suffices.",
    )
    lessons = StepSerializer(source="steps", many=True)


class NextStepSerializer(serializers.Serializer[Any]):
    module = serializers.CharField(source="module_key")
    lesson = serializers.CharField(source="key")


class EnrollmentDetailSerializer(EnrollmentSerializer):
    """With every lesson and its state. Made of a `LearnerCourse` in the context."""

    next_step = serializers.SerializerMethodField(
        help_text="Where to go on; null: all that is required is done."
    )
    modules = serializers.SerializerMethodField()

    class Meta(EnrollmentSerializer.Meta):
        fields = [*EnrollmentSerializer.Meta.fields, "next_step", "modules"]

    @extend_schema_field(NextStepSerializer(allow_null=True))
    def get_next_step(self, _enrollment: Enrollment) -> Any:
        step = self.context["course"].next_step
        return NextStepSerializer(step).data if step else None

    @extend_schema_field(ModuleOutlineSerializer(many=True))
    def get_modules(self, _enrollment: Enrollment) -> Any:
        return ModuleOutlineSerializer(self.context["course"].outline.modules, many=True).data


class NewEnrollmentSerializer(serializers.Serializer[Any]):
    """What the page of a course asks. `organisation`: one that the caller is a member of; without it, for oneself."""

    course = serializers.SlugRelatedField(slug_field="slug", queryset=Course.objects.none())
    country = serializers.ChoiceField(choices=country_choices())
    language = serializers.ChoiceField(choices=language_choices())
    organisation = serializers.SlugRelatedField(
        slug_field="slug", queryset=Organisation.objects.none(), required=False, allow_null=True
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            fields["course"].queryset = Course.objects.visible_to(request.user)  # type: ignore[attr-defined]
            fields["organisation"].queryset = Organisation.objects.where(request.user)  # type: ignore[attr-defined]
        return fields


class LessonChangeSerializer(serializers.Serializer[Any]):
    """A lesson that differs in the newer version. Name it in `again` to do it once more."""

    key = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField(help_text="Of the title.")
    what = serializers.ChoiceField(choices=["new", "changed", "gone"])
    done = serializers.BooleanField(source="is_done", help_text="Done in the words of before.")


class SpanSerializer(serializers.Serializer[Any]):
    """A stretch of a line: same, added, removed, or a gap that leaves out what is the same."""

    kind = serializers.CharField()
    text = serializers.CharField()


class NewerTextSerializer(serializers.Serializer[Any]):
    lesson = serializers.CharField(source="key")
    language = serializers.CharField()
    lines = serializers.ListField(child=SpanSerializer(many=True))


class OfferSerializer(serializers.Serializer[Any]):
    """A newer version of something that the learner reads. It waits for an answer, which is given once."""

    id = serializers.IntegerField(source="offer.pk")
    module = serializers.CharField(source="offer.pin.module.key")
    country = serializers.CharField(source="offer.country", help_text="Of a national layer; else empty.")
    revision = serializers.IntegerField(source="offer.revision.number")
    made_at = serializers.DateTimeField(source="offer.made_at")
    retake_by = serializers.DateField(
        source="offer.revision.retake_by",
        allow_null=True,
        help_text="Until when it should be taken; null where nobody asks for that.",
    )
    change_note = serializers.DictField(
        source="offer.revision.change_note", child=serializers.CharField(), help_text="By language."
    )
    first = serializers.BooleanField(
        source="is_first", help_text="The country had no layer when the learner began."
    )
    lessons = LessonChangeSerializer(source="changes", many=True)
    unchanged = serializers.IntegerField(help_text="Lessons that are as they were.")
    texts = NewerTextSerializer(many=True, help_text="What changed in the words.")


class TakeSerializer(serializers.Serializer[Any]):
    again = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=500,
        required=False,
        default=list,
        help_text="Keys of changed lessons to do once more; all others stay done.",
    )


class PlacesSerializer(serializers.Serializer[Any]):
    """Language and country of an enrolment; what is left out stays. Progress stays whatever is chosen."""

    language = serializers.ChoiceField(choices=language_choices(), required=False)
    country = serializers.ChoiceField(choices=country_choices(), required=False)


# --- Lessons --------------------------------------------------------------------------------------------------------


class FactCardSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(source="composed.fact.key")
    state = serializers.CharField(help_text="fresh, due, overdue, confirm, disputed or open.")
    statement = serializers.CharField(source="composed.statement")
    language = serializers.CharField(source="composed.language")
    legal_ref = serializers.CharField(source="composed.fact.legal_ref")
    source_url = serializers.CharField(source="composed.fact.source_url")
    checked_on = serializers.DateField(source="composed.fact.checked_on", allow_null=True)
    review_due_on = serializers.DateField(source="composed.fact.review_due_on", allow_null=True)


class PanelSerializer(serializers.Serializer[Any]):
    country = serializers.CharField(source="panel.country")
    anchor = serializers.CharField(source="panel.anchor")
    language = serializers.CharField(source="panel.language")
    html = serializers.CharField(source="panel.html")
    facts = FactCardSerializer(source="cards", many=True)


class LessonSerializer(serializers.Serializer[Any]):
    """A lesson as this learner reads it: safe HTML, and the panels of their country at their places."""

    key = serializers.CharField(source="lesson.key")
    title = serializers.CharField(source="lesson.title")
    language = serializers.CharField(source="lesson.language")
    fallback = serializers.CharField(
        source="lesson.fallback_reason",
        allow_null=True,
        help_text="missing or stale: why it is in another language.",
    )
    html = serializers.CharField(source="lesson.html")
    panels = serializers.SerializerMethodField()

    @extend_schema_field(PanelSerializer(many=True))
    def get_panels(self, page: Any) -> Any:
        return PanelSerializer([panel for part in page.parts for panel in part.panels], many=True).data


# --- Quizzes --------------------------------------------------------------------------------------------------------


class LocalTextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    language = serializers.CharField()


class MatchSerializer(serializers.Serializer[Any]):
    value = serializers.CharField(help_text="To be sent where the option is given this.")
    text = LocalTextSerializer()
    chosen = serializers.BooleanField(source="is_chosen")


class DocumentSerializer(serializers.Serializer[Any]):
    """The document that an attestation is about."""

    title = serializers.CharField()
    version = serializers.CharField(default="")
    sha256 = serializers.CharField()
    url = serializers.CharField(default="")


class OptionSerializer(serializers.Serializer[Any]):
    """`matches`: what the option may be given, in matching and ordering; empty in other kinds."""

    position = serializers.IntegerField()
    text = LocalTextSerializer()
    chosen = serializers.BooleanField(source="is_chosen")
    matches = MatchSerializer(many=True)


class QuestionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    prompt = LocalTextSerializer()
    unit = LocalTextSerializer()
    options = OptionSerializer(many=True)
    typed = serializers.CharField()
    document = DocumentSerializer(allow_null=True)


class AttemptSerializer(serializers.Serializer[Any]):
    """An open attempt. Options are named by their positions; nothing here tells which answers are right."""

    number = serializers.IntegerField(source="attempt.number")
    started_at = serializers.DateTimeField(source="attempt.started_at")
    questions = QuestionSerializer(many=True)


# Of a question: short, because Python refuses to read a number of thousands of digits.
NUMBER = re.compile(r"[0-9]{1,4}")


class AnswersSerializer(serializers.Serializer[Any]):
    """Answers by the number of the question, each a list.

    Of positions; in matching and ordering of the values of the matches, one for each option; for a number or a few
    words of what is typed.
    """

    answers = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=TYPED_LENGTH), max_length=50)
    )

    def validate_answers(self, answers: dict[str, list[str]]) -> dict[int, list[str]]:
        if not all(NUMBER.fullmatch(number) for number in answers):
            raise serializers.ValidationError("Name questions by their numbers.")
        return {int(number): chosen for number, chosen in answers.items()}


class ReviewedOptionSerializer(serializers.Serializer[Any]):
    text = LocalTextSerializer()
    chosen = serializers.BooleanField(source="is_chosen")
    right = serializers.BooleanField(source="is_right")
    feedback = LocalTextSerializer(allow_null=True)
    given = LocalTextSerializer(allow_null=True)
    wanted = LocalTextSerializer(allow_null=True)


class ReviewedQuestionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    prompt = LocalTextSerializer()
    correct = serializers.BooleanField(source="is_correct")
    options = ReviewedOptionSerializer(many=True)
    typed = serializers.CharField()
    right = serializers.CharField(help_text="The right number or words; empty for other kinds.")
    feedback = LocalTextSerializer(allow_null=True, help_text="To words that were typed.")
    document = DocumentSerializer(allow_null=True)
    explanation = LocalTextSerializer()
    references = serializers.ListField(child=serializers.CharField())


class ResultSerializer(serializers.Serializer[Any]):
    """A marked attempt with right answers and reasons."""

    number = serializers.IntegerField(source="attempt.number")
    submitted_at = serializers.DateTimeField(source="attempt.submitted_at")
    passed = serializers.BooleanField(source="attempt.passed")
    points = serializers.IntegerField()
    possible = serializers.IntegerField()
    needed = serializers.IntegerField()
    questions = ReviewedQuestionSerializer(many=True)
