"""An ordinary installation with the doors of the demonstration, on any database: for the browser suite only."""

from lms.settings import *  # noqa: F403
from lms.settings import VAR

DEMONSTRATION = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False  # everybody comes from one address here
ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400  # sessions are kept for the whole suite
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR / "mail")
CELERY_TASK_DEFAULT_QUEUE = "browser"  # other tests may have a worker on the same broker
