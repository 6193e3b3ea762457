from django.urls import path
from rest_framework.routers import SimpleRouter

from . import studio
from .views import CourseViewSet, FactList, ModuleViewSet

router = SimpleRouter()
router.register("courses", CourseViewSet, basename="api-course")
router.register("modules", ModuleViewSet, basename="api-module")

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
    *router.urls,
    path("modules/<str:key>/facts/", FactList.as_view(), name="api-module-facts"),
]
