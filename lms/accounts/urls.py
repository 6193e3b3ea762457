from django.urls import path

from .views import audit, organisations, people, preferences, profile

urlpatterns = [
    path("language/", preferences.set_language, name="set_language"),
    path("theme/", preferences.set_theme, name="set_theme"),
    path("profile/", profile.profile, name="profile"),
    path("profile/name/", profile.preview_name, name="preview_name"),
    path("profile/name/confirm/", profile.confirm_name, name="confirm_name"),
    path("profile/details/", profile.update_profile, name="update_profile"),
    path("profile/token/", profile.create_token, name="create_token"),
    path("profile/token/revoke/", profile.revoke_token, name="revoke_token"),
    path("administration/organisations/", organisations.organisations, name="organisations"),
    path("administration/organisations/new/", organisations.new_organisation, name="new_organisation"),
    path("administration/organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path(
        "administration/organisations/<slug:slug>/edit/",
        organisations.edit_organisation,
        name="edit_organisation",
    ),
    path("administration/organisations/<slug:slug>/roles/", organisations.grant_role, name="grant_role"),
    path(
        "administration/organisations/<slug:slug>/roles/<int:pk>/end/",
        organisations.end_role,
        name="end_role",
    ),
    path("administration/people/", people.people, name="people_admin"),
    path("administration/people/<int:pk>/", people.person, name="person_admin"),
    path(
        "administration/people/<int:pk>/administrator/", people.make_administrator, name="make_administrator"
    ),
    path(
        "administration/people/<int:pk>/administrator/end/",
        people.take_administrator_away,
        name="take_administrator_away",
    ),
    path("administration/people/<int:pk>/deactivate/", people.deactivate, name="deactivate_person"),
    path("administration/people/<int:pk>/reactivate/", people.reactivate, name="reactivate_person"),
    path("administration/audit/", audit.audit_trail, name="audit_trail"),
]
