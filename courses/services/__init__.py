from .approving import approve, send_back, submit
from .checking import check_fact, check_unchanged, take_back_checks
from .commenting import (
    answer_comment,
    begin_comment,
    change_comment,
    delete_comment,
    reopen_comment,
    resolve_comment,
)
from .composing import close_course, create_course, publish_course, update_course
from .drafting import discard, start_draft, start_layer, start_module, start_translation
from .editing import restore_state
from .effects import keep_day
from .importing import ImportedEdition, ImportOutcome, Manner, check_import, import_bundle
from .layer_facts import remove_fact, save_fact, save_fact_words, state_fact
from .layers import add_language, move_panel, remove_language, remove_panel, save_panel
from .lesson_files import save_captions, save_files
from .media import add_file, name_of, remove_file, replace_file, take_from_original
from .programme import add_project, create_programme
from .publishing import publish
from .sources import (
    announce_replacement,
    look_at_replacement,
    reopen_source_task,
    restore_replacement,
    withdraw_replacement,
)
from .suggesting import answer_suggestion, suggest, take_up, withdraw_suggestion
from .sweeping import Swept, sweep_files
from .withdrawing import take_back_publication, take_back_withdrawal, withdraw
from .writing import (
    add_lesson,
    move_lesson,
    remove_lesson,
    save_about,
    save_lesson,
    save_reviews,
    save_translation,
)

__all__ = [
    "ImportOutcome",
    "ImportedEdition",
    "Manner",
    "Swept",
    "add_file",
    "add_language",
    "add_lesson",
    "add_project",
    "announce_replacement",
    "answer_comment",
    "answer_suggestion",
    "approve",
    "begin_comment",
    "change_comment",
    "check_fact",
    "check_import",
    "check_unchanged",
    "close_course",
    "create_course",
    "create_programme",
    "delete_comment",
    "discard",
    "import_bundle",
    "keep_day",
    "look_at_replacement",
    "move_lesson",
    "move_panel",
    "name_of",
    "publish",
    "publish_course",
    "remove_fact",
    "remove_file",
    "remove_language",
    "remove_lesson",
    "remove_panel",
    "reopen_comment",
    "reopen_source_task",
    "replace_file",
    "resolve_comment",
    "restore_replacement",
    "restore_state",
    "save_about",
    "save_captions",
    "save_fact",
    "save_fact_words",
    "save_files",
    "save_lesson",
    "save_panel",
    "save_reviews",
    "save_translation",
    "send_back",
    "start_draft",
    "start_layer",
    "start_module",
    "start_translation",
    "state_fact",
    "submit",
    "suggest",
    "sweep_files",
    "take_back_checks",
    "take_back_publication",
    "take_back_withdrawal",
    "take_from_original",
    "take_up",
    "update_course",
    "withdraw",
    "withdraw_replacement",
    "withdraw_suggestion",
]
