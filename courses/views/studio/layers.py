"""A national layer in the studio: where it begins, its panels, the languages it speaks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from lms.accounts.signed_in import me
from lms.lib.fragments import wants_fragment
from lms.lib.places import LANDS, country_name, language_name
from lms.lib.refusals import refusals_in

from ... import services
from ...content import KEY
from ...errors import TextHasChanged
from ...forms_layer import NewLanguageForm, NewLayerForm, PanelForm, PanelPlaceForm, free_languages
from ...models import Edition, Module, Revision
from ...preview import Sources, choices
from ...selectors import current_programme
from ...selectors.layer_drafts import Place, version_of_panel
from ...selectors.studio.differences import changed_lines
from ...selectors.studio.editor import states_of
from ...selectors.studio.layers import PanelPage, panel_page, places_to_move, scaffold
from ...services.writing import ASIDE, tidy
from .access import allow, studio_only
from .comments import beside
from .drafts import as_choices, own_organisations
from .editor import ALL, around, load_draft, must_be_draft, on_draft, outline_crumb

Kind = Edition.Kind


def load_layer(request: HttpRequest, pk: int) -> Revision:
    draft = load_draft(request, pk, Kind.LAYER)
    must_be_draft(draft)
    return draft


# --- Where it begins --------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
def start_layer(request: HttpRequest, key: str) -> HttpResponse:
    """In the name of a partner the person writes for; whatever is published may be adapted by any of them."""
    module = get_object_or_404(Module.objects.visible_to(request.user).select_related("owner"), key=key)
    organisations = own_organisations(request)
    allow(bool(organisations))
    free = free_countries(module)
    asked = request.GET.get("country", "")
    country = asked if asked in dict(free) else ""
    form = NewLayerForm(
        request.POST if request.method == "POST" else None,
        countries=free,
        organisations=sorted(
            as_choices(organisations), key=lambda each: organisations[each[0]].country != country
        ),
        initial={"country": country, "source_language": "en"},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            draft = services.start_layer(
                module,
                form.cleaned_data["country"],
                source_language=form.cleaned_data["source_language"],
                owner=organisations[form.cleaned_data["owner"]],
                by=me(request),
                at=timezone.now(),
            )
            return redirect("studio_edit", draft.pk)
    context = {
        "form": form,
        "module": module,
        "scaffold": scaffold(module, country),
        "crumbs": [(reverse("studio"), _("Studio"))],
    }
    return render(request, "courses/studio/layer/start.html", context, status=422 if form.errors else 200)


def free_countries(module: Module) -> list[tuple[str, str]]:
    """The programme's countries first; every other land may have a layer too."""
    taken = set(module.editions.values_list("country", flat=True))
    ours = set(current_programme().countries)
    free = sorted(
        (code for code in LANDS if code not in taken), key=lambda code: (code not in ours, country_name(code))
    )
    return [(code, country_name(code)) for code in free]


# --- One panel --------------------------------------------------------------------------------------------------------


@require_http_methods(ALL)
@studio_only
@vary_on_headers("HX-Request")
@on_draft
def panel(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """`?anchor=…&language=…`. htmx saves it while it is typed and gets only what is said about the save."""
    draft = load_layer(request, pk)
    page = load_panel(request, draft, key)
    if request.method != "POST":
        return page_of(request, page, form_of(page))
    form = form_of(page, request.POST)
    if not form.is_valid():
        return after_save(request, page, form, status=422)
    try:
        save(request, page, form)
    except TextHasChanged as refusal:
        return conflict(request, page, refusal)
    act = request.POST.get("act", "")
    if not wants_fragment(request):  # type: ignore[arg-type]
        messages.success(request, _("Saved."))
        return redirect(f"{address(draft, page.place)}{'#facts' if act else ''}")
    fresh = panel_page(draft, page.place)
    assert fresh is not None
    return trigger_client_event(after_save(request, fresh, form), "saved")


def load_panel(request: HttpRequest, draft: Revision, key: str) -> PanelPage:
    language = request.GET.get("language", "") or draft.meta["source_language"]
    page = panel_page(draft, place_named(key, request.GET.get("anchor", ""), language))
    if page is None:
        raise Http404
    return page


def place_named(*names: str) -> Place:
    """What could not even be a key names no place; PostgreSQL would refuse to look for some of it."""
    if any(name and not KEY.fullmatch(name) for name in names):
        raise Http404
    return Place(*names)


def address(draft: Revision, place: Place) -> str:
    said = {"anchor": place.anchor, "language": place.language}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse('studio_panel', args=[draft.pk, place.lesson])}?{query}"


def code_of(place: Place) -> str:
    """As comments name it."""
    return f"panel/{place.lesson}/{place.anchor}/{place.language}"


def form_of(page: PanelPage, data: Any = None) -> PanelForm:
    known = list(page.draft.statements.values_list("fact__key", flat=True))
    initial = {"base": page.version, "body": page.panel.body if page.panel else "", "facts": page.facts}
    return PanelForm(data, known=known, initial=initial)


