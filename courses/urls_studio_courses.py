from django.urls import path

from .views.studio import courses

COURSE = "studio/courses/<slug:slug>/"

# The page of a course also shows its certificate: `lms.urls` has its address, `certificates` those of the rest.
urlpatterns = [
    path("studio/new-course/", courses.new, name="studio_course_new"),
    path(f"{COURSE}edit/", courses.edit, name="studio_course_edit"),
    path(f"{COURSE}publish/", courses.publish, name="studio_course_publish"),
    path(f"{COURSE}close/", courses.close, name="studio_course_close"),
]
