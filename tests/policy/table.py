"""The policy: for every address and method, who gets what. A line too few is red, and so is a line too many.

Routes are written as the resolver knows them, regular expressions in their readable form. The words stand in `rules`.
"""

from .rules import FORBIDDEN, LOGIN, MISSING, NO_METHOD, OK, Cell, Rule, Things, existing, rule

# --- Everybody --------------------------------------------------------------------------------------------------------

PUBLIC = rule(OK)
LINK = rule(Things(public=OK))  # whoever holds the link
NO_SUCH_ACT = rule(NO_METHOD)  # of a public address
CLOSED_ACT = rule(NO_METHOD, anonymous=LOGIN)  # of an address for the signed in
NOT_HERE = rule(MISSING)
TO_LOGIN = rule(LOGIN)  # and back, when signed in

# --- The signed in ----------------------------------------------------------------------------------------------------

SIGNED_IN = rule(OK, anonymous=LOGIN)
WITH_SECOND_FACTOR = rule(OK, anonymous=LOGIN, learner=MISSING, other_learner=MISSING)
OWN = rule(Things(own=OK), anonymous=LOGIN)
CERTIFICATE = rule(Things(own=OK), anonymous=LOGIN, administrator=existing(OK))
HOLDER = rule(Things(own=OK), anonymous=LOGIN, administrator=existing(FORBIDDEN))
PUBLISHED = rule(Things(public=OK), anonymous=LOGIN)
INVITED = rule(FORBIDDEN, anonymous=LOGIN, learner=OK)

# --- Partners: authors and publishers ---------------------------------------------------------------------------------

MINE = Things(own=OK, organisation=OK, shared=OK, public=OK)


def in_studio(author: Cell, publishers: Cell) -> Rule:
    roles = {"author": author, "publisher": publishers, "other_publisher": publishers}
    return rule(FORBIDDEN, anonymous=LOGIN, **roles)


STUDIO = in_studio(OK, OK)
WORKROOM = in_studio(MINE, existing(OK))  # publishers of every partner review, so they see every draft
# The world's programme is coordinated by the academy, whose publisher is the other one.
EXCHANGE = rule(FORBIDDEN, anonymous=LOGIN, other_publisher=OK, administrator=OK)
LETTERS = in_studio(MINE, MINE)  # of readers to the owner's people, whoever reviews their drafts
WRITERS = in_studio(MINE, MINE._replace(other=FORBIDDEN))
SPEAKER = in_studio(  # one's own words are one's own
    Things(own=OK, shared=FORBIDDEN), existing(FORBIDDEN)
)
ADAPTATION = in_studio(MINE, MINE)  # whatever is published may be adapted by any partner
CHECKER = in_studio(Things(own=OK), Things())  # what somebody recorded is theirs to look at and to take back
ANNOUNCER = in_studio(MINE._replace(other=FORBIDDEN), MINE._replace(other=FORBIDDEN))
ANNOUNCEMENT = in_studio(existing(OK), existing(OK))  # of what is published: everybody who writes may know
APPROVAL = in_studio(
    Things(own=FORBIDDEN, shared=FORBIDDEN), Things(organisation=OK, shared=OK, other=FORBIDDEN)
)
PUBLICATION = in_studio(
    Things(own=FORBIDDEN, shared=FORBIDDEN), Things(organisation=OK, shared=FORBIDDEN, other=FORBIDDEN)
)

WITHDRAWAL = in_studio(Things(own=FORBIDDEN), Things(organisation=OK, other=FORBIDDEN))

# A draft of each partner, and a course of the Incubator's that is open to learners.
OWNERS = Things(own=OK, organisation=OK, public=FORBIDDEN)
OWNERS_OPEN = OWNERS._replace(public=OK)
SEEN = Things(own=FORBIDDEN, public=FORBIDDEN)


def of_courses(author: Cell, publisher: Cell) -> Rule:
    return rule(FORBIDDEN, anonymous=LOGIN, author=author, publisher=publisher, other_publisher=OWNERS)


COURSE = of_courses(OWNERS_OPEN, OWNERS_OPEN)
COURSE_EDITING = of_courses(OWNERS, OWNERS_OPEN)
COURSE_OPENING = of_courses(SEEN, OWNERS_OPEN)

ITS_PEOPLE = {"author": MINE, "publisher": MINE, "other_publisher": MINE}
CONTENT = rule(Things(public=OK), **ITS_PEOPLE)
ENROLMENT = rule(Things(public=OK), anonymous=LOGIN, **ITS_PEOPLE)
FILE = rule(
    Things(public=OK), anonymous=LOGIN, author=MINE, publisher=existing(OK), other_publisher=existing(OK)
)

# --- Coordinators, administrators, the superuser ----------------------------------------------------------------------

COORDINATORS = rule(FORBIDDEN, anonymous=LOGIN, coordinator=OK, other_coordinator=OK)
FOLLOWING = rule(
    MISSING, anonymous=LOGIN, coordinator=Things(organisation=OK), other_coordinator=Things(organisation=OK)
)
ADMINISTRATOR = rule(FORBIDDEN, anonymous=LOGIN, administrator=existing(OK))

