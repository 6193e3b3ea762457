"""The people of the demonstration. All of them are invented; every address ends in example.org."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

PASSWORD = "demo"  # noqa: S105  (public on purpose; the demonstration has a database of its own)


class Login(TypedDict):
    email: str
    role: object
    description: object


# The logins offered on the page and printed by `make demo`, in the order in which one would try them.
DEMO_LOGINS: list[Login] = [
    {
        "email": "learner-fi@example.org",
        "role": _("Learner in Finland"),
        "description": _("Reads in Swedish, is half through a course."),
    },
    {
        "email": "learner-no@example.org",
        "role": _("Learner in Norway"),
        "description": _("Has completed a course and holds a certificate."),
    },
    {
        "email": "author@example.org",
        "role": _("Author"),
        "description": _("Writes modules for OCC Incubator and imports them."),
    },
    {
        "email": "publisher@example.org",
        "role": _("Publisher in Sweden"),
        "description": _("Approves and publishes for Läkemedelsakademin."),
    },
    {
        "email": "publisher-no@example.org",
        "role": _("Publisher in Norway"),
        "description": _("Approves and publishes for OCC Incubator and LMI."),
    },
    {
        "email": "coordinator@example.org",
        "role": _("Coordinator"),
        "description": _("Enrols and follows the people of Läkemedelsakademin."),
    },
    {
        "email": "administrator@example.org",
        "role": _("Administrator"),
        "description": _("Issues certificates, looks after organisations and roles."),
    },
]


class Person(TypedDict):
    email: str
    name: str
    country: str
    language: str


PEOPLE: list[Person] = [
    {"email": "learner-fi@example.org", "name": "Åsa Sjöström", "country": "FI", "language": "sv"},
    {"email": "learner-no@example.org", "name": "Jørgen Ødegård", "country": "NO", "language": "nb"},
    {"email": "author@example.org", "name": "Ingrid Bakke", "country": "NO", "language": "en"},
    {"email": "publisher@example.org", "name": "Erik Lindqvist", "country": "SE", "language": "sv"},
    {"email": "publisher-no@example.org", "name": "Kari Nygård", "country": "NO", "language": "nb"},
    {"email": "publisher-fi@example.org", "name": "Päivi Mäkelä", "country": "FI", "language": "fi"},
    {"email": "coordinator@example.org", "name": "Maria Ekström", "country": "SE", "language": "sv"},
    {"email": "administrator@example.org", "name": "Sofia Hallberg", "country": "SE", "language": "en"},
]

# Colleagues whom the coordinator follows, each as far as the number of lessons says (None: all of them).
COLLEAGUES: list[tuple[Person, int | None]] = [
    ({"email": "anna.berg@example.org", "name": "Anna Berg", "country": "SE", "language": "sv"}, None),
    ({"email": "oskar.ryd@example.org", "name": "Oskar Ryd", "country": "SE", "language": "sv"}, 3),
    ({"email": "leena.salo@example.org", "name": "Leena Salo", "country": "FI", "language": "fi"}, None),
    ({"email": "jonas.holm@example.org", "name": "Jonas Holm", "country": "SE", "language": "sv"}, None),
    (
        {
            "email": "martins.kalnins@example.org",
            "name": "Mārtiņš Kalniņš",
            "country": "LV",
            "language": "en",
        },
        1,
    ),
    (
        {
            "email": "gudrun.thorsdottir@example.org",
            "name": "Guðrún Þórsdóttir",
            "country": "IS",
            "language": "en",
        },
        0,
    ),
]

# Has completed the course, but never confirmed the name: no certificate is due, and the reason shows.
NAME_UNCONFIRMED = "jonas.holm@example.org"
