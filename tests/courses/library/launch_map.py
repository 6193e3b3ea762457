"""How far each module of the programme goes at its launch: a decision of the partners, kept here as data.

A number: the layer is ready, with so many facts that are not verified yet. DRAFT: it stands, and more waits than is
settled. DISPUTED: two sources disagree, and the layer says so. A country that is missing has no layer.
"""

from dataclasses import dataclass

DRAFT = "draft"
DISPUTED = "disputed"
BALTIC_DRAFTS = {"EE": DRAFT, "LV": DRAFT, "LT": DRAFT}

PARTNER_COUNTRIES = {
    "lakemedelsakademin": "SE",
    "lif": "SE",
    "lmi": "NO",
    "occ-incubator": "NO",
    "laaketietokeskus": "FI",
}


@dataclass(frozen=True)
class Launch:
    owner: str
    hours: str
    validity_months: int | None
    layers: dict[str, int | str]


LAUNCH_MAP = {
    "landscape": Launch(
        "lakemedelsakademin", "2.0", None, {"SE": 1, "NO": 0, "FI": 0, "DK": 4, "IS": 7, **BALTIC_DRAFTS}
    ),
    "clinical-trials": Launch(
        "occ-incubator", "2.5", 36, {"SE": 0, "NO": 0, "FI": 2, "DK": DRAFT, "IS": DRAFT, **BALTIC_DRAFTS}
    ),
    "good-clinical-practice": Launch(
        "lakemedelsakademin", "4.0", 36, {"SE": DRAFT, "NO": 0, "FI": DRAFT, "DK": DRAFT}
    ),
    "pharmacovigilance": Launch(
        "laaketietokeskus",
        "2.5",
        12,
        {"SE": 1, "NO": 0, "FI": 0, "DK": DRAFT, "IS": DISPUTED, "LV": DRAFT, "LT": DRAFT},
    ),
    "medical-devices": Launch(
        "occ-incubator", "3.0", None, {"SE": 0, "NO": 0, "FI": 0, "DK": DRAFT, **BALTIC_DRAFTS}
    ),
    "clinical-evidence": Launch(
        "lakemedelsakademin", "2.5", None, {"SE": 0, "NO": 0, "FI": 0, "DK": DRAFT, "EE": DRAFT}
    ),
    "pricing-and-hta": Launch(
        "lif", "2.5", None, {"SE": 0, "NO": 1, "FI": 1, "DK": 1, "IS": 0, "LV": DRAFT, "LT": DRAFT}
    ),
    "industry-codes": Launch("lif", "2.0", 24, {"SE": 3, "NO": DRAFT, "FI": 3, "DK": DRAFT, **BALTIC_DRAFTS}),
}
