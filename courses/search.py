"""How courses are found by words, the same on each database.

SQLite compares letters beyond ASCII by their bytes and PostgreSQL by its locale, so both sides are brought into one
form here and compared as they are.
"""

import unicodedata

from .models import Course

LONGEST_QUERY = 200


def normalised(text: str) -> str:
    """One form for upper and lower case and for composed and decomposed letters. `ås` stays another word than `as`."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def search_words(query: str) -> list[str]:
    """The words of a query; a course is found when it has them all."""
    return normalised(query[:LONGEST_QUERY]).split()


def search_text(course: Course) -> str:
    """What `Course.search` holds: titles, summaries, outcomes and audience in all languages, modules and owners.

    Call it in the transaction that writes the course, once its items are saved; it reads them.
    """
    texts = [course.title, course.summary, course.audience, *course.outcomes]
    names = [course.owner.name, course.owner.short_name]
    for item in course.items.select_related("module__owner"):
        texts += [item.module.title, item.module.summary]
        names += [item.module.owner.name, item.module.owner.short_name]
    spoken = [text for by_language in texts for text in by_language.values()]
    return normalised(" ".join(dict.fromkeys([*spoken, *names])))
