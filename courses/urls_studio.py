from django.urls import path

from .views.studio import exporting, importing, overview, preview, revisions

REVISION = "studio/revisions/<int:pk>/"

urlpatterns = [
    path("studio/", overview.studio, name="studio"),
    path("studio/import/", importing.import_module, name="studio_import"),
    path("studio/modules/<str:key>/", overview.module, name="studio_module"),
    path("studio/modules/<str:key>/export/", exporting.export_module, name="studio_export"),
    path(REVISION, revisions.revision, name="studio_revision"),
    path(f"{REVISION}preview/", preview.preview_lesson, name="studio_preview"),
    path(f"{REVISION}submit/", revisions.submit, name="studio_submit"),
    path(f"{REVISION}send-back/", revisions.send_back, name="studio_send_back"),
    path(f"{REVISION}approve/", revisions.approve, name="studio_approve"),
    path(f"{REVISION}publish/", revisions.publish, name="studio_publish"),
]
