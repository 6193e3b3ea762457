"""How often anybody may try a password here. Both limits count, whichever is reached first."""

import hashlib

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from lms.lib import ratelimit

from ..models import normalise_email


class ClientThrottle(ratelimit.ClientThrottle):
    scope = "token"


class AccountThrottle(SimpleRateThrottle):
    """Per account that is asked for, from however many clients. It counts addresses nobody has just the same."""

    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        email = request.data.get("email") if hasattr(request.data, "get") else None
        if not isinstance(email, str):
            return None
        # A hash: what is typed is no safe cache key, and an address has no business there.
        ident = hashlib.sha256(normalise_email(email).encode(errors="replace")).hexdigest()
        return self.cache_format % {"scope": "token-account", "ident": ident}
