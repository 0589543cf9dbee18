"""All settings, in sections; every value from the environment through `env`, which refuses nonsense."""

import re
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from foundation.limit_values import ACCOUNT_LIMITS
from foundation.units import Cents
from wirbrauchensie import env
from wirbrauchensie.brokers import broker
from wirbrauchensie.databases import postgresql
from wirbrauchensie.logs import logging_config
from wirbrauchensie.outgoing import places_of
from wirbrauchensie.stripe_accounts import LIVE, check_methods, further_accounts

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]

# --- Mode ---------------------------------------------------------------------------------------------
# Demo: local, fictitious people, Stripe double, mails as files. Production: refuses every demo value.

DEMO = env.flag("DEMO", default=False)
PRODUCTION = env.flag("PRODUCTION", default=False)
DEBUG = env.flag("DEBUG", default=False)
DEMO_SECRET = "demo-only-never-in-production-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else DEMO_SECRET)
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
CITY = env.text("CITY", "dueren")

if PRODUCTION and (DEMO or DEBUG):
    raise ImproperlyConfigured("PRODUCTION cannot be combined with DEMO or DEBUG.")
if PRODUCTION:
    env.must_be_of_ones_own("SECRET_KEY", SECRET_KEY)
    env.must_be_of_ones_own("SECRET_KEY_FALLBACKS", *SECRET_KEY_FALLBACKS)

# --- Addresses ----------------------------------------------------------------------------------------

PUBLIC_BASE_URL = env.url(
    "PUBLIC_BASE_URL",
    None if PRODUCTION else "http://127.0.0.1:8000",
    ("https",) if PRODUCTION else ("http", "https"),
)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
if PRODUCTION and (not ALLOWED_HOSTS or any("*" in host for host in ALLOWED_HOSTS)):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the exact hosts of this installation.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT", 0, least=0, most=5)

# --- Apps ---------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "foundation",
    "outbox",
    "accounts",
    "citizens",
    "programs",
    "figures",
    "volunteers",
    "donations",
    "donations.receipts",
    "wirbrauchensie",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "csp",
]

MIDDLEWARE = [
    "wirbrauchensie.problems.problems_below_v1",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "wirbrauchensie.machine_doors.https_for_machines",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "foundation.middleware.only_utf8",
    "foundation.middleware.no_nul_in_query",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "foundation.middleware.another_page_is_a_whole_page",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "wirbrauchensie.machine_doors.SlashForPeople",
    "wirbrauchensie.body_limits.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.sessions_end",
    "accounts.middleware.second_factor_for_staff",
    "wirbrauchensie.hands.SignedInHand",
    "wirbrauchensie.limits.LimitAnswer",
    "wirbrauchensie.not_allowed.page_for_405",
    "wirbrauchensie.log_routes.RouteLog",
    "foundation.middleware.only_methods_in_use",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "wirbrauchensie.urls"
WSGI_APPLICATION = "wirbrauchensie.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Templates and forms ------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wirbrauchensie.context.site",
            ],
        },
    }
]
FORM_RENDERER = "foundation.rendering.KernRenderer"

# --- Data ---------------------------------------------------------------------------------------------

