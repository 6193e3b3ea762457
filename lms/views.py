"""The front of the house: information for everybody, the state for operators, and the doors of the demonstration."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.selectors import current_programme
from enrollment.models import Enrollment
from lms.accounts.models import User
from lms.accounts.signed_in import me
from lms.lib.pdf import pdf_available
from lms.lib.places import country_name
from lms.lib.site import absolute_url
from lms.records.models import Heartbeat

CONTACT_KNOWN_FOR = timedelta(days=180)

# --- Where a person's work is -----------------------------------------------------------------------------------------


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where logging in leads, unless another page asked for it."""
    return redirect(first_page(me(request)))


def first_page(user: User) -> str:
    """The name of the page on which the person's work waits. Who learns something has that in mind first."""
    if Enrollment.objects.visible_to(user).open().exists():
        return "my_learning"
    if user.is_administrator:
        return "administration"
    if user.is_coordinator:
        return "people"
    return "studio" if user.works_in_studio else "my_learning"


# --- Information ------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "info/privacy.html", {**responsible(), "cookies": cookies()})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "info/accessibility.html")


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "info/contact.html", responsible())


def cookies() -> list[tuple[str, str, str]]:
    """Every cookie this site may set: its name, what it is for, how long it stays. A test walks the site for others."""
    two_weeks, a_year, this_visit = _("two weeks"), _("a year"), _("until you have read it")
    return [
        (settings.SESSION_COOKIE_NAME, _("It keeps you logged in."), two_weeks),
        (settings.CSRF_COOKIE_NAME, _("It protects forms: nobody else can send one in your name."), a_year),
        (settings.LANGUAGE_COOKIE_NAME, _("The language that you have chosen before you log in."), a_year),
        ("theme", _("The appearance that you have chosen."), a_year),
        ("messages", _("It carries a sentence such as “Saved.” to the next page."), this_visit),
    ]


def responsible() -> dict[str, Any]:
    """The coordinating organisation (None before there is a programme) and the partners, as a reader knows them."""
    programme = current_programme()
    return {
        "coordinator": in_words(programme.coordinator) if programme.coordinator else None,
        "partners": [in_words(partner) for partner in programme.partners],
    }


def in_words(organisation: dict[str, Any]) -> SimpleNamespace:
    """With its name in the reader's language and its country in words."""
    language = get_language() or settings.LANGUAGE_CODE
    name = organisation["names"].get(language) or organisation["name"]
    return SimpleNamespace(
        **{**organisation, "name": name}, country_name=country_name(organisation["country"])
    )


# --- For machines -----------------------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database answers, the worker lives and PDF files can be made: 200, or 503 with what is not well.

    Without PDF support only certificates wait, so that alone is no alarm. Nothing here helps an attacker: no
    versions, no addresses, no messages.
    """
    database, worker = database_and_worker()
    well = database and worker
    state = {
        "status": "ok" if well else "failing",
        "database": database,
        "worker": worker,
        "pdf": pdf_available(),
    }
    return JsonResponse(state, status=200 if well else 503)


def database_and_worker() -> tuple[bool, bool]:
    """The heartbeat is the question to the database."""
    try:
        beat = Heartbeat.objects.filter(name="worker").first()
    except DatabaseError:
        return False, False
    return True, beat is not None and beat.is_recent(timezone.now())


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Personal and working pages are of no use in a search engine. Certificates say `noindex` themselves."""
    closed = ("/accounts/", "/administration/", "/profile/", "/studio/", "/learn/", "/api/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); nothing, as long as the programme has no contact address."""
    address = current_programme().contact_email
    if not address:
        raise Http404
    until = (timezone.now() + CONTACT_KNOWN_FOR).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{address}",
        f"Expires: {until.isoformat()}",
        f"Canonical: {absolute_url(request.path)}",
        f"Preferred-Languages: {', '.join(dict(settings.LANGUAGES))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


# --- The demonstration ------------------------------------------------------------------------------------------------


def demo_logins() -> list[Any]:
    """The people of the demonstration, one press each; nobody anywhere else."""
    if not settings.DEMONSTRATION:
        return []
    from lms.demo.people import DEMO_LOGINS  # an ordinary installation never loads it

    return list(DEMO_LOGINS)


# Called when the page is drawn, because the texts are in the reader's language.
login_page = LoginView.as_view(extra_context={"demo_logins": demo_logins})


@login_not_required
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as one of the people of the demonstration. Anywhere else this address does not exist."""
    email = request.POST.get("email", "")
    if email not in {each["email"] for each in demo_logins()}:
        raise Http404
    user = get_object_or_404(User, email=email, is_active=True)
    login(request, user)
    return redirect(settings.LOGIN_REDIRECT_URL)
