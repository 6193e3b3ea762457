from django.urls import include, path

from .views import courses, learning, offers, quizzes

LESSON = "learn/<slug:slug>/<str:module>/<str:lesson>/"

# The page of a course and My learning also show certificates: `lms.urls` has their addresses.
urlpatterns = [
    path("courses/<slug:slug>/enrol/", courses.enroll, name="enroll"),
    path("learn/<slug:slug>/", learning.learn, name="learn"),
    path("learn/<slug:slug>/leave/", courses.leave, name="leave"),
    path("learn/<slug:slug>/language/", learning.set_language, name="set_course_language"),
    path("learn/<slug:slug>/country/", learning.set_country, name="set_course_country"),
    path("learn/<slug:slug>/newer/", offers.offers, name="course_offers"),
    path("learn/<slug:slug>/newer/<int:pk>/take/", offers.take, name="take_offer"),
    path("learn/<slug:slug>/newer/<int:pk>/keep/", offers.keep, name="keep_revision"),
    path(LESSON, learning.lesson, name="lesson"),
    path(f"{LESSON}done/", learning.lesson_done, name="lesson_done"),
    path(f"{LESSON}undo/", learning.lesson_undo, name="lesson_undo"),
    path(f"{LESSON}visit/", learning.lesson_visit, name="lesson_visit"),
    path(f"{LESSON}compare/", learning.compare, name="compare"),
    path(f"{LESSON}start/", quizzes.quiz_start, name="quiz_start"),
    path(f"{LESSON}attempt/", quizzes.quiz_attempt, name="quiz_attempt"),
    path(f"{LESSON}answers/", quizzes.quiz_answers, name="quiz_answers"),
    path(f"{LESSON}submit/", quizzes.quiz_submit, name="quiz_submit"),
    path(f"{LESSON}result/", quizzes.quiz_result, name="quiz_result"),
    path("", include("enrollment.urls_people")),
]
