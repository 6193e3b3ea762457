"""The programme of the demonstration: five partners under their real names, with plain lettered marks of our own."""

from typing import Any


def named(own: str) -> dict[str, str]:
    """Its own name, which its neighbours use too; English is for those who read none of these languages."""
    return dict.fromkeys(("nb", "sv", "fi"), own)


PROGRAMME: dict[str, Any] = {
    "title": {
        "en": "Continuous learning for life science professionals",
        "nb": "Kontinuerlig læring for fagfolk i life science",
        "sv": "Kontinuerligt lärande för yrkesverksamma inom life science",
        "fi": "Jatkuvaa oppimista life science -alan ammattilaisille",
    },
    "short_title": {
        "en": "Continuous learning",
        "nb": "Kontinuerlig læring",
        "sv": "Kontinuerligt lärande",
        "fi": "Jatkuva oppiminen",
    },
    "description": {
        "en": "Courses on medicines and medical devices for professionals in the Nordic and Baltic countries: "
        "one shared core, and what is different in your country.",
        "nb": "Kurs om legemidler og medisinsk utstyr for fagfolk i Norden og Baltikum: "
        "en felles kjerne, og det som er annerledes i ditt land.",
        "sv": "Kurser om läkemedel och medicintekniska produkter för yrkesverksamma i Norden och Baltikum: "
        "en gemensam kärna, och det som är annorlunda i ditt land.",
        "fi": "Kursseja lääkkeistä ja lääkinnällisistä laitteista Pohjoismaiden ja Baltian ammattilaisille: "
        "yhteinen osuus ja se, mikä maassasi on toisin.",
    },
    "countries": ["DK", "EE", "FI", "IS", "LV", "LT", "NO", "SE"],
    "contact_email": "contact@example.org",
}

# The grant of 2019–2022. It is over, so its funder line is printed nowhere; the record shows where it would stand.
PROJECT: dict[str, Any] = {
    "title": "Continuous learning for life science professionals",
    "number": "",
    "funder_line": {"en": "Developed with support from Nordplus Horizontal, 2019–2022"},
    "countries": ["SE", "FI", "NO"],
    "starts_on": "2019-05-01",
    "ends_on": "2022-05-31",
}

COORDINATING = "lakemedelsakademin"

PARTNERS: list[dict[str, Any]] = [
    {
        "slug": "lakemedelsakademin",
        "name": "Swedish Academy of Pharmaceutical Sciences",
        "names": named("Läkemedelsakademin"),
        "short_name": "Läkemedelsakademin",
        "letters": "LA",
        "country": "SE",
        "colour": "#1b4f72",
        "website": "https://www.lakemedelsakademin.se",
    },
    {
        "slug": "lif",
        "name": "Association of the Pharmaceutical Industry in Sweden",
        "names": named("Läkemedelsindustriföreningen"),
        "short_name": "Lif",
        "letters": "Lif",
        "country": "SE",
        "colour": "#5b3a8c",
        "website": "https://www.lif.se",
    },
    {
        "slug": "lmi",
        "name": "Association of the Pharmaceutical Industry in Norway",
        "names": named("Legemiddelindustrien"),
        "short_name": "LMI",
        "letters": "LMI",
        "country": "NO",
        "colour": "#8a3b12",
        "website": "https://www.lmi.no",
    },
    {
        "slug": "laaketietokeskus",
        "name": "The Pharmaceutical Information Centre",
        "names": named("Lääketietokeskus"),
        "short_name": "Lääketietokeskus",
        "letters": "PIC",
        "country": "FI",
        "colour": "#0b5d57",
        "website": "https://www.laaketietokeskus.fi",
    },
    {
        "slug": "occ-incubator",
        "name": "Oslo Cancer Cluster Incubator",
        "names": {},
        "short_name": "OCC Incubator",
        "letters": "OCC",
        "country": "NO",
        "colour": "#7a2048",
        "website": "https://occincubator.com",
    },
]
