import re
import unicodedata

from django.db.models import Q


def containing_words(text: str, *fields: str) -> Q:
    """Rows in which each word of `text` stands in one of the fields, whatever its case; every row without a word.

    By pattern, because SQLite's LIKE takes only ASCII letters for the same in both cases; every word is escaped.
    """
    wanted = Q()
    for word in unicodedata.normalize("NFC", text).split():
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__iregex": re.escape(word)})
        wanted &= found
    return wanted