# What only the result of a quiz may tell.
ANSWERS = ("explanation", "feedback", "reference")

# The audit trail names every object by its number, and says nothing of what is in it.
NUMBERED = ("occdraft", "occshared", "academydraft", "academyshared", "academyguest", "lmiguest")

TABLE: dict[str, Rule] = {
    # --- Information
    "GET ": PUBLIC,
    "POST ": NO_SUCH_ACT,
    "GET courses/": PUBLIC,
    "POST courses/": NO_SUCH_ACT,
    "GET courses/<slug:slug>/": CONTENT,
    "POST courses/<slug:slug>/": NO_SUCH_ACT,
    "GET facts/<str:key>/": LINK,
    "POST facts/<str:key>/": NO_SUCH_ACT,
    "GET facts/<str:key>/suggest/": PUBLISHED,
    "POST facts/<str:key>/suggest/": PUBLISHED,
    "GET suggest/<str:module>/<str:lesson>/": PUBLISHED,
    "POST suggest/<str:module>/<str:lesson>/": PUBLISHED,
    "GET suggestions/": SIGNED_IN,
    "POST suggestions/": CLOSED_ACT,
    "GET suggestions/<int:pk>/withdraw/": OWN,
    "POST suggestions/<int:pk>/withdraw/": OWN,
    "GET files/<str:sha256>/<str:name>": FILE,
    "POST files/<str:sha256>/<str:name>": CLOSED_ACT,
    "GET privacy/": PUBLIC,
    "POST privacy/": NO_SUCH_ACT,
    "GET accessibility/": PUBLIC,
    "POST accessibility/": NO_SUCH_ACT,
    "GET contact/": PUBLIC,
    "POST contact/": NO_SUCH_ACT,
    "GET health/": PUBLIC,
    "POST health/": NO_SUCH_ACT,
    "GET robots.txt": PUBLIC,
    "POST robots.txt": NO_SUCH_ACT,
    "GET .well-known/security.txt": PUBLIC,
    "POST .well-known/security.txt": NO_SUCH_ACT,
    "GET language/": NO_SUCH_ACT,
    "POST language/": PUBLIC,
    "GET theme/": NO_SUCH_ACT,
    "POST theme/": PUBLIC,
    # --- Sign-in: whoever has no business at a step of it is led on
    "GET accounts/login/": PUBLIC,
    "POST accounts/login/": PUBLIC,
    "PUT accounts/login/": PUBLIC,
    "GET accounts/login/code/confirm/": PUBLIC,
    "POST accounts/login/code/confirm/": PUBLIC,
    "PUT accounts/login/code/confirm/": PUBLIC,
    "GET accounts/2fa/authenticate/": PUBLIC,
    "POST accounts/2fa/authenticate/": PUBLIC,
    "GET accounts/logout/": PUBLIC,
    "POST accounts/logout/": PUBLIC,
    "GET accounts/inactive/": PUBLIC,
    "GET accounts/signup/": PUBLIC,
    "POST accounts/signup/": PUBLIC,
    "PUT accounts/signup/": PUBLIC,
    "GET accounts/confirm-email/": PUBLIC,
    "POST accounts/confirm-email/": NO_SUCH_ACT,
    "GET accounts/confirm-email/<key>/": PUBLIC.showing("learner"),  # a wrong key says so on the same page
    "POST accounts/confirm-email/<key>/": LINK,
    "GET accounts/password/reset/": PUBLIC,
    "POST accounts/password/reset/": PUBLIC,
    "PUT accounts/password/reset/": PUBLIC,
    "GET accounts/password/reset/done/": PUBLIC,
    "GET accounts/password/reset/key/done/": PUBLIC,
    "GET accounts/password/reset/key/<uidb36>-<key>/": PUBLIC,  # a wrong key says so on the same page
    "POST accounts/password/reset/key/<uidb36>-<key>/": PUBLIC,
    "PUT accounts/password/reset/key/<uidb36>-<key>/": PUBLIC,
    "GET demonstration/login/": NO_SUCH_ACT,
    "POST demonstration/login/": NOT_HERE,
    # --- One's own account
    "GET accounts/reauthenticate/": SIGNED_IN,
    "POST accounts/reauthenticate/": SIGNED_IN,
    "PUT accounts/reauthenticate/": SIGNED_IN,
    "GET accounts/email/": SIGNED_IN,
    "POST accounts/email/": SIGNED_IN,
    "PUT accounts/email/": SIGNED_IN,
    "GET accounts/password/change/": SIGNED_IN,
    "POST accounts/password/change/": SIGNED_IN,
    "PUT accounts/password/change/": SIGNED_IN,
    "GET accounts/password/set/": SIGNED_IN,
    "POST accounts/password/set/": SIGNED_IN,
    "PUT accounts/password/set/": SIGNED_IN,
    "GET accounts/2fa/": SIGNED_IN,
    "GET accounts/2fa/reauthenticate/": SIGNED_IN,
    "POST accounts/2fa/reauthenticate/": SIGNED_IN,
    "PUT accounts/2fa/reauthenticate/": SIGNED_IN,
    "GET accounts/2fa/totp/activate/": SIGNED_IN,
    "POST accounts/2fa/totp/activate/": SIGNED_IN,
    "PUT accounts/2fa/totp/activate/": SIGNED_IN,
    "GET accounts/2fa/totp/deactivate/": WITH_SECOND_FACTOR,
    "POST accounts/2fa/totp/deactivate/": WITH_SECOND_FACTOR,
    "PUT accounts/2fa/totp/deactivate/": WITH_SECOND_FACTOR,
    "GET accounts/2fa/recovery-codes/": WITH_SECOND_FACTOR,
    "GET accounts/2fa/recovery-codes/generate/": SIGNED_IN,
    "POST accounts/2fa/recovery-codes/generate/": SIGNED_IN,
    "PUT accounts/2fa/recovery-codes/generate/": SIGNED_IN,
    "GET accounts/2fa/recovery-codes/download/": WITH_SECOND_FACTOR,
    "GET profile/": SIGNED_IN,
    "POST profile/": CLOSED_ACT,
    "GET profile/name/": CLOSED_ACT,
    "POST profile/name/": SIGNED_IN,
    "GET profile/name/confirm/": CLOSED_ACT,
    "POST profile/name/confirm/": SIGNED_IN,
    "GET profile/details/": CLOSED_ACT,
    "POST profile/details/": SIGNED_IN,
    "GET profile/token/": CLOSED_ACT,
    "POST profile/token/": SIGNED_IN,
    "GET profile/token/revoke/": CLOSED_ACT,
    "POST profile/token/revoke/": SIGNED_IN,
    # --- Learning
    "GET courses/<slug:slug>/enrol/": ENROLMENT,
    "POST courses/<slug:slug>/enrol/": ENROLMENT,
    "GET start/": SIGNED_IN,
    "POST start/": CLOSED_ACT,
    "GET learn/": SIGNED_IN,
    "POST learn/": CLOSED_ACT,
    "GET learn/<slug:slug>/": OWN,
    "POST learn/<slug:slug>/": CLOSED_ACT,
    "GET learn/<slug:slug>/leave/": OWN,
    "POST learn/<slug:slug>/leave/": OWN,
    "GET learn/<slug:slug>/language/": CLOSED_ACT,
    "POST learn/<slug:slug>/language/": OWN,
    "GET learn/<slug:slug>/country/": CLOSED_ACT,
    "POST learn/<slug:slug>/country/": OWN,
    "GET learn/<slug:slug>/newer/": OWN,
    "POST learn/<slug:slug>/newer/": CLOSED_ACT,
    "GET learn/<slug:slug>/newer/<int:pk>/take/": CLOSED_ACT,
    "POST learn/<slug:slug>/newer/<int:pk>/take/": OWN,
    "GET learn/<slug:slug>/newer/<int:pk>/keep/": CLOSED_ACT,
    "POST learn/<slug:slug>/newer/<int:pk>/keep/": OWN,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/": OWN,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/": CLOSED_ACT,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/done/": CLOSED_ACT,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/done/": OWN,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/undo/": CLOSED_ACT,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/undo/": OWN,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/visit/": CLOSED_ACT,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/visit/": OWN,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/compare/": OWN,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/compare/": CLOSED_ACT,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/start/": CLOSED_ACT,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/start/": OWN,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/attempt/": OWN,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/attempt/": CLOSED_ACT,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/answers/": CLOSED_ACT,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/answers/": OWN,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/submit/": CLOSED_ACT,
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/submit/": OWN,
    "GET learn/<slug:slug>/<str:module>/<str:lesson>/result/": OWN.showing(*ANSWERS),
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/result/": CLOSED_ACT,
    # --- Invitations: everybody here has followed the learner's
    "GET invitations/<str:token>/": LINK,
    "POST invitations/<str:token>/": NO_SUCH_ACT,
    "GET invitations/": PUBLIC,
    "POST invitations/": NO_SUCH_ACT,
    "GET invitations/accept/": CLOSED_ACT,
    "POST invitations/accept/": INVITED,
    "GET invitations/change-account/": NO_SUCH_ACT,
    "POST invitations/change-account/": TO_LOGIN,
    # --- Certificates: the code opens the public page, unless the holder hides it
    "GET [vV]/<public_id>/": LINK.showing("learner"),
    "POST [vV]/<public_id>/": NO_SUCH_ACT,
    "GET verify/": PUBLIC,
    "POST verify/": NO_SUCH_ACT,
    "GET verify/serial/": NO_SUCH_ACT,
    "POST verify/serial/": PUBLIC.showing("learner"),
    "GET verify/file/": NO_SUCH_ACT,
    "POST verify/file/": PUBLIC.showing("learner"),
    "GET certificates/": SIGNED_IN,
    "POST certificates/": CLOSED_ACT,
    "GET certificates/<str:public_id>/": CERTIFICATE,
    "POST certificates/<str:public_id>/": CLOSED_ACT,
    "GET certificates/<str:public_id>/status/": CERTIFICATE,
    "POST certificates/<str:public_id>/status/": CLOSED_ACT,
    "GET certificates/<str:public_id>/download/": CERTIFICATE,
    "POST certificates/<str:public_id>/download/": CLOSED_ACT,
    "GET certificates/<str:public_id>/visibility/": CLOSED_ACT,
    "POST certificates/<str:public_id>/visibility/": HOLDER,
    # --- Studio
    "GET studio/": STUDIO,
    "POST studio/": CLOSED_ACT,
    "GET studio/import/": STUDIO,
    "POST studio/import/": STUDIO,
    "GET studio/modules/<str:key>/": WORKROOM,
    "POST studio/modules/<str:key>/": CLOSED_ACT,
    "GET studio/modules/<str:key>/export/": WRITERS,
    "POST studio/modules/<str:key>/export/": CLOSED_ACT,
    "GET studio/programme/": EXCHANGE,
    "POST studio/programme/": EXCHANGE,
    "GET studio/programme/export/": EXCHANGE.showing(*ANSWERS),
    "POST studio/programme/export/": CLOSED_ACT,
    "GET studio/new-course/": STUDIO,
    "POST studio/new-course/": STUDIO,
    "GET studio/courses/<slug:slug>/": COURSE,
    "POST studio/courses/<slug:slug>/": CLOSED_ACT,
    "GET studio/courses/<slug:slug>/edit/": COURSE_EDITING,
    "POST studio/courses/<slug:slug>/edit/": COURSE_EDITING,
    "GET studio/courses/<slug:slug>/publish/": COURSE_OPENING,
    "POST studio/courses/<slug:slug>/publish/": COURSE_OPENING,
    "GET studio/courses/<slug:slug>/close/": COURSE_OPENING,
    "POST studio/courses/<slug:slug>/close/": COURSE_OPENING,
    "GET studio/courses/<slug:slug>/certificate/": COURSE_EDITING,
    "POST studio/courses/<slug:slug>/certificate/": COURSE_EDITING,
    "GET studio/courses/<slug:slug>/export/": COURSE,
    "POST studio/courses/<slug:slug>/export/": CLOSED_ACT,
    "GET studio/new/": STUDIO,
    "POST studio/new/": STUDIO,
    "GET studio/modules/<str:key>/translate/": WORKROOM,
    "POST studio/modules/<str:key>/translate/": WORKROOM,
    "GET studio/revisions/<int:pk>/comments/": WORKROOM,
    "POST studio/revisions/<int:pk>/comments/": WORKROOM,
    "GET studio/revisions/<int:pk>/comments/<int:thread>/answer/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/comments/<int:thread>/answer/": WORKROOM,
    "GET studio/revisions/<int:pk>/comments/<int:thread>/resolve/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/comments/<int:thread>/resolve/": WORKROOM,
    "GET studio/revisions/<int:pk>/comments/<int:thread>/reopen/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/comments/<int:thread>/reopen/": WORKROOM,
    "GET studio/revisions/<int:pk>/comments/said/<int:comment>/": SPEAKER,
    "POST studio/revisions/<int:pk>/comments/said/<int:comment>/": SPEAKER,
    "GET studio/revisions/<int:pk>/comments/said/<int:comment>/delete/": SPEAKER,
    "POST studio/revisions/<int:pk>/comments/said/<int:comment>/delete/": SPEAKER,
    "GET studio/modules/<str:key>/adapt/": ADAPTATION,
    "POST studio/modules/<str:key>/adapt/": ADAPTATION,
    "POST studio/revisions/<int:pk>/languages/": WRITERS,
    "GET studio/revisions/<int:pk>/languages/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/panels/<str:key>/": WRITERS,
    "POST studio/revisions/<int:pk>/panels/<str:key>/": WRITERS,
    "GET studio/revisions/<int:pk>/panels/<str:key>/move/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/panels/<str:key>/move/": WRITERS,
    "GET studio/revisions/<int:pk>/panels/<str:key>/remove/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/panels/<str:key>/remove/": WRITERS,
    "GET studio/revisions/<int:pk>/new-fact/": WRITERS,
    "POST studio/revisions/<int:pk>/new-fact/": WRITERS,
    "GET studio/revisions/<int:pk>/facts/<str:key>/": WRITERS,
    "POST studio/revisions/<int:pk>/facts/<str:key>/": WRITERS,
    "GET studio/revisions/<int:pk>/facts/<str:key>/remove/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/facts/<str:key>/remove/": WRITERS,
    "GET studio/suggestions/": STUDIO,
    "POST studio/suggestions/": CLOSED_ACT,
    "GET studio/suggestions/<int:pk>/": LETTERS,
    "POST studio/suggestions/<int:pk>/": CLOSED_ACT,
    "GET studio/suggestions/<int:pk>/take-up/": CLOSED_ACT,
    "POST studio/suggestions/<int:pk>/take-up/": LETTERS,
    "GET studio/suggestions/<int:pk>/answer/": CLOSED_ACT,
    "POST studio/suggestions/<int:pk>/answer/": LETTERS,
    "GET studio/editions/<int:pk>/draft/": CLOSED_ACT,
    "POST studio/editions/<int:pk>/draft/": WRITERS,
    "GET studio/facts/": STUDIO,
    "POST studio/facts/": CLOSED_ACT,
    "GET studio/facts/facts.csv": STUDIO,
    "POST studio/facts/facts.csv": CLOSED_ACT,
    "GET studio/facts/check/": CLOSED_ACT,
    "POST studio/facts/check/": STUDIO,
    "GET studio/facts/source/": STUDIO,
    "POST studio/facts/source/": CLOSED_ACT,
    "GET studio/facts/<int:pk>/source-replaced/": ANNOUNCER,
    "POST studio/facts/<int:pk>/source-replaced/": ANNOUNCER,
    "GET studio/facts/replacements/<int:pk>/": ANNOUNCEMENT,
    "POST studio/facts/replacements/<int:pk>/": CLOSED_ACT,
    "GET studio/facts/replacements/<int:pk>/withdraw/": CLOSED_ACT,
    "POST studio/facts/replacements/<int:pk>/withdraw/": ANNOUNCER,
    "GET studio/facts/replacements/<int:pk>/restore/": CLOSED_ACT,
    "POST studio/facts/replacements/<int:pk>/restore/": ANNOUNCER,
    "GET studio/facts/replacements/<int:pk>/unchanged/": CLOSED_ACT,
    "POST studio/facts/replacements/<int:pk>/unchanged/": ANNOUNCER,
    "GET studio/facts/source-tasks/<int:pk>/reopen/": CLOSED_ACT,
    "POST studio/facts/source-tasks/<int:pk>/reopen/": ANNOUNCER,
    "GET studio/facts/checks/<int:pk>/": CHECKER,
    "POST studio/facts/checks/<int:pk>/": CLOSED_ACT,
    "GET studio/facts/checks/<int:pk>/take-back/": CLOSED_ACT,
    "POST studio/facts/checks/<int:pk>/take-back/": CHECKER,
    "GET studio/revisions/<int:pk>/": WORKROOM,
    "POST studio/revisions/<int:pk>/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/export/": WRITERS,
    "POST studio/revisions/<int:pk>/export/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/preview/": WORKROOM,
    "POST studio/revisions/<int:pk>/preview/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/submit/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/submit/": WRITERS,
    "GET studio/revisions/<int:pk>/send-back/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/send-back/": WRITERS,
    "GET studio/revisions/<int:pk>/approve/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/approve/": APPROVAL,
    "GET studio/revisions/<int:pk>/publish/": PUBLICATION,
    "POST studio/revisions/<int:pk>/publish/": PUBLICATION,
    "GET studio/revisions/<int:pk>/publish/take-back/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/publish/take-back/": WITHDRAWAL,
    "GET studio/revisions/<int:pk>/withdraw/": WITHDRAWAL,
    "POST studio/revisions/<int:pk>/withdraw/": WITHDRAWAL,
    "GET studio/revisions/<int:pk>/withdraw/take-back/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/withdraw/take-back/": WITHDRAWAL,
    # --- Its editor
    "GET studio/revisions/<int:pk>/discard/": WRITERS,
    "POST studio/revisions/<int:pk>/discard/": WRITERS,
    "GET studio/revisions/<int:pk>/edit/": WRITERS,
    "POST studio/revisions/<int:pk>/edit/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/about/": WRITERS,
    "POST studio/revisions/<int:pk>/about/": WRITERS,
    "GET studio/revisions/<int:pk>/lessons/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/lessons/": WRITERS,
    "GET studio/revisions/<int:pk>/lessons/<str:key>/": WRITERS,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/": WRITERS,
    "GET studio/revisions/<int:pk>/lessons/<str:key>/rename/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/rename/": WRITERS,
    "GET studio/revisions/<int:pk>/lessons/<str:key>/move/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/move/": WRITERS,
    "GET studio/revisions/<int:pk>/lessons/<str:key>/remove/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/remove/": WRITERS,
    "GET studio/revisions/<int:pk>/media/": WRITERS,
    "POST studio/revisions/<int:pk>/media/": WRITERS,
    "GET studio/revisions/<int:pk>/media/<path:path>/replace/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/media/<path:path>/replace/": WRITERS,
    "GET studio/revisions/<int:pk>/media/<path:path>/remove/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/media/<path:path>/remove/": WRITERS,
    "GET studio/revisions/<int:pk>/lessons/<str:key>/files/": WRITERS,
    "POST studio/revisions/<int:pk>/lessons/<str:key>/files/": WRITERS,
    "GET studio/revisions/<int:pk>/figure/": WRITERS,
    "POST studio/revisions/<int:pk>/figure/": WRITERS,
    "GET studio/revisions/<int:pk>/states/": WRITERS,
    "POST studio/revisions/<int:pk>/states/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/states/<int:state>/": WRITERS,
    "POST studio/revisions/<int:pk>/states/<int:state>/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/states/<int:state>/restore/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/states/<int:state>/restore/": WRITERS,
    "GET studio/revisions/<int:pk>/quizzes/<str:lesson>/": WRITERS,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/": CLOSED_ACT,
    "GET studio/revisions/<int:pk>/quizzes/<str:lesson>/settings/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/settings/": WRITERS,
    "GET studio/revisions/<int:pk>/quizzes/<str:lesson>/add/": WRITERS,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/add/": WRITERS,
    "GET studio/revisions/<int:pk>/quizzes/<str:lesson>/try/": WRITERS,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/try/": WRITERS,
    "GET studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": WRITERS,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": WRITERS,
    "GET studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/move/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/move/": WRITERS,
    "GET studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/remove/": CLOSED_ACT,
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/remove/": WRITERS,
    # --- People of an organisation
    "GET people/": COORDINATORS,
    "POST people/": CLOSED_ACT,
    "GET people/<slug:organisation>/": FOLLOWING,
    "POST people/<slug:organisation>/": CLOSED_ACT,
    "GET people/<slug:organisation>/learners.csv": FOLLOWING,
    "POST people/<slug:organisation>/learners.csv": CLOSED_ACT,
    "GET people/<slug:organisation>/enrol/": FOLLOWING,
    "POST people/<slug:organisation>/enrol/": FOLLOWING,
    "GET people/<slug:organisation>/invitations/": FOLLOWING,
    "POST people/<slug:organisation>/invitations/": CLOSED_ACT,
    "GET people/<slug:organisation>/invitations/<int:pk>/resend/": CLOSED_ACT,
    "POST people/<slug:organisation>/invitations/<int:pk>/resend/": FOLLOWING,
    "GET people/<slug:organisation>/invitations/<int:pk>/withdraw/": CLOSED_ACT,
    "POST people/<slug:organisation>/invitations/<int:pk>/withdraw/": FOLLOWING,
    "GET people/<slug:organisation>/<int:enrollment>/": FOLLOWING,
    "POST people/<slug:organisation>/<int:enrollment>/": CLOSED_ACT,
    "GET people/<slug:organisation>/<int:enrollment>/due/": CLOSED_ACT,
    "POST people/<slug:organisation>/<int:enrollment>/due/": FOLLOWING,
    "GET people/<slug:organisation>/<int:enrollment>/end/": FOLLOWING,
    "POST people/<slug:organisation>/<int:enrollment>/end/": FOLLOWING,
    # --- Administration
    "GET administration/": ADMINISTRATOR,
    "POST administration/": CLOSED_ACT,
    "GET administration/certificates/": ADMINISTRATOR,
    "POST administration/certificates/": CLOSED_ACT,
    "GET administration/certificates/due/": ADMINISTRATOR,
    "POST administration/certificates/due/": CLOSED_ACT,
    "GET administration/certificates/issue/": CLOSED_ACT,
    "POST administration/certificates/issue/": ADMINISTRATOR,
    "GET administration/certificates/<str:public_id>/": ADMINISTRATOR,
    "POST administration/certificates/<str:public_id>/": CLOSED_ACT,
    "GET administration/certificates/<str:public_id>/retry/": CLOSED_ACT,
    "POST administration/certificates/<str:public_id>/retry/": ADMINISTRATOR,
    "GET administration/certificates/<str:public_id>/void/": CLOSED_ACT,
    "POST administration/certificates/<str:public_id>/void/": ADMINISTRATOR,
    "GET administration/certificates/<str:public_id>/correct/": ADMINISTRATOR,
    "POST administration/certificates/<str:public_id>/correct/": ADMINISTRATOR,
    "GET administration/certificates/<str:public_id>/revoke/": ADMINISTRATOR,
    "POST administration/certificates/<str:public_id>/revoke/": ADMINISTRATOR,
    "GET administration/certificates/<str:public_id>/revoke/confirm/": CLOSED_ACT,
    "POST administration/certificates/<str:public_id>/revoke/confirm/": ADMINISTRATOR,
    "GET administration/jobs/": ADMINISTRATOR,
    "POST administration/jobs/": CLOSED_ACT,
    "GET administration/jobs/<int:pk>/": ADMINISTRATOR,
    "POST administration/jobs/<int:pk>/": CLOSED_ACT,
    "GET administration/jobs/<int:pk>/progress/": ADMINISTRATOR,
    "POST administration/jobs/<int:pk>/progress/": CLOSED_ACT,
    "GET administration/jobs/<int:pk>/retry/": CLOSED_ACT,
    "POST administration/jobs/<int:pk>/retry/": ADMINISTRATOR,
    "GET administration/jobs/<int:pk>/cancel/": CLOSED_ACT,
    "POST administration/jobs/<int:pk>/cancel/": ADMINISTRATOR,
    "GET administration/organisations/": ADMINISTRATOR,
    "POST administration/organisations/": CLOSED_ACT,
    "GET administration/organisations/new/": ADMINISTRATOR,
    "POST administration/organisations/new/": ADMINISTRATOR,
    "GET administration/organisations/<slug:slug>/": ADMINISTRATOR,
    "POST administration/organisations/<slug:slug>/": CLOSED_ACT,
    "GET administration/organisations/<slug:slug>/edit/": ADMINISTRATOR,
    "POST administration/organisations/<slug:slug>/edit/": ADMINISTRATOR,
    "GET administration/organisations/<slug:slug>/roles/": CLOSED_ACT,
    "POST administration/organisations/<slug:slug>/roles/": ADMINISTRATOR,
    "GET administration/organisations/<slug:slug>/roles/<int:pk>/end/": CLOSED_ACT,
    "POST administration/organisations/<slug:slug>/roles/<int:pk>/end/": ADMINISTRATOR,
    "GET administration/people/": ADMINISTRATOR,
    "POST administration/people/": CLOSED_ACT,
    "GET administration/people/<int:pk>/": ADMINISTRATOR,
    "POST administration/people/<int:pk>/": CLOSED_ACT,
    "GET administration/people/<int:pk>/administrator/": CLOSED_ACT,
    "POST administration/people/<int:pk>/administrator/": ADMINISTRATOR,
    "GET administration/people/<int:pk>/administrator/end/": CLOSED_ACT,
    "POST administration/people/<int:pk>/administrator/end/": ADMINISTRATOR,
    "GET administration/people/<int:pk>/deactivate/": CLOSED_ACT,
    "POST administration/people/<int:pk>/deactivate/": ADMINISTRATOR,
    "GET administration/people/<int:pk>/reactivate/": CLOSED_ACT,
    "POST administration/people/<int:pk>/reactivate/": ADMINISTRATOR,
    "GET administration/audit/": ADMINISTRATOR.showing(*NUMBERED),
    "POST administration/audit/": CLOSED_ACT,
    # --- API
    "GET api/schema/": PUBLIC,
    "GET api/docs/": PUBLIC,
    "POST api/docs/": NO_SUCH_ACT,
    "POST api/v1/auth/token/": PUBLIC,
    "DELETE api/v1/auth/token/": SIGNED_IN,
    "GET api/v1/courses/": PUBLIC,
    "GET api/v1/courses/<slug>/": CONTENT,
    "GET api/v1/modules/": PUBLIC,
    "GET api/v1/modules/<key>/": CONTENT,
    "GET api/v1/modules/<str:key>/facts/": CONTENT,
    "GET api/v1/verify/<str:public_id>/": LINK.showing("learner"),
    "GET api/v1/enrollments/": SIGNED_IN,
    "POST api/v1/enrollments/": SIGNED_IN,
    "GET api/v1/enrollments/<pk>/": OWN,
    "PATCH api/v1/enrollments/<pk>/": OWN,
    "POST api/v1/enrollments/<pk>/withdraw/": OWN,
    "GET api/v1/enrollments/<pk>/offers/": OWN,
    "POST api/v1/enrollments/<pk>/offers/<offer>/take/": OWN,
    "POST api/v1/enrollments/<pk>/offers/<offer>/keep/": OWN,
    "GET api/v1/enrollments/<pk>/lessons/<module>/<lesson>/": OWN,
    "POST api/v1/enrollments/<pk>/lessons/<module>/<lesson>/complete/": OWN,
    "POST api/v1/enrollments/<pk>/lessons/<module>/<lesson>/undo/": OWN,
    "POST api/v1/enrollments/<pk>/lessons/<module>/<lesson>/start/": OWN,
    "POST api/v1/enrollments/<pk>/lessons/<module>/<lesson>/submit/": OWN.showing(*ANSWERS),
    "GET api/v1/certificates/": SIGNED_IN,
    "POST api/v1/certificates/": ADMINISTRATOR,
    "POST api/v1/certificates/bulk/": ADMINISTRATOR,
    "GET api/v1/certificates/due/": ADMINISTRATOR,
    "GET api/v1/certificates/<public_id>/": CERTIFICATE,
    "PATCH api/v1/certificates/<public_id>/": HOLDER,
    "GET api/v1/certificates/<public_id>/pdf/": CERTIFICATE,
    "POST api/v1/certificates/<public_id>/correct/": ADMINISTRATOR,
    "POST api/v1/certificates/<public_id>/revoke/": ADMINISTRATOR,
    "GET api/v1/jobs/<pk>/": ADMINISTRATOR,
    "POST api/v1/jobs/<pk>/cancel/": ADMINISTRATOR,
    "POST api/v1/jobs/<pk>/retry/": ADMINISTRATOR,
    "POST api/v1/modules/import/": STUDIO,
    "GET api/v1/modules/<str:key>/export/": WRITERS,
    "GET api/v1/revisions/<int:pk>/export/": WRITERS,
    "GET api/v1/programme/export/": EXCHANGE.showing(*ANSWERS),
    "POST api/v1/programme/import/": EXCHANGE,
    "GET api/v1/modules/<str:key>/revisions/": WORKROOM,
    "POST api/v1/modules/new/": STUDIO,
    "POST api/v1/modules/<str:key>/translate/": WORKROOM,
    "POST api/v1/revisions/<int:pk>/draft/": WRITERS,
    "POST api/v1/revisions/<int:pk>/discard/": WRITERS,
    "GET api/v1/revisions/<int:pk>/about/": WRITERS,
    "PATCH api/v1/revisions/<int:pk>/about/": WRITERS,
    "GET api/v1/revisions/<int:pk>/lessons/": WRITERS,
    "POST api/v1/revisions/<int:pk>/lessons/": WRITERS,
    "GET api/v1/revisions/<int:pk>/lessons/<str:key>/": WRITERS,
    "PATCH api/v1/revisions/<int:pk>/lessons/<str:key>/": WRITERS,
    "DELETE api/v1/revisions/<int:pk>/lessons/<str:key>/": WRITERS,
    "POST api/v1/revisions/<int:pk>/lessons/<str:key>/move/": WRITERS,
    "GET api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": WRITERS,
    "PATCH api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": WRITERS,
    "POST api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": WRITERS,
    "GET api/v1/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": WRITERS,
    "PATCH api/v1/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": WRITERS,
    "DELETE api/v1/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": WRITERS,
    "POST api/v1/revisions/<int:pk>/submit/": WRITERS,
    "POST api/v1/revisions/<int:pk>/send-back/": WRITERS,
    "POST api/v1/revisions/<int:pk>/approve/": APPROVAL,
    "POST api/v1/revisions/<int:pk>/publish/": PUBLICATION,
    "POST api/v1/revisions/<int:pk>/publish/take-back/": WITHDRAWAL,
    "POST api/v1/revisions/<int:pk>/withdraw/": WITHDRAWAL,
    "POST api/v1/revisions/<int:pk>/withdraw/take-back/": WITHDRAWAL,
}

