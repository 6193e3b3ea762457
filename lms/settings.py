"""Settings of Nordic LMS: one file, everything from the environment, nonsense refused with a sentence.

The defaults are the small size: SQLite, a file broker, a folder and local memory, on this machine only.
`.env.example` lists every variable; docs/operations.md explains them.
"""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE / ".env")


def refuse(sentence: str) -> None:
    raise ImproperlyConfigured(sentence)


DEBUG = env.bool("LMS_DEBUG", default=False)
DEMONSTRATION = env.bool("LMS_DEMONSTRATION", default=False)

# The demonstration keeps everything in a folder of its own: its logins are public and must never meet real data.
VAR = Path(env("LMS_VAR", default=str(BASE / "var"))) / ("demonstration" if DEMONSTRATION else "")
VAR.mkdir(parents=True, exist_ok=True)
SITE_URL = env("LMS_SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname or _site.path:
    refuse(f"LMS_SITE_URL must look like https://learn.example.org, it is {SITE_URL!r}.")
SECURE = _site.scheme == "https"
ALLOWED_HOSTS = env.list("LMS_ALLOWED_HOSTS", default=[_site.hostname, "127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]


def local_secret() -> str:
    """A key made once and kept in `var/`, so that the small size needs no configuration."""
    file = VAR / "secret_key"
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(key)
    return key


SECRET_KEY = env("LMS_SECRET_KEY", default="") or local_secret()
if len(SECRET_KEY) < 50:
    refuse("LMS_SECRET_KEY must have at least 50 characters; leave it empty to have one made in var/.")
SECRET_KEY_FALLBACKS = env.list("LMS_SECRET_KEY_FALLBACKS", default=[])

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "lms",
    "certificates",
    "enrollment",
    "courses",
    "lms.accounts",
    "lms.records",
    "lms.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "lms.lib.walls.OuterWall",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.accounts.middleware.LanguageMiddleware",
    "lms.accounts.middleware.HtmxLoginMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.accounts.middleware.SecondFactorMiddleware",
    "courses.middleware.DayMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
TEST_RUNNER = "lms.lib.testrunner.PytestRunner"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lms.context.page",
            ],
            "libraries": {"ui": "lms.lib.templatetags.ui"},
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------

DATABASE_DEFAULT = f"sqlite:///{VAR / 'lms.sqlite3'}"
DATABASE_URL = env("DATABASE_URL", default="") or DATABASE_DEFAULT
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a deferred transaction that reads and then writes fails at once under load, whatever the timeout.
    # FULL: NORMAL is faster but may drop the last commits on a power cut, and these rows are exam results.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    _database["CONN_MAX_AGE"] = None
elif _database["ENGINE"].endswith("postgresql"):
    # Every wait has an end: gunicorn's own timeout does not free a thread that waits for a dead database.
    _database["CONN_MAX_AGE"] = env.int("LMS_CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "connect_timeout": 3,
        "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
        "tcp_user_timeout": 4000,
        "keepalives_idle": 2,
        "keepalives_interval": 1,
        "keepalives_count": 2,
    }
else:
    refuse("DATABASE_URL must begin with sqlite:/// or postgres://.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

if DEMONSTRATION and DATABASE_URL != DATABASE_DEFAULT:
    refuse(
        "LMS_DEMONSTRATION runs on the local default database only, because its logins are public: "
        "unset DATABASE_URL, or unset LMS_DEMONSTRATION."
    )

# --- Cache, files, mail, jobs ---------------------------------------------------------------------------------------

CACHE_URL = env("CACHE_URL", default="")
if CACHE_URL and not CACHE_URL.startswith(("redis://", "rediss://")):
    refuse("CACHE_URL must begin with redis:// or be empty.")


def shared_cache(name: str, **local: object) -> dict:
    """In Redis where there is one, so that all processes see the same; else in each process."""
    if not CACHE_URL:
        backend = "django.core.cache.backends.locmem.LocMemCache"
        return {"BACKEND": backend, "LOCATION": name, "OPTIONS": local}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": name,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }


CACHES = {
    "default": shared_cache("default"),
    # Apart from the others, so that many lessons read push out no count of the rate limits.
    "pages": shared_cache("pages", MAX_ENTRIES=1_000),
    # Header and footer of every page: cheaper to draw than to fetch from elsewhere.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template_fragments",
    },
}

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE / "lms" / "static"]
MEDIA_ROOT = VAR / "files"
MEDIA_URL = ""  # files leave through the application only, which asks who may see them
STORAGE_URL = env("STORAGE_URL", default="")


def file_storage(url: str) -> dict:
    """A folder, or `s3://KEY:SECRET@endpoint.example.org/bucket?region=eu-north-1`."""
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(MEDIA_ROOT)},
        }
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.path.strip("/"):
        refuse("STORAGE_URL must look like s3://KEY:SECRET@endpoint.example.org/bucket or be empty.")
    region = re.search(r"region=([\w-]+)", parts.query)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.path.strip("/"),
            "access_key": parts.username,
            "secret_key": parts.password,
            "endpoint_url": f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
            "region_name": region.group(1) if region else None,
            "default_acl": "private",
            "file_overwrite": False,
        },
    }


