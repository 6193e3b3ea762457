"""What the studio shows of a course's certificate: its definition, and the file of the course, in which it stands."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import permissions
from courses.models import Course
from courses.selectors.studio.courses import courses_in_studio
from courses.selectors.words import said
from lms.accounts.signed_in import me
from lms.lib.refusals import refusals_in

from ..course_files import write_course_file
from ..definition_forms import DefinitionForm
from ..services import define_certificate


def load(request: HttpRequest, slug: str, *, to_edit: bool) -> Course:
    """For authors and publishers: what may not be seen is not there (404), what is not theirs says so (403)."""
    if not me(request).works_in_studio:
        raise PermissionDenied
    course = get_object_or_404(courses_in_studio(request.user), slug=slug)
    allow = permissions.can_edit_course if to_edit else permissions.can_work_on_course
    if not allow(permissions.hats_of(request.user), course):
        raise PermissionDenied
    return course


@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, slug: str) -> HttpResponse:
    """What the course's certificate is. A change makes its next version; what is issued stays as it is."""
    course = load(request, slug, to_edit=True)
    form = DefinitionForm(request.POST if request.method == "POST" else None, course=course)
    if form.is_valid():
        with refusals_in(form):
            define_certificate(course, **form.definition, by=me(request), at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("studio_course", slug)
    title = said(course.title, get_language() or "en")
    crumbs = [(reverse("studio"), _("Studio")), (reverse("studio_course", args=[slug]), str(title))]
    context = {"form": form, "course": course, "title": title, "crumbs": crumbs}
    status = 422 if form.is_bound else 200
    return render(request, "certificates/definition.html", context, status=status)


@require_safe
def course_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The course as the YAML file that `course_import` reads."""
    course = load(request, slug, to_edit=False)
    headers = {"Content-Disposition": f'attachment; filename="{course.slug}.yaml"'}
    return HttpResponse(
        write_course_file(course), content_type="application/yaml; charset=utf-8", headers=headers
    )
