"""One certificate of each kind, complete, and the hardest of them all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from certificates.documents.snapshot import Country, Holder, Issuer, Module, Partner, Printed, Signatory

SE, NO, FI, LV = (
    Country("SE", "Sweden"),
    Country("NO", "Norway"),
    Country("FI", "Finland"),
    Country("LV", "Latvia"),
)
PARTNERS = (
    Partner("Läkemedelsakademin", "LA", "#1f5c7a", SE),
    Partner("Association of the Pharmaceutical Industry in Sweden", "Lif", "#8a3b2e", SE),
    Partner("Association of the Pharmaceutical Industry in Norway", "LMI", "#2f5d3a", NO),
    Partner("The Pharmaceutical Information Centre", "PIC", "#d9a441", FI),
    Partner("Oslo Cancer Cluster Incubator", "OCCI", "#5b4b8a", NO),
)
SALT = bytes(range(32))
PUBLIC_ID = "7Q4K9M2XD1ZTB8VWHJ3RNE56PC"
VERIFY_URL = f"https://learn.example.org/v/{PUBLIC_ID}"
NAME = "Åsa Sjöström Þórðardóttir"
LONGEST_NAME = (
    "Maximilian-Alexander Þorvaldur Wilhelmsson von Weißenberg-Järvenpää "
    "Özdemiroğlu Szczęśniewska-Brzęczyszczykiewicz Ŋŧ Ŧŋ"
)


def printed(**changes: Any) -> Printed:
    facts: dict[str, Any] = {
        "kind": "passed",
        "language": "en",
        "template": "nordic",
        "template_version": 1,
        "programme": "Continuous learning for life science professionals",
        "title": "Clinical trials and medical devices in the Nordic countries",
        "description": "The shared European rules, and how they work in your country.",
        "outcomes": (
            "Explain how an application is divided into Part I and Part II",
            "Decide whether a product is a medical device, and of which class",
        ),
        "references": ("Regulation (EU) 536/2014", "Regulation (EU) 2017/745"),
        "hours": Decimal("5.50"),
        "level": "",
        "assessment": "",
        "participation": "",
        "quality": "",
        "modules": (
            Module("Clinical trials under Regulation (EU) 536/2014 and CTIS", 1, FI, 2, date(2026, 11, 12)),
            Module("Medical devices: qualification and classification", 3, LV, None, date(2026, 11, 18)),
        ),
        "completed_on": date(2026, 11, 18),
        "issued_at": datetime(2026, 11, 20, 8, 15, tzinfo=UTC),
        "issued_on": date(2026, 11, 20),
        "valid_until": date(2029, 11, 18),
        "issuer": Issuer("Läkemedelsakademin", SE),
        "partners": PARTNERS,
        "signatories": (Signatory("Agneta Lindqvist", "Programme lead", "Läkemedelsakademin"),),
        "serial": "NLS-2026-000123-7",
        "public_id": PUBLIC_ID,
        "verify_url": VERIFY_URL,
        "demonstration": False,
        "sealed": False,
    }
    return Printed(**{**facts, **changes})


def fullest(**changes: Any) -> Printed:
    """Long titles, twelve modules, ten outcomes, five partners, three signatories."""
    signatory = Signatory("Agneta Lindqvist", "Head of training", PARTNERS[2].name)
    return printed(
        title="Clinical trials under Regulation (EU) 536/2014, medical devices, pharmacovigilance essentials "
        "and health technology assessment for life science professionals in the Nordic and Baltic countries",
        description="From the first question to an authorised trial, from an idea to a device on the market. "
        * 5,
        modules=tuple(
            Module(
                f"Module {n}: qualification, classification and route to market",
                n,
                LV,
                None,
                date(2026, 1, n),
            )
            for n in range(1, 13)
        ),
        outcomes=("Explain how an application is divided into Part I and Part II and who assesses each",)
        * 10,
        signatories=(signatory,) * 3,
        **changes,
    )


HOLDER = Holder(NAME)
