from django.urls import path
from rest_framework.routers import SimpleRouter

from .programme import ProgrammeExportView, ProgrammeImportView
from .views import CertificateViewSet, IssuingJobViewSet, VerifyView

router = SimpleRouter()
router.register("certificates", CertificateViewSet, basename="api-certificate")
router.register("jobs", IssuingJobViewSet, basename="api-job")

urlpatterns = [
    *router.urls,
    path("programme/export/", ProgrammeExportView.as_view(), name="api-programme-export"),
    path("programme/import/", ProgrammeImportView.as_view(), name="api-programme-import"),
    path("verify/<str:public_id>/", VerifyView.as_view(), name="api-verify"),
]
