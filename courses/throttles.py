from lms.lib.ratelimit import PersonThrottle


class SuggestionThrottle(PersonThrottle):
    scope = "suggestion"
