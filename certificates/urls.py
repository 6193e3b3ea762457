from django.urls import path, re_path

from .views import administration, holder, issuing, programme, studio, verify

REGISTERED = "administration/certificates/<str:public_id>/"

urlpatterns = [
    # Printed as /v/…, and as /V/… in the square code, which is smaller in capitals. No redirect on the way.
    re_path(r"^[vV]/(?P<public_id>[^/]+)/?$", verify.verify_certificate, name="verify_certificate"),
    path("verify/", verify.verify, name="verify"),
    path("verify/serial/", verify.verify_serial, name="verify_serial"),
    path("verify/file/", verify.verify_file, name="verify_file"),
    path("certificates/", holder.my_certificates, name="my_certificates"),
    path("certificates/<str:public_id>/", holder.certificate, name="certificate"),
    path("certificates/<str:public_id>/status/", holder.certificate_status, name="certificate_status"),
    path("certificates/<str:public_id>/download/", holder.download, name="download_certificate"),
    path("certificates/<str:public_id>/visibility/", holder.set_visibility, name="set_visibility"),
    path("studio/courses/<slug:slug>/certificate/", studio.certificate, name="studio_course_certificate"),
    path("studio/courses/<slug:slug>/export/", studio.course_file, name="studio_course_export"),
    path("studio/programme/", programme.programme, name="studio_programme"),
    path("studio/programme/export/", programme.export, name="studio_programme_export"),
    path("administration/", administration.administration, name="administration"),
    path("administration/certificates/", administration.register, name="certificate_register"),
    path("administration/certificates/due/", issuing.due, name="due_certificates"),
    path("administration/certificates/issue/", issuing.issue, name="issue_certificates"),
    path(REGISTERED, administration.registered, name="registered_certificate"),
    path(f"{REGISTERED}retry/", administration.retry, name="retry_certificate"),
    path(f"{REGISTERED}void/", administration.void, name="void_certificate"),
    path(f"{REGISTERED}correct/", administration.correct, name="correct_certificate"),
    path(f"{REGISTERED}revoke/", administration.revoke, name="revoke_certificate"),
    path(f"{REGISTERED}revoke/confirm/", administration.revoke_confirmed, name="revoke_confirmed"),
    path("administration/jobs/", issuing.jobs, name="jobs"),
    path("administration/jobs/<int:pk>/", issuing.job, name="job"),
    path("administration/jobs/<int:pk>/progress/", issuing.job_progress, name="job_progress"),
    path("administration/jobs/<int:pk>/retry/", issuing.retry_job, name="retry_job"),
    path("administration/jobs/<int:pk>/cancel/", issuing.cancel_job, name="cancel_job"),
]