STORAGES = {
    "default": file_storage(STORAGE_URL),
    "staticfiles": {"BACKEND": "lms.lib.static_names.KeptManifestStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Compressing takes most of a first start: what is small already, or read by developers only, is left as it is.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "xz", "woff", "woff2", "mp4"),
    *("map", "txt", "md"),
)
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

# Every form field and upload is checked again where it is read; these are the outer walls.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "lms.lib.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
if vars()["EMAIL_BACKEND"].endswith(".console.EmailBackend"):
    EMAIL_BACKEND = "lms.lib.console_mail.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("LMS_FROM_EMAIL", default=f"noreply@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="") or "safefs://localhost"
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False  # mail printed on the console is not a log line: its links must work
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "queue" / "beat")
(VAR / "queue").mkdir(exist_ok=True)
if CELERY_BROKER_URL.startswith("safefs:"):
    _messages, _claimed, _control = (str(VAR / "queue" / name) for name in ("messages", "claimed", "control"))
    for _folder in (_messages, _claimed, _control):
        os.makedirs(_folder, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _messages,
        "data_folder_out": _messages,
        "control_folder": _control,
        "processed_folder": _claimed,
        "store_processed": False,
        "polling_interval": 0.1,
    }
elif not CELERY_BROKER_URL.startswith(("amqp://", "amqps://", "redis://", "rediss://", "memory://")):
    refuse("CELERY_BROKER_URL must begin with amqp://, redis:// or be empty for the file broker.")
CELERY_BEAT_SCHEDULE = {
    "records-reconcile": {"task": "lms.records.tasks.reconcile", "schedule": 5.0},
    "certificates-reconcile": {"task": "certificates.tasks.reconcile", "schedule": 10.0},
    "courses-reconcile": {"task": "courses.tasks.reconcile", "schedule": 3600.0},
    "enrollment-reconcile": {"task": "enrollment.tasks.reconcile", "schedule": 3600.0},
    "courses-sweep": {"task": "courses.tasks.sweep", "schedule": 86_400.0},
}

# --- Sign-in --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lms.accounts.backends.AccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "home"
PASSWORD_LENGTH = 10
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "lms.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "lms.accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "lms.accounts.sign_in_forms.LoginForm",
    "signup": "lms.accounts.sign_in_forms.NewAccountForm",
    "reauthenticate": "lms.accounts.sign_in_forms.ReauthenticateForm",
    "add_email": "lms.accounts.sign_in_forms.AddEmailForm",
    "change_password": "lms.accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "lms.accounts.sign_in_forms.SetPasswordForm",
    "reset_password": "lms.accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "lms.accounts.sign_in_forms.ResetPasswordKeyForm",
}
if DEMONSTRATION:
    ACCOUNT_FORMS["add_email"] = "lms.demo.forms.AddEmailForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
ACCOUNT_USER_DISPLAY = "lms.accounts.models.display_name"
MFA_ADAPTER = "lms.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "lms.accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "lms.accounts.sign_in_forms.ReauthenticateByCodeForm",
    "activate_totp": "lms.accounts.sign_in_forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# An unconfirmed new address must not stop those who hold a second factor; signing in needs a confirmed one anyway.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
# Without the number of proxies, everybody behind one would share one rate limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("LMS_PROXIES", default=0)
MFA_TOTP_ISSUER = env("LMS_NAME", default="Nordic LMS")

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_SAMESITE = "Lax"
if SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = env.bool("LMS_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("LMS_BEHIND_PROXY", default=True):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Languages, time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("nb", "Norsk bokmål"),
    ("sv", "Svenska"),
    ("fi", "Suomi"),
]
LOCALE_PATHS = [BASE / "lms" / "locale"]
FORMAT_MODULE_PATH = ["lms.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = env("LMS_TIME_ZONE", default="Europe/Stockholm")

# --- REST -----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lms.accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "lms.lib.ordering.StableOrdering",
    ],
    "DEFAULT_PAGINATION_CLASS": "lms.lib.pagination.Pages",
    "PAGE_SIZE": 20,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "lms.lib.parsers.SafeJSONParser",
        "lms.lib.parsers.SafeFormParser",
        "lms.lib.parsers.SafeMultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"token": "10/min", "verify": "60/min", "suggestion": "20/hour"},
    "EXCEPTION_HANDLER": "lms.lib.problems.handler",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Nordic LMS",
    "DESCRIPTION": "The same acts as the pages, through the same services.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
}

# --- The programme --------------------------------------------------------------------------------------------------

CERTIFICATE_SERIAL_PREFIX = env("LMS_SERIAL_PREFIX", default="NLS")
if not re.fullmatch(r"[A-Z]{2,6}", CERTIFICATE_SERIAL_PREFIX):
    refuse("LMS_SERIAL_PREFIX must be two to six capital letters.")
BUNDLE_MAX_UPLOAD = 200_000_000
INVITATION_DAYS = 14

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_tokens": {"()": "lms.lib.logs.HideTokens"},
        "one_line": {"()": "lms.lib.logs.RefusalsInOneLine"},
    },
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_tokens"]}
    },
    "loggers": {"django.request": {"filters": ["one_line"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
