from django.urls import path
from rest_framework.routers import SimpleRouter

from . import editing, questions, studio
from .views import CourseViewSet, FactList, ModuleViewSet

router = SimpleRouter()
router.register("courses", CourseViewSet, basename="api-course")
router.register("modules", ModuleViewSet, basename="api-module")

REVISION = "revisions/<int:pk>/"

urlpatterns = [
    path("modules/import/", studio.ImportView.as_view(), name="api-module-import"),
    path("modules/<str:key>/export/", studio.ModuleExportView.as_view(), name="api-module-export"),
    path("revisions/<int:pk>/export/", studio.EditionExportView.as_view(), name="api-revision-export"),
    path("modules/<str:key>/revisions/", studio.RevisionList.as_view(), name="api-module-revisions"),
    path("revisions/<int:pk>/submit/", studio.SubmitView.as_view(), name="api-revision-submit"),
    path("revisions/<int:pk>/send-back/", studio.SendBackView.as_view(), name="api-revision-send-back"),
    path("revisions/<int:pk>/approve/", studio.ApproveView.as_view(), name="api-revision-approve"),
    path("revisions/<int:pk>/publish/", studio.PublishView.as_view(), name="api-revision-publish"),
    path("revisions/<int:pk>/publish/take-back/", studio.RecallView.as_view(), name="api-revision-recall"),
    path("revisions/<int:pk>/withdraw/", studio.WithdrawView.as_view(), name="api-revision-withdraw"),
    path("revisions/<int:pk>/withdraw/take-back/", studio.KeepView.as_view(), name="api-revision-keep"),
    path("modules/new/", editing.ModuleStartView.as_view(), name="api-module-new"),
    path("modules/<str:key>/translate/", editing.TranslationStartView.as_view(), name="api-module-translate"),
    path(f"{REVISION}draft/", editing.DraftStartView.as_view(), name="api-revision-draft"),
    path(f"{REVISION}discard/", editing.DiscardView.as_view(), name="api-revision-discard"),
    path(f"{REVISION}about/", editing.AboutView.as_view(), name="api-about"),
    path(f"{REVISION}lessons/", editing.LessonsView.as_view(), name="api-lessons"),
    path(f"{REVISION}lessons/<str:key>/", editing.LessonView.as_view(), name="api-lesson"),
    path(f"{REVISION}lessons/<str:key>/move/", editing.LessonMoveView.as_view(), name="api-lesson-move"),
    path(f"{REVISION}quizzes/<str:lesson>/", questions.QuizView.as_view(), name="api-quiz"),
    path(
        f"{REVISION}quizzes/<str:lesson>/questions/<str:key>/",
        questions.QuestionView.as_view(),
        name="api-question",
    ),
    *router.urls,
    path("modules/<str:key>/facts/", FactList.as_view(), name="api-module-facts"),
]
