from .organisations import create_organisation, update_organisation
from .people import (
    choose_language,
    confirm_name,
    create_account,
    deactivate,
    reactivate,
    update_profile,
)
from .roles import end_role, grant_role, make_administrator, take_administrator_away
from .sign_in import (
    check_credentials,
    create_token,
    note_email_changed,
    note_password_changed,
    note_second_factor_off,
    note_second_factor_on,
    revoke_token,
    token_for,
)

__all__ = [
    "check_credentials",
    "choose_language",
    "confirm_name",
    "create_account",
    "create_organisation",
    "create_token",
    "deactivate",
    "end_role",
    "grant_role",
    "make_administrator",
    "note_email_changed",
    "note_password_changed",
    "note_second_factor_off",
    "note_second_factor_on",
    "reactivate",
    "revoke_token",
    "take_administrator_away",
    "token_for",
    "update_organisation",
    "update_profile",
]
