from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from certificates.views.courses import with_certificate, with_certificates
from courses.views.studio import courses as studio_courses
from enrollment.views import courses, learning

from . import views

# The admin's own login page knows neither rate limits nor the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("accounts/login/", views.login_page, name="account_login"),
    path("accounts/", include("allauth.urls")),
    path("start/", views.start, name="start"),
    path("demonstration/login/", views.demo_login, name="demo_login"),
    path("", include("courses.urls")),
    # Pages of learning that also show certificates, put together by the one module that knows both.
    path("courses/<slug:slug>/", with_certificate(courses.course), name="course"),
    path("studio/courses/<slug:slug>/", with_certificate(studio_courses.course), name="studio_course"),
    path("learn/", with_certificates(learning.my_learning), name="my_learning"),
    path("", include("certificates.urls")),
    path("", include("enrollment.urls")),
    path("", include("lms.accounts.urls")),
    path("api/", include("lms.api")),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("contact/", views.contact, name="contact"),
    path("health/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("admin/", admin.site.urls),
]

handler400 = "lms.api.bad_request"
handler403 = "lms.api.permission_denied"
handler404 = "lms.api.page_not_found"
handler500 = "lms.api.server_error"
