"""What accounts, roles and organisations refuse, and why."""

from django.utils.translation import gettext_lazy as _

from lms.lib.errors import DomainError


class AddressTaken(DomainError):
    code = "address_taken"
    message = _("There is already an account with this e-mail address.")


class RoleNeedsPartner(DomainError):
    code = "role_needs_partner"
    message = _("Only a partner of the programme has authors and publishers.")


class StillWritesContent(DomainError):
    code = "still_writes_content"
    message = _(
        "This organisation has authors or publishers. End those roles before it stops being a partner."
    )


class StillOwnsContent(DomainError):
    code = "still_owns_content"
    message = _("This organisation owns content (%(holdings)s), so it stays a partner.")


class LastAdministrator(DomainError):
    code = "last_administrator"
    message = _("This is the last administrator. Make somebody else an administrator first.")


class AccountInactive(DomainError):
    code = "account_inactive"
    message = _("This account is deactivated. Activate it first.")


class CredentialsRefused(DomainError):
    """One answer for an unknown address, a wrong password, an unconfirmed address and a deactivated account."""

    code = "credentials_refused"
    status = 400
    message = _("The e-mail address and the password do not match, or the address is not confirmed yet.")


class SecondFactorNeeded(DomainError):
    code = "second_factor_needed"
    status = 403
    message = _(
        "This account is protected by a second factor. Log in on the website and make a token in your profile."
    )
