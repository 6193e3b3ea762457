from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts import sign_in_forms

from .people import DEMO_LOGINS


class AddEmailForm(sign_in_forms.AddEmailForm):
    """The doors of the demonstration find their people by address, and filling it again does too."""

    def clean_email(self) -> str:
        if self.user.email in {login["email"] for login in DEMO_LOGINS}:
            raise forms.ValidationError(
                _(
                    "In the demonstration this address cannot be changed: the login page finds this person by it."
                )
            )
        address: str = super().clean_email()
        return address