DATABASES = {
    "default": postgresql(
        env.with_password(
            env.url("DATABASE_URL", "postgresql://postgres@127.0.0.1/app", ("postgresql", "postgres")),
            "DATABASE_PASSWORD",
        ),
        conn_max_age=env.whole_number("CONN_MAX_AGE", 300, least=0, most=3600),
    )
}
# Who migrates grants this role what the product needs; empty where one role does all.
DATABASE_PRODUCT_ROLE = env.text("DATABASE_PRODUCT_ROLE", "")
DATABASE_WORKER_ROLE = env.text("DATABASE_WORKER_ROLE", "")
REDIS_URL = broker(env.with_password(env.text("REDIS_URL", "redis://127.0.0.1:6379/0"), "REDIS_PASSWORD"))
# One cache for all processes, in the database: what it remembers (codes that were used) must survive.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "foundation_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- Jobs ---------------------------------------------------------------------------------------------
# The row is the message: a lost task costs one sweep period. Times: kombu looks for abandoned messages only
# after the visibility timeout, so that task_time_limit < visibility_timeout is a must.

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "wirbrauchensie"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker outlives its broker; a nudge tries once (foundation.sweeps).
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 10,
    "socket_connect_timeout": 1,
    "socket_timeout": 10,
}
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- People and passwords -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.SignedIn"]
PASSWORD_HASHERS = [
    "accounts.hashers.FrugalArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("name", "email")},
        "MinimumLengthValidator": {"min_length": 12},
    }.items()
]
AUTH_PASSWORD_VALIDATORS += [
    {"NAME": "accounts.common_passwords.NotCommon"},
    {"NAME": "accounts.password_words.NotOfThisPlace", "OPTIONS": {"words": [CITY]}},
    {
        "NAME": "accounts.leaked_passwords.NotLeaked",
        "OPTIONS": {"file": env.existing_file("LEAKED_PASSWORDS")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "coordination"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # who works with other people's data signs in anew
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = ACCOUNT_LIMITS
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp"]  # codes on paper are ours: accounts/services/recovery_codes.py
MFA_FORMS = {
    "activate_totp": "accounts.forms.SetUpForm",
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.ProveAgainForm",
}
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the link of the invitation has proved the mailbox
MFA_TOTP_ISSUER = "WIR BRAUCHEN SIE"
SECOND_FACTOR_KEYS = env.names("SECOND_FACTOR_KEYS") or [SECRET_KEY, *SECRET_KEY_FALLBACKS]
if PRODUCTION:
    env.must_be_of_ones_own("SECOND_FACTOR_KEYS", *SECOND_FACTOR_KEYS)
SESSION_ENGINE = "accounts.session_store"
SESSION_IDLE_MINUTES = env.whole_number("SESSION_IDLE_MINUTES", 60, least=5, most=480)
SESSION_HOURS = env.whole_number("SESSION_HOURS", 12, least=1, most=24)
INVITATION_DAYS = env.whole_number("INVITATION_DAYS", 7, least=1, most=30)
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
if PRODUCTION and not SECOND_FACTOR_REQUIRED:
    raise ImproperlyConfigured("SECOND_FACTOR_REQUIRED cannot be off in production.")

# --- Limits -------------------------------------------------------------------------------------------

RATE_LIMITS_ON = env.flag("RATE_LIMITS", default=True)
if PRODUCTION and not RATE_LIMITS_ON:
    raise ImproperlyConfigured("RATE_LIMITS cannot be off in production.")
if not RATE_LIMITS_ON:
    ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # of the whole body, too, unless body_limits.py says more
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_300  # a task with a date on each day of a year
DATA_UPLOAD_MAX_NUMBER_FILES = 2

# --- Browser security ---------------------------------------------------------------------------------

# What waits for the next page names people: it stays here, with the session of who has signed in.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "wirbrauchensie.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Volunteers ---------------------------------------------------------------------------------------
# Questions are few, so that nobody gets ten mails a week. Clearance (erweitertes Führungszeugnis): three
# months and five years are practice, six months after the last activity is § 72a Abs. 5 SGB VIII.

OFFER_VALID_DAYS = env.whole_number("OFFER_VALID_DAYS", 5, least=1, most=30)
OFFERS_OPEN_AT_ONCE = env.whole_number("OFFERS_OPEN_AT_ONCE", 2, least=1, most=3)
OFFERS_PER_WEEK = env.whole_number("OFFERS_PER_WEEK", 3, least=1, most=7)
OFFER_SEASON_DAYS = env.whole_number("OFFER_SEASON_DAYS", 180, least=30, most=730)
OFFER_REST_DAYS = env.whole_number("OFFER_REST_DAYS", 28, least=1, most=365)
CLEARANCE_CERTIFICATE_MONTHS = env.whole_number("CLEARANCE_CERTIFICATE_MONTHS", 3, least=1, most=12)
CLEARANCE_RENEWAL_YEARS = env.whole_number("CLEARANCE_RENEWAL_YEARS", 5, least=1, most=5)
SELF_COMMITMENT_YEARS = env.whole_number("SELF_COMMITMENT_YEARS", 5, least=1, most=5)
CLEARANCE_KEPT_MONTHS = env.whole_number("CLEARANCE_KEPT_MONTHS", 6, least=0, most=6)

# --- History ------------------------------------------------------------------------------------------
# Who did what is kept for three years; what concerns money is bookkeeping and stays ten (§ 147 AO).

BOOKKEEPING_APPS = ["donations", "receipts"]

# --- Payments -----------------------------------------------------------------------------------------

STRIPE_API_BASE = env.url("STRIPE_API_BASE", "https://api.stripe.com", ("http", "https"))
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
_METHODS = env.names("STRIPE_METHODS", "card,sepa_debit,paypal")
check_methods("STRIPE_METHODS", _METHODS)
STRIPE_METHODS = _METHODS if STRIPE_SECRET_KEY else []
STRIPE_FURTHER_ACCOUNTS = further_accounts(STRIPE_SECRET_KEY, _METHODS)
_STRIPE_KEYS = [STRIPE_SECRET_KEY, *(each.secret_key for each in STRIPE_FURTHER_ACCOUNTS.values())]
_ARE_LIVE = {key.startswith(LIVE) for key in _STRIPE_KEYS if key}
STRIPE_LIVEMODE = True in _ARE_LIVE
if STRIPE_SECRET_KEY and not STRIPE_WEBHOOK_SECRET:
    raise ImproperlyConfigured("STRIPE_WEBHOOK_SECRET must be set together with STRIPE_SECRET_KEY.")
if len(_ARE_LIVE) > 1:
    raise ImproperlyConfigured("All accounts at Stripe need live keys, or all of them test keys.")
if PRODUCTION and _ARE_LIVE and (not STRIPE_LIVEMODE or STRIPE_API_BASE != "https://api.stripe.com"):
    raise ImproperlyConfigured("In production Stripe needs a live key and its own address.")
STATEMENT_FOLDER = env.folder("STATEMENT_FOLDER")
LIST_UNCHECKED_PROGRAMS = env.flag("LIST_UNCHECKED_PROGRAMS", default=True)
MINOR_GIFT_MAX_CENTS = Cents(env.whole_number("MINOR_GIFT_MAX_CENTS", 5_000, least=100, most=50_000))
DONATION_MAX_CENTS = Cents(env.whole_number("DONATION_MAX_CENTS", 5_000_000, least=10_000, most=99_999_999))
# From here on the city's own rules say who accepts a gift to it; unconfirmed, to be set by the city.
ACCEPTANCE_FROM_CENTS = Cents(env.whole_number("ACCEPTANCE_FROM_CENTS", 100_000, least=1, most=999_999_999))
# More than this at once from nobody known or from abroad is looked at by two people; to be set by the city.
UNKNOWN_ABOVE_CENTS = Cents(env.whole_number("UNKNOWN_ABOVE_CENTS", 100_000, least=1, most=999_999_999))
# What fewer people stand behind is not published (at least 3 per cell, Federal Employment Agency): people in
# figures and numbers of gifts, and different givers of a purpose before its amounts are.
PERSONS_SHOWN_FROM = env.whole_number("PERSONS_SHOWN_FROM", 5, least=3, most=100)
GIVERS_SHOWN_FROM = env.whole_number("GIVERS_SHOWN_FROM", 3, least=3, most=100)
SILENCED_SYSTEM_CHECKS: list[str] = []

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF, "https://checkout.stripe.com"],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
if STRIPE_API_BASE != "https://api.stripe.com":
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(STRIPE_API_BASE)
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "fullscreen")
}

