"""Where drafts begin and end: of an edition, a translation, a module; and given up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.models import Organisation
from lms.accounts.signed_in import me
from lms.lib.errors import DomainError
from lms.lib.refusals import refusals_in, refused

from ... import permissions, services
from ...forms_editor import NewModuleForm, NewTranslationForm
from ...models import Module, Revision
from ...selectors.drafts import free_languages
from ...selectors.studio.editions import edition_name
from ...services.writing import in_a_line
from .access import allow, load_edition_to_write, load_module, load_to_write, studio_only

ALL = ["GET", "HEAD", "POST"]


@require_POST
@studio_only
def start_draft(request: HttpRequest, pk: int) -> HttpResponse:
    edition = load_edition_to_write(request, pk)
    try:
        draft = services.start_draft(edition, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, reverse("studio_module", args=[edition.module.key]))
    return begun(request, draft)


@require_http_methods(ALL)
@studio_only
def start_translation(request: HttpRequest, key: str) -> HttpResponse:
    """In the name of a partner the person writes for; whoever may see the module here may translate it."""
    module = load_module(request, key)
    organisations = own_organisations(request)
    allow(bool(organisations))
    form = NewTranslationForm(
        request.POST if request.method == "POST" else None,
        languages=free_languages(module),
        organisations=as_choices(organisations),
        initial={"owner": preferred(organisations, module)},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            draft = services.start_translation(
                module,
                form.cleaned_data["language"],
                owner=organisations[form.cleaned_data["owner"]],
                by=me(request),
                at=timezone.now(),
            )
            return begun(request, draft)
    trail = [(reverse("studio"), _("Studio")), (reverse("studio_module", args=[module.key]), str(module))]
    context = {"form": form, "module": module, "crumbs": trail}
    return render(request, "courses/studio/translate.html", context, status=422 if form.errors else 200)


@require_http_methods(ALL)
@studio_only
def start_module(request: HttpRequest) -> HttpResponse:
    organisations = own_organisations(request)
    allow(bool(organisations))
    form = NewModuleForm(
        request.POST if request.method == "POST" else None,
        organisations=as_choices(organisations),
        initial={"source_language": "en", "licence": ""},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            return begun(request, module_from(request, form, organisations))
    context = {"form": form, "crumbs": [(reverse("studio"), _("Studio"))]}
    return render(request, "courses/studio/new_module.html", context, status=422 if form.errors else 200)


def module_from(
    request: HttpRequest, form: NewModuleForm, organisations: dict[str, Organisation]
) -> Revision:
    said = form.cleaned_data
    language = said["source_language"]
    return services.start_module(
        said["key"],
        owner=organisations[said["owner"]],
        source_language=language,
        about=form.changes({}, language),
        first_lesson=in_a_line(said["first_lesson"]),
        by=me(request),
        at=timezone.now(),
    )


def own_organisations(request: HttpRequest) -> dict[str, Organisation]:
    """The partners the person writes for, by slug."""
    mine = permissions.studio_organisations(request.user).order_by("slug").distinct()
    return {organisation.slug: organisation for organisation in mine}


def as_choices(organisations: dict[str, Organisation]) -> list[tuple[str, str]]:
    return [(slug, organisation.short_name) for slug, organisation in organisations.items()]


def preferred(organisations: dict[str, Organisation], module: Module) -> str:
    return module.owner.slug if module.owner.slug in organisations else ""


def begun(request: HttpRequest, draft: Revision) -> HttpResponse:
    return redirect("studio_edit", draft.pk)


@require_http_methods(ALL)
@studio_only
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks once more; POST does it."""
    revision = load_to_write(request, pk)
    module = revision.edition.module
    here = reverse("studio_revision", args=[revision.pk])
    if request.method != "POST":
        if not revision.is_draft:
            return redirect(here)
        context: dict[str, Any] = {
            "revision": revision,
            "name": edition_name(revision.edition),
            "crumbs": [
                (reverse("studio"), _("Studio")),
                (reverse("studio_module", args=[module.key]), str(module)),
                (here, edition_name(revision.edition)),
            ],
        }
        return render(request, "courses/studio/discard.html", context)
    try:
        services.discard(revision, by=me(request), at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, here)
    messages.success(request, _("The draft is discarded."))
    still = Module.objects.filter(pk=module.pk, editions__isnull=False).exists()
    return redirect("studio_module", module.key) if still else redirect("studio")