def save(request: HttpRequest, page: PanelPage, form: PanelForm) -> None:
    said = form.cleaned_data
    services.save_panel(
        page.draft,
        page.place,
        tidy(said["body"]),
        base=said["base"],
        facts=form.ordered(request.POST.get("act", "")) if page.original is None else None,
        by=me(request),
        at=timezone.now(),
        is_autosave=wants_fragment(request),  # type: ignore[arg-type]
    )


def page_of(request: HttpRequest, page: PanelPage, form: PanelForm, *, status: int = 200) -> HttpResponse:
    sources = Sources(page.draft, language=page.language, country=page.draft.edition.country)
    texts = dict(page.draft.statements.values_list("fact__key", "texts"))
    source = page.draft.meta["source_language"]
    shown = [(key, texts.get(key, {}).get(source, "")) for key in form["facts"].value() or ()]
    context = around(page.draft, outline_crumb(page.draft)) | {
        "page": page,
        "form": form,
        **beside(request, page.draft, code_of(page.place), page.panel, read_at=f"lesson/{page.place.lesson}"),
        "here": address(page.draft, page.place),
        "shown": shown,
        "places": PanelPlaceForm(places=places_to_move(page.draft, page.place)),
        "written": [
            (
                code,
                language_name(code),
                address(page.draft, Place(page.place.lesson, page.place.anchor, code)),
            )
            for code in page.draft.meta["languages"]
        ],
        "languages": choices(sources.languages, sources.language, language_name),
        "countries": choices(sources.countries, sources.country, country_name),
    }
    return render(request, "courses/studio/layer/panel.html", context, status=status)


def after_save(request: HttpRequest, page: PanelPage, form: PanelForm, *, status: int = 200) -> HttpResponse:
    if not wants_fragment(request):  # type: ignore[arg-type]
        return page_of(request, page, form, status=status)
    context = {
        "draft": page.draft,
        "page": page,
        "form": form,
        "base": page.version,
        "saved_at": timezone.localtime() if status == 200 else None,
        "is_fragment": True,
    }
    return render(request, "courses/studio/editor/_saved.html", context, status=status)


def conflict(request: HttpRequest, page: PanelPage, refusal: TextHasChanged) -> HttpResponse:
    """Both texts beside each other. What is sent next starts from the other text, so it takes its place knowingly."""
    fresh = panel_page(page.draft, page.place)
    assert fresh is not None
    if wants_fragment(request):  # type: ignore[arg-type]
        context = {"page": fresh, "refusal": refusal, "is_fragment": True}
        return render(request, "courses/studio/editor/_saved.html", context, status=422)
    data = request.POST.copy()
    data["base"] = version_of_panel(fresh.panel)
    form = form_of(fresh, data)
    form.is_valid()
    del form.fields["attach"]
    theirs = fresh.panel.body if fresh.panel else ""
    context = around(page.draft, outline_crumb(page.draft)) | {
        "page": fresh,
        "text": {"body": theirs},
        "form": form,
        "here": address(page.draft, page.place),
        "refusal": refusal,
        "other": next((each for each in states_of(page.draft) if not each.act.startswith(ASIDE)), None),
        "lines": list(changed_lines(theirs.splitlines(), tidy(form.cleaned_data["body"]).splitlines())),
    }
    return render(request, "courses/studio/editor/conflict.html", context, status=409)


@require_POST
@studio_only
@on_draft
def move_panel(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """`anchor` from where, `to` where: "lesson anchor"."""
    draft = load_layer(request, pk)
    lesson, _space, anchor = request.POST.get("to", "").partition(" ")
    source = draft.meta["source_language"]
    to = place_named(lesson, anchor, source)
    place = place_named(key, request.POST.get("anchor", ""), source)
    services.move_panel(draft, place, to, by=me(request), at=timezone.now())
    messages.success(request, _("The panel stands there now, in all its languages."))
    return redirect(address(draft, to))


@require_POST
@studio_only
@on_draft
def remove_panel(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """`anchor`; and `language`, without which it goes in all languages."""
    draft = load_layer(request, pk)
    place = place_named(key, request.POST.get("anchor", ""), request.POST.get("language", ""))
    state = services.remove_panel(draft, place, by=me(request), at=timezone.now())
    return redirect(f"{reverse('studio_edit', args=[pk])}?removed={state.pk}")


# --- Languages --------------------------------------------------------------------------------------------------------


@require_POST
@studio_only
@on_draft
def languages(request: HttpRequest, pk: int) -> HttpResponse:
    """`language` to add, or `remove`."""
    draft = load_layer(request, pk)
    leaving = request.POST.get("remove", "")
    if leaving:
        services.remove_language(draft, leaving, by=me(request), at=timezone.now())
    else:
        form = NewLanguageForm(request.POST, languages=free_languages(draft))
        if form.is_valid():
            services.add_language(draft, form.cleaned_data["language"], by=me(request), at=timezone.now())
        else:
            messages.error(request, _("Choose one of the languages in the list."))
    return redirect(f"{reverse('studio_edit', args=[pk])}#languages")
