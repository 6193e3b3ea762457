from django.urls import path

from .views.studio import (
    comments,
    drafts,
    editor,
    exporting,
    importing,
    media,
    overview,
    preview,
    questions,
    revisions,
)

REVISION = "studio/revisions/<int:pk>/"
QUIZ = f"{REVISION}quizzes/<str:lesson>/"
COMMENTS = f"{REVISION}comments/"
QUESTION = f"{QUIZ}questions/<str:key>/"

urlpatterns = [
    path("studio/", overview.studio, name="studio"),
    path("studio/import/", importing.import_module, name="studio_import"),
    path("studio/new/", drafts.start_module, name="studio_new_module"),
    path("studio/modules/<str:key>/", overview.module, name="studio_module"),
    path("studio/modules/<str:key>/export/", exporting.export_module, name="studio_export"),
    path("studio/modules/<str:key>/translate/", drafts.start_translation, name="studio_translate"),
    path("studio/editions/<int:pk>/draft/", drafts.start_draft, name="studio_draft"),
    path(REVISION, revisions.revision, name="studio_revision"),
    path(f"{REVISION}export/", exporting.export_edition, name="studio_edition_export"),
    path(f"{REVISION}preview/", preview.preview_lesson, name="studio_preview"),
    path(f"{REVISION}submit/", revisions.submit, name="studio_submit"),
    path(f"{REVISION}send-back/", revisions.send_back, name="studio_send_back"),
    path(f"{REVISION}approve/", revisions.approve, name="studio_approve"),
    path(f"{REVISION}publish/", revisions.publish, name="studio_publish"),
    path(f"{REVISION}discard/", drafts.discard, name="studio_discard"),
    path(f"{REVISION}edit/", editor.outline, name="studio_edit"),
    path(f"{REVISION}about/", editor.about, name="studio_about"),
    path(f"{REVISION}lessons/", editor.add_lesson, name="studio_lesson_add"),
    path(f"{REVISION}lessons/<str:key>/", editor.lesson, name="studio_lesson"),
    path(f"{REVISION}lessons/<str:key>/rename/", editor.rename_lesson, name="studio_lesson_rename"),
    path(f"{REVISION}lessons/<str:key>/move/", editor.move_lesson, name="studio_lesson_move"),
    path(f"{REVISION}lessons/<str:key>/remove/", editor.remove_lesson, name="studio_lesson_remove"),
    path(f"{REVISION}media/", media.media, name="studio_media"),
    path(f"{REVISION}media/<path:path>/replace/", media.replace, name="studio_media_replace"),
    path(f"{REVISION}media/<path:path>/remove/", media.remove, name="studio_media_remove"),
    path(f"{REVISION}figure/", media.figure, name="studio_figure"),
    path(f"{REVISION}states/", editor.states, name="studio_states"),
    path(f"{REVISION}states/<int:state>/", editor.state, name="studio_state"),
    path(f"{REVISION}states/<int:state>/restore/", editor.restore, name="studio_restore"),
    path(COMMENTS, comments.comments, name="studio_comments"),
    path(f"{COMMENTS}<int:thread>/answer/", comments.answer, name="studio_comment_answer"),
    path(f"{COMMENTS}<int:thread>/resolve/", comments.resolve, name="studio_comment_resolve"),
    path(f"{COMMENTS}<int:thread>/reopen/", comments.reopen, name="studio_comment_reopen"),
    path(f"{COMMENTS}said/<int:comment>/", comments.change, name="studio_comment_change"),
    path(f"{COMMENTS}said/<int:comment>/delete/", comments.delete, name="studio_comment_delete"),
    path(QUIZ, questions.quiz, name="studio_quiz"),
    path(f"{QUIZ}settings/", questions.settings, name="studio_quiz_settings"),
    path(f"{QUIZ}add/", questions.add, name="studio_question_add"),
    path(f"{QUIZ}try/", questions.try_out, name="studio_quiz_try"),
    path(QUESTION, questions.question, name="studio_question"),
    path(f"{QUESTION}move/", questions.move, name="studio_question_move"),
    path(f"{QUESTION}remove/", questions.remove, name="studio_question_remove"),
]