# --- Mail ---------------------------------------------------------------------------------------------

EMAIL_FILE_PATH = env.folder("EMAIL_FILE_PATH")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "WIR BRAUCHEN SIE <post@wirbrauchensie.example>")
OFFICE_EMAIL = env.text("OFFICE_EMAIL", "buero@wirbrauchensie.example")
SECURITY_CONTACT = env.text("SECURITY_CONTACT", OFFICE_EMAIL)
MAIL_REPORT_SECRET = env.text("MAIL_REPORT_SECRET", "")
if PRODUCTION and MAIL_REPORT_SECRET:
    env.must_be_of_ones_own("MAIL_REPORT_SECRET", MAIL_REPORT_SECRET)
if not re.fullmatch(r"https://\S+|[^\s@:]+@[^\s@:]+", SECURITY_CONTACT):
    raise ImproperlyConfigured(
        "SECURITY_CONTACT must be an e-mail address or an address that begins with https://."
    )
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
if EMAIL_FILE_PATH:
    EMAIL_BACKEND = "outbox.backends.EmlFileBackend"
else:
    EMAIL_BACKEND = "outbox.backends.SmtpBackend"
    EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
    EMAIL_PORT = env.whole_number("EMAIL_PORT", 25, least=1, most=65535)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
    EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", default=False)

# --- Whom we talk to ----------------------------------------------------------------------------------
# In production no process of ours connects to anybody else (foundation.outgoing); a program of a provider is
# reached at the address that its owner named, while it is told something.

OUTGOING_PLACES = places_of(
    [
        REDIS_URL,
        *([STRIPE_API_BASE] if any(_STRIPE_KEYS) else []),
        *([] if EMAIL_FILE_PATH else [f"smtp://{EMAIL_HOST}:{EMAIL_PORT}"]),
    ],
    DATABASES["default"],
    env.names("OUTGOING_HOSTS"),
)

# --- Language and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_I18N = True

# --- Static files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.flag("HASHED_STATIC", default=PRODUCTION or DEMO)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- API ----------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_PARSER_CLASSES": ["foundation.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "wirbrauchensie.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "WIR BRAUCHEN SIE",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"FieldEnum": "programs.domain.choices.Field.choices"},
}

# --- Watching -----------------------------------------------------------------------------------------

LOGGING = logging_config(env.text("LOG_FORMAT", "json" if PRODUCTION else "plain"))
PROMETHEUS_EXPORT_MIGRATIONS = False
