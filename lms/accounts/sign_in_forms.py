"""The forms of the login package in our words: labels that stand alone, and nothing between a label and its field.

Apart from `forms`, which the package itself imports.
"""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

EMAIL, PASSWORD, NEW_PASSWORD = _("E-mail address"), _("Password"), _("New password")
AGAIN = _("The new password once more")
PASSWORD_HELP = _(
    "At least %(number)d characters and not only digits; no common password, and none like your name or address."
)


class Worded(forms.Form):
    """A form of the package with our labels; a placeholder would say the same again, and vanish while one types.

    What helps who forgot the password stands after the button, where the Tab key does not meet it on the way there.
    """

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if name in ("password", "oldpassword"):
                field.help_text = ""
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP % {"number": settings.PASSWORD_LENGTH}


class WithPassword(Worded):
    labels = {"login": EMAIL, "password": PASSWORD}


class WithCode(Worded):
    """Asks for a code of the authenticator app, or one of the recovery codes."""

    labels = {"code": _("Code")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class LoginForm(WithPassword, account.LoginForm):
    pass


class ReauthenticateForm(WithPassword, account.ReauthenticateForm):
    pass


class NewAccountForm(Worded, account.SignupForm):
    labels = {"email": EMAIL, "password1": PASSWORD}


class AddEmailForm(Worded, account.AddEmailForm):
    labels = {"email": _("New e-mail address")}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    labels = {"email": EMAIL}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    labels = {"oldpassword": _("Present password"), "password1": NEW_PASSWORD, "password2": AGAIN}


class SetPasswordForm(Worded, account.SetPasswordForm):
    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}


class AuthenticateForm(WithCode, second_factor.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(WithCode, second_factor.ReauthenticateForm):
    pass


class ActivateTOTPForm(WithCode, totp.ActivateTOTPForm):
    labels = {"code": _("The code that the app shows")}
