"""What every page may show: the programme's name, whether this is a demonstration, the chosen colours."""

from django.conf import settings
from django.http import HttpRequest

from courses.selectors import current_programme

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "")
    return {
        "programme": current_programme(),
        "demonstration": settings.DEMONSTRATION,
        "theme": theme if theme in THEMES else "",
        "section": section_of(request.path),
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }


def section_of(path: str) -> str:
    """What the menus may mark as current: a page at the top of the site, or what lies below one."""
    top, _slash, below = path[1:].partition("/")
    return f"/{top}/…" if below else path
