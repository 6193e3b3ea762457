"""What people may say about their work, if they like: short lists, because the programme counts them."""

from django.utils.translation import gettext_lazy as _

SECTORS = {
    "pharma": _("Pharmaceutical company"),
    "devices": _("Medical device company"),
    "biotech": _("Biotech or start-up company"),
    "cro": _("Contract research or consultancy"),
    "distribution": _("Wholesale or pharmacy"),
    "care": _("Hospital or other health care"),
    "academia": _("University or research institute"),
    "authority": _("Authority"),
    "association": _("Association or other organisation"),
    "other": _("Other"),
}

OCCUPATIONS = {
    "regulatory": _("Regulatory affairs"),
    "safety": _("Safety and pharmacovigilance"),
    "clinical": _("Clinical research"),
    "quality": _("Quality and manufacturing"),
    "distribution": _("Distribution"),
    "medical": _("Medical affairs"),
    "representative": _("Sales and product information"),
    "access": _("Market access and health economics"),
    "development": _("Research and development"),
    "teaching": _("Teaching or training"),
    "student": _("Student"),
    "other": _("Other"),
}
