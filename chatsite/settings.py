"""All settings, from the environment, each also as NAME_FILE (docs/configuration.md)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from chatsite.environment import Environment
from conversations import secret_files

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

SECRET_KEY = secret_files.require_strong(
    env.str("SECRET_KEY", default="")
    or secret_files.read_or_create(DATA_DIR / "secret-key", secret_files.make_secret_key)
)
FIELD_ENCRYPTION_KEYS = secret_files.require_fernet(
    env.entries("FIELD_ENCRYPTION_KEYS")
    or [secret_files.read_or_create(DATA_DIR / "encryption-key", secret_files.make_encryption_key)]
)

# The first administrator and the connection of an installation that is set up without the page.
CHATSITE_ADMIN_EMAIL = env.str("CHATSITE_ADMIN_EMAIL", default="")
CHATSITE_ADMIN_PASSWORD = env.str("CHATSITE_ADMIN_PASSWORD", default="")
UPSTREAM_BASE_URL = env.str("UPSTREAM_BASE_URL", default="https://api.agentpivot.ai")
UPSTREAM_API_KEY = env.str("UPSTREAM_API_KEY", default="")
UPSTREAM_AUTH = env.str("UPSTREAM_AUTH", default="x-api-key")
# Hosts that a person's own connection may reach although they are not public.
UPSTREAM_ALLOWED_HOSTS = env.entries("UPSTREAM_ALLOWED_HOSTS")
# Hosts that tools may reach although they are not public.
TOOL_ALLOWED_HOSTS = env.entries("TOOL_ALLOWED_HOSTS")
# Hours that a tool call waits for approval.
TOOL_APPROVAL_HOURS = env.float("TOOL_APPROVAL_HOURS", default=24)

# Limits for each user.
MAX_RUNNING_ANSWERS = env.int("MAX_RUNNING_ANSWERS", default=5)
MAX_MESSAGES_PER_MINUTE = env.int("MAX_MESSAGES_PER_MINUTE", default=20)
MAX_MESSAGE_BYTES = env.int("MAX_MESSAGE_BYTES", default=256 * 1024)
MAX_ATTACHMENT_BYTES = env.int("MAX_ATTACHMENT_BYTES", default=20 * 1024 * 1024)
# Routes that take files, beside a message or ahead of it: their bodies may be this much larger.
UPLOAD_PATHS = (b"/attachments/", b"/c/")

# Seconds that an upstream may be silent.
UPSTREAM_FIRST_EVENT_TIMEOUT = env.float("UPSTREAM_FIRST_EVENT_TIMEOUT", default=300)
UPSTREAM_STALL_TIMEOUT = env.float("UPSTREAM_STALL_TIMEOUT", default=120)
UPSTREAM_RUN_TIMEOUT = env.float("UPSTREAM_RUN_TIMEOUT", default=1800)
UPSTREAM_PLAIN_TIMEOUT = env.float("UPSTREAM_PLAIN_TIMEOUT", default=600)

_public = urlsplit(PUBLIC_URL)
if PUBLIC_URL and (_public.scheme not in {"http", "https"} or not _public.hostname or _public.path):
    message = "PUBLIC_URL must look like https://chat.example.org: a scheme and a host, no path."
    raise ImproperlyConfigured(message)
IS_HTTPS = _public.scheme == "https"

LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [*LOOPBACK_HOSTS, *filter(None, [_public.hostname])]
ALLOWED_ORIGINS = (
    [PUBLIC_URL] if PUBLIC_URL else [f"http://{name}:{PORT}" for name in LOOPBACK_HOSTS]
)
CSRF_FAILURE_VIEW = "conversations.views.web.failures.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_ENGINE = "conversations.database.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
# The container's own probe speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "conversations",
]

MIDDLEWARE = [
    # First, because the two below may answer by themselves.
    "csp.middleware.CSPMiddleware",
    "conversations.middleware.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Pages only; static files never come here. It pads each page by chance, and Django masks its
    # CSRF token anew each time, so that the length tells nothing of a secret (BREACH).
    "chatsite.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "conversations.middleware.UserMiddleware",
    "conversations.middleware.SetupMiddleware",
]

ROOT_URLCONF = "chatsite.urls"
ASGI_APPLICATION = "chatsite.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "chatsite.template_loader.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# WAL, and FULL rather than NORMAL: an acknowledged message survives a power cut, and writes are few
# and batched. IMMEDIATE, because a deferred transaction that upgrades ignores the busy timeout.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; "
        "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
    ),
}
# Each request is a thread of its own for Django: a pool saves it the connecting, and bounds how
# many there are. A server that went away without a word is noticed in seconds, not in minutes; one
# that is back, too: the pool's own attempts would come ever more seldom, for five minutes.
POSTGRESQL_OPTIONS = {
    "pool": {"min_size": 2, "max_size": 8, "timeout": 10, "reconnect_timeout": 1},
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
}
_database_url = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'chatsite.sqlite3'}"
if not _database_url.startswith(("sqlite:///", "postgres://", "postgresql://")):
    message = "DATABASE_URL must begin with postgres:// or sqlite:///, or be left out."
    raise ImproperlyConfigured(message)
DATABASES = {"default": env.db_url_config(_database_url)}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 0
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["ENGINE"] = "chatsite.sqlite"
    _database["OPTIONS"] = SQLITE_OPTIONS
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["OPTIONS"] = POSTGRESQL_OPTIONS | _database.get("OPTIONS", {})
    # A connection is tried before it is lent, so that a restarted database needs no restart here.
    _database["CONN_HEALTH_CHECKS"] = True

# Counts what is limited (sign-ins): guessing many names must not push the counters out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Drawn messages of about 5 KB and rows of 1 (conversations/templatetags/cached_html.py).
    "drawn": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "drawn",
        "TIMEOUT": 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 4_000},
    },
}

AUTH_USER_MODEL = "conversations.User"
# The address is unique in any case of its letters, by a constraint that this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
# There is no mail server: nothing is ever sent (views/entrance/account_adapter.py).
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ACCOUNT_ADAPTER = "conversations.views.entrance.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {"user_token": "conversations.forms.accounts.LinkForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# The default one also writes rows, for addresses that we do not keep twice.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 (the path of a class)
# Wrong passwords: five for an account from one address; in all, more for a whole office behind
# one address, and for one account so many that a stranger cannot keep its owner out for long.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,50/5m/key",
    "login_failed_here": "5/5m/key",
    "setup_code": "5/m/ip",
    "share_password": "50/5m/key",
    "share_password_here": "5/5m/key",
    # Each is a request to wherever its person says, from here.
    "tool_trial": "20/m/user",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = None

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["chatsite.formats"]
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "build" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "chatsite.static_files.BundledStaticFilesStorage",
    },
}

# Nothing comes from other hosts, and only what carries the page's nonce may stand inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

# Django reads a body into memory: what is larger than the longest message with its form is refused.
# A plain form writes each byte of the message and of the instructions as three.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * MAX_MESSAGE_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Answered with what to do (views/web/failures.py); scanners ask under any name, all day.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "aiohttp": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "twisted": {"level": "WARNING"},
    },
}