# Declared for all addresses of Django's admin at once, and asked of each of them: the superuser's alone.
BACK_ROOM = "admin/"

# These need no CSRF token, for a reason.
WITHOUT_CSRF = {
    "POST verify/file/": "changes nothing, needs no session, and must see the length before anything is read",
    "POST api/v1/auth/token/": "judged by e-mail and password alone, whatever session there is",
}

# Pages that write while they are looked at, for a reason.
WRITES_ON_GET = {
    "GET accounts/2fa/recovery-codes/": "allauth notes that the codes have been seen",
    "GET accounts/2fa/recovery-codes/download/": "allauth notes that the codes have been seen",
}

# Acts that succeed and yet leave nothing in the database, for a reason.
LEAVES_NOTHING = {
    "POST accounts/logout/": "ends the session",
    "POST accounts/reauthenticate/": "marks the session",
    "POST accounts/password/set/": "everybody here has a password",
    "POST accounts/password/reset/key/<uidb36>-<key>/": "first moves the key into the session",
    "PUT accounts/password/reset/key/<uidb36>-<key>/": "first moves the key into the session",
    "POST accounts/login/code/confirm/": "nobody asked for a code: this way in is closed",
    "POST accounts/2fa/authenticate/": "nobody is halfway through signing in",
    "POST accounts/2fa/reauthenticate/": "without a code the form comes back",
    "POST accounts/2fa/totp/activate/": "without a code the form comes back",
    "POST studio/revisions/<int:pk>/quizzes/<str:lesson>/try/": "nothing of a try-out is kept",
    "POST verify/serial/": "looks something up",
    "POST verify/file/": "looks something up",
    "POST theme/": "sets a cookie",
    "POST profile/name/": "shows how the name will look",
    "POST administration/certificates/<str:public_id>/revoke/": "asks whether it is meant",
    "POST administration/people/<int:pk>/administrator/end/": "neither is one",
    "POST administration/people/<int:pk>/reactivate/": "both are active",
    "POST learn/<slug:slug>/<str:module>/<str:lesson>/start/": "an attempt is open and is shown again",
    "POST api/v1/enrollments/<pk>/lessons/<module>/<lesson>/start/": "an attempt is open and is shown again",
}
# Django reads no form from a PUT, so it comes back empty, except where nothing is asked.
WITHOUT_VALUES = {"PUT accounts/2fa/totp/deactivate/", "PUT accounts/2fa/recovery-codes/generate/"}
LEAVES_NOTHING |= {
    key: "a form without values" for key in TABLE if key.startswith("PUT ") and key not in WITHOUT_VALUES
}
