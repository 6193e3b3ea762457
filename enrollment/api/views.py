"""A learner's own enrolments: the same acts as the pages, through the same services."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from .. import services
from ..forms.learning import answer_sheet, numbered_answers
from ..models import Enrollment, Offer
from ..outline import Step
from ..selectors import LearnerCourse, own_course
from ..selectors.lesson_page import lesson_page
from ..selectors.offers import offers_on_page
from ..selectors.quiz_result import result_of
from .filters import EnrollmentFilter
from .serializers import (
    AnswersSerializer,
    AttemptSerializer,
    EnrollmentDetailSerializer,
    EnrollmentSerializer,
    LessonSerializer,
    NewEnrollmentSerializer,
    OfferSerializer,
    PlacesSerializer,
    ResultSerializer,
    TakeSerializer,
)

OFFER = r"offers/(?P<offer>[0-9]{1,18})"
OFFER_IN_PATH = OpenApiParameter("offer", OpenApiTypes.INT, OpenApiParameter.PATH, description="Of the list.")
LESSON = r"lessons/(?P<module>[^/]+)/(?P<lesson>[^/]+)"
IN_PATH = [
    OpenApiParameter("module", OpenApiTypes.STR, OpenApiParameter.PATH, description="Key of the module."),
    OpenApiParameter("lesson", OpenApiTypes.STR, OpenApiParameter.PATH, description="Key of the lesson."),
]
REFUSED = OpenApiResponse(description="The rules say no; `detail` says why and what to do.")


@extend_schema_view(list=extend_schema(summary="My enrolments"))
class EnrollmentViewSet(mixins.ListModelMixin, GenericViewSet[Enrollment]):
    queryset = Enrollment.objects.none()
    serializer_class = EnrollmentSerializer
    filterset_class = EnrollmentFilter
    ordering = ["-enrolled_at"]
    ordering_fields = ["enrolled_at", "due_on", "completed_at"]
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Enrollment]:
        mine = Enrollment.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return mine.select_related("course").defer("course__search")

    def load(self, pk: str) -> LearnerCourse:
        course = own_course(self.request.user, int(pk))  # type: ignore[arg-type]
        if course is None:
            raise Http404
        return course

    def load_step(self, pk: str, module: str, lesson: str) -> tuple[LearnerCourse, Step]:
        course = self.load(pk)
        step = course.plan.find(module, lesson)
        if step is None:
            raise Http404
        return course, step

    def answer(self, pk: int | str, status: int = 200) -> Response:
        """The enrolment as it is in the database after an act."""
        course = self.load(str(pk))
        detail = EnrollmentDetailSerializer(course.enrollment, context={"course": course})
        return Response(detail.data, status=status)

    # --- The enrolment ----------------------------------------------------------------------------------------------

    @extend_schema(
        summary="Enrol",
        request=NewEnrollmentSerializer,
        responses={201: EnrollmentDetailSerializer, 409: REFUSED},
    )
    def create(self, request: Request) -> Response:
        """Enrolling twice answers the open enrolment; enrolling after leaving opens it again with all that was done."""
        asked = NewEnrollmentSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        enrollment = services.enroll(
            request.user,  # type: ignore[arg-type]
            values["course"],
            country=values["country"],
            language=values["language"],
            organisation=values.get("organisation"),
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )
        return self.answer(enrollment.pk, status=status.HTTP_201_CREATED)

    @extend_schema(summary="One enrolment with its outline", responses=EnrollmentDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.answer(pk)

    @extend_schema(
        summary="Choose language and country",
        request=PlacesSerializer,
        responses={200: EnrollmentDetailSerializer, 409: REFUSED},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        course = self.load(pk)
        asked = PlacesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if country := asked.validated_data.get("country"):
            services.set_country(course.enrollment, country, at=timezone.now())
        if language := asked.validated_data.get("language"):
            services.set_language(course.enrollment, language, at=timezone.now())
        return self.answer(pk)

    @extend_schema(
        summary="Leave the course", request=None, responses={200: EnrollmentDetailSerializer, 409: REFUSED}
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """What was done is kept. Twice changes nothing."""
        services.withdraw(self.load(pk).enrollment, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        return self.answer(pk)

    # --- Newer versions ---------------------------------------------------------------------------------------------

    def load_offer(self, pk: str, offer: str) -> Offer:
        found = Offer.objects.filter(pk=offer, pin__enrollment=self.load(pk).enrollment).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(
        summary="Newer versions that wait for my answer", responses=OfferSerializer(many=True), filters=False
    )
    @action(detail=True, pagination_class=None)
    def offers(self, request: Request, pk: str) -> Response:
        found = offers_on_page(self.load(pk), reading=get_language() or "en")
        return Response(OfferSerializer(found, many=True).data)

    @extend_schema(
        summary="Take a newer version",
        parameters=[OFFER_IN_PATH],
        request=TakeSerializer,
        responses={200: EnrollmentDetailSerializer, 409: REFUSED},
    )
    @action(detail=True, methods=["post"], url_path=f"{OFFER}/take")
    def take(self, request: Request, pk: str, offer: str) -> Response:
        """What is done stays done, but for the lessons named in `again`. Twice changes nothing."""
        loaded, asked = self.load_offer(pk, offer), TakeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        again = asked.validated_data["again"]
        services.take_offer(loaded, again=again, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        return self.answer(pk)

    @extend_schema(
        summary="Stay with the version I read",
        parameters=[OFFER_IN_PATH],
        request=None,
        responses={200: EnrollmentDetailSerializer, 409: REFUSED},
    )
    @action(detail=True, methods=["post"], url_path=f"{OFFER}/keep")
    def keep(self, request: Request, pk: str, offer: str) -> Response:
        """Twice changes nothing."""
        services.keep_revision(self.load_offer(pk, offer), by=request.user, at=timezone.now())  # type: ignore[arg-type]
        return self.answer(pk)

    # --- Lessons ----------------------------------------------------------------------------------------------------

    @extend_schema(summary="A lesson as I read it", parameters=IN_PATH, responses=LessonSerializer)
    @action(detail=True, url_path=LESSON)
    def lesson(self, request: Request, pk: str, module: str, lesson: str) -> Response:
        course, step = self.load_step(pk, module, lesson)
        if step.is_quiz:
            raise Http404
        return Response(LessonSerializer(lesson_page(course, step, on=timezone.localdate())).data)

    @extend_schema(
        summary="Mark a lesson done",
        parameters=IN_PATH,
        request=None,
        responses={200: EnrollmentDetailSerializer, 409: REFUSED},
    )
    @action(detail=True, methods=["post"], url_path=f"{LESSON}/complete")
    def complete(self, request: Request, pk: str, module: str, lesson: str) -> Response:
        """A second call changes nothing."""
        course, step = self.load_step(pk, module, lesson)
        services.complete_lesson(course, step, at=timezone.now())
        return self.answer(pk)

    @extend_schema(
        summary="Take a lesson back",
        parameters=IN_PATH,
        request=None,
        responses={200: EnrollmentDetailSerializer, 409: REFUSED},
    )
    @action(detail=True, methods=["post"], url_path=f"{LESSON}/undo")
    def undo(self, request: Request, pk: str, module: str, lesson: str) -> Response:
        course, step = self.load_step(pk, module, lesson)
        services.undo_lesson(course, step, at=timezone.now())
        return self.answer(pk)

    # --- Quizzes ----------------------------------------------------------------------------------------------------

    def load_quiz(self, pk: str, module: str, lesson: str) -> tuple[LearnerCourse, Step]:
        course, step = self.load_step(pk, module, lesson)
        if not step.is_quiz:
            raise Http404
        return course, step

    @extend_schema(
        summary="Start a quiz",
        parameters=IN_PATH,
        request=None,
        responses={200: AttemptSerializer, 409: REFUSED},
    )
    @action(detail=True, methods=["post"], url_path=f"{LESSON}/start")
    def start(self, request: Request, pk: str, module: str, lesson: str) -> Response:
        """The attempt that is open, or a new one."""
        course, step = self.load_quiz(pk, module, lesson)
        attempt = services.start_attempt(course, step, at=timezone.now())
        return Response(AttemptSerializer(answer_sheet(attempt)).data)

    @extend_schema(
        summary="Hand in a quiz",
        parameters=IN_PATH,
        request=AnswersSerializer,
        responses={200: ResultSerializer, 400: REFUSED, 409: REFUSED, 422: REFUSED},
    )
    @action(detail=True, methods=["post"], url_path=f"{LESSON}/submit")
    def submit(self, request: Request, pk: str, module: str, lesson: str) -> Response:
        """Marked once; handed in twice, the same result comes back. 422: something is missing, the rest is kept."""
        course, step = self.load_quiz(pk, module, lesson)
        asked = AnswersSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answers: dict[int, Any] = asked.validated_data["answers"]
        attempt = services.submit_attempt(
            course, step, lambda attempt: numbered_answers(attempt, answers), at=timezone.now()
        )
        return Response(ResultSerializer(result_of(attempt)).data)
