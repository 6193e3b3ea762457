from lms.lib.ratelimit import ClientThrottle


class VerifyThrottle(ClientThrottle):
    """Whoever verifies, by page or API: enough for a person or an employer's list, too little to try codes."""

    scope = "verify"
