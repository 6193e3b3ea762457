"""People and invitations; included by `enrollment.urls`."""

from django.urls import path

from .views import invitations, people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<slug:organisation>/", people.organisation_people, name="organisation_people"),
    path(
        "people/<slug:organisation>/learners.csv",
        people.organisation_people_csv,
        name="organisation_people_csv",
    ),
    path("people/<slug:organisation>/enrol/", people.enroll_people, name="enroll_people"),
    path("people/<slug:organisation>/invitations/", invitations.sent_invitations, name="sent_invitations"),
    path(
        "people/<slug:organisation>/invitations/<int:pk>/resend/",
        invitations.resend,
        name="resend_invitation",
    ),
    path(
        "people/<slug:organisation>/invitations/<int:pk>/withdraw/",
        invitations.withdraw,
        name="withdraw_invitation",
    ),
    path("people/<slug:organisation>/<int:enrollment>/", people.followed_learner, name="followed_learner"),
    path("people/<slug:organisation>/<int:enrollment>/due/", people.change_due_date, name="change_due_date"),
    path("people/<slug:organisation>/<int:enrollment>/end/", people.stop_following, name="stop_following"),
    path("invitations/", invitations.open_invitation, name="open_invitation"),
    path("invitations/accept/", invitations.accept, name="accept_invitation"),
    path("invitations/change-account/", invitations.change_account, name="change_account"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
