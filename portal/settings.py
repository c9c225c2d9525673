"""All settings; only environment variables differ between development and production."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from kombu import Exchange, Queue

from portal import production

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# ── The site ────────────────────────────────────────────────────────────────
VERSION = "0.1.0"
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
DEMO_ALLOWED = env.bool("DEMO_ALLOWED", default=not PRODUCTION and env.bool("DEMO", default=True))
SECRET_KEY = env("SECRET_KEY", default="" if PRODUCTION else "insecure-embedded-run-only")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default=f"http://localhost:{env('PORT', default='8000')}")
CONTACT_EMAIL = env("CONTACT_EMAIL", default="portal@localhost")
HEALTH_TOKEN = env("HEALTH_TOKEN", default="")  # lets monitoring read the figures of /health/
HEALTH_FREE_BYTES = env.int("HEALTH_FREE_BYTES", default=1024**3)  # less free space for files raises an alarm
VAR_DIR = Path(env("PORTAL_VAR", default=str(BASE_DIR / "var")))

# ── Apps: imports go portal → assistance → entities → accounts → files → audit ──
INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "audit",
    "files",
    "web",
    "accounts",
    "entities",
    "assistance",
    "portal",
]
MIDDLEWARE = [
    # These three process every response: redirects to https, static files and errors of the middleware after them.
    "portal.headers.every_answer",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.compression.Compression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.middleware.Common",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sign_in.sessions.Clock",
    # The audit middleware comes before all that refuse: their refusals are recorded, and nothing is shown before it.
    "portal.middleware.actor",
    "portal.middleware.audit_trail",
    "portal.middleware.sound_address",
    "accounts.sign_in.mfa.second_factor",
    "portal.middleware.look_only",
    "accounts.sign_in.sessions.LoginRequired",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sign_in.oidc.Unreachable",
    "portal.errors.DomainErrors",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "csp.context_processors.nonce",
                "portal.context.frame",
            ],
            "builtins": ["web.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── Services: embedded under `make run`, external through three variables ────
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///portal")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 300,  # opening a connection for each request is 4.3 times slower (docs/decisions)
    "CONN_HEALTH_CHECKS": True,
}
# The role of web and worker processes: not the owner of the tables, so that it cannot rewrite the audit log.
DATABASE_ROLE = env("DATABASE_ROLE", default="portal_app")
DATABASE_ROLE_PASSWORD = env("DATABASE_ROLE_PASSWORD", default="")  # read once, by the migration that creates the role
# Row-level security applies to web processes (portal/wsgi.py); workers and commands have no reader.
ROW_SECURITY = env.bool("PORTAL_ROW_SECURITY", default=False)
# A request does not wait for a database that is away, nor longer than the web server lets it; commands may.
PATIENCE = {"statement_timeout": "20s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
DATABASE_PARAMETERS = {
    "max_parallel_workers_per_gather": "0",
    "portal.groups": "{}" if ROW_SECURITY else "{0}",  # 0: the group of every row (assistance/access/database.py)
    **(PATIENCE if ROW_SECURITY else {}),
}
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
    **DATABASES["default"].get("OPTIONS", {}),
    "options": " ".join(f"-c {name}={value}" for name, value in DATABASE_PARAMETERS.items()),
}
REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        # Celery and redis-py use different URLs for a Unix socket.
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 3},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Mail ─────────────────────────────────────────────────────────────────────
MAIL_DIR = VAR_DIR / "mail"
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{MAIL_DIR}"))
if env.str("EMAIL_URL", default="filemail:").startswith("filemail:"):
    EMAIL_BACKEND = "accounts.mail.backend.OneFilePerMail"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_ID_DOMAIN = env("MESSAGE_ID_DOMAIN", default="portal.localhost")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=5)  # seconds for each answer of the mail server

# ── Celery: Redis only notifies the workers, the outbox in PostgreSQL holds the work ──
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A mail server that hangs must not hold up scans and deadlines: in production each queue has a worker of its own.
CELERY_TASK_QUEUES = [Queue("celery", Exchange("celery"), "celery"), Queue("mail", Exchange("mail"), "mail")]
CELERY_TASK_ROUTES = {f"accounts.tasks.send_{name}": {"queue": "mail"} for name in ("delivery", "digest")}
CELERY_TASK_TIME_LIMIT = 30
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    # A request must not wait for a broker that is down: one short attempt, then go on.
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "relay": {"task": "accounts.tasks.relay", "schedule": 5.0},
    "announce": {"task": "assistance.tasks.announce", "schedule": 5.0},
    "digests": {"task": "accounts.tasks.send_digests", "schedule": 900.0},
    "designations": {"task": "entities.tasks.remind", "schedule": 900.0},
    "deadlines": {"task": "assistance.tasks.run_deadlines", "schedule": 900.0},
    "scan": {"task": "files.tasks.scan", "schedule": 60.0},
    "tidy_forms": {"task": "accounts.tasks.tidy", "schedule": 3600.0},
    "tidy": {"task": "files.tasks.tidy", "schedule": 86400.0},
}

# ── Users ────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.sign_in.backend.AccountBackend",
    "assistance.access.policy.AudienceBackend",
]
ANONYMOUS_USER_NAME = None  # guardian would otherwise create a user without appointment
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # as templates/account/password_reset_done.html says
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.sign_in.passwords.PortalWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.ClosedAdapter"  # no registration: users come in by an invitation
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the address is verified by the invitation's one-time link
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can make the portal send mail to an unknown address
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, and by its own timeout long before
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm", "reset_password": "accounts.forms.ResetForm"}
# All users of a mission share one IP address: the 30 sign-ins a minute of allauth would block them in the morning, so
# only failures are strictly limited. After 10 an address is locked, known or not (accounts.sign_in.lockout).
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "10/15m/key",
    "failed_from_network": "100/15m/ip",  # separate: allauth clears "login_failed" after a success
    "reset_password": "60/m/ip,5/h/key",
    "code_failed": "5/15m/key",
}
FRESH_PROOF_SECONDS = ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Counter-Terrorism Assistance Portal"
MFA_FORMS = {
    "add_webauthn": "accounts.sign_in.mfa.AddKeyForm",
    "authenticate": "accounts.sign_in.mfa.AuthenticateForm",
    "reauthenticate": "accounts.sign_in.mfa.ReauthenticateForm",
}
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO_ALLOWED)
# Sign-in by an OpenID Connect provider: off unless configured; creates no users and no rights (accounts.sign_in.oidc).
OIDC_ISSUER = env("OIDC_ISSUER", default="").rstrip("/")
SOCIALACCOUNT_ADAPTER = "accounts.sign_in.oidc.KnownPeopleOnly"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env("OIDC_NAME", default="OpenID Connect"),
                "client_id": env("OIDC_CLIENT_ID", default=""),
                "secret": env("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else []
    }
}

SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # guardian's own backend is deliberately not used: policy.AudienceBackend decides on objects
]

# ── Languages: the six of the United Nations ─────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", "العربية"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("zh-hans", "中文"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh-hans")
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

# ── Sessions, cookies, transport ─────────────────────────────────────────────
SESSION_ENGINE = "accounts.sign_in.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # from its start, whatever its use
SESSION_IDLE_SECONDS = 30 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # cookie storage would contain names
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "django_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers apply this rule also to the redirect that follows a form.
        "form-action": [SELF, *(["/".join(OIDC_ISSUER.split("/")[:3])] if OIDC_ISSUER else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# ── Files ────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR_DIR / "files"  # never mapped to a URL: files are served only by views that check access
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "portal.static_files.ReadableStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # Public, and collected by another user than the one who serves them, so not restricted like uploads (below).
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
FILE_MAX_BYTES = 10 * 1024 * 1024
FILE_MAX_PIXELS = 40_000_000
FILE_QUOTA_BYTES = env.int("FILE_QUOTA_BYTES", default=2 * 1024**3)  # for one organisation
# How many files are cleaned at once on this machine, each in at most 1 GiB of memory.
FILE_CLEANINGS = max(1, env.int("FILE_CLEANINGS", default=2))
CLAMAV = env("CLAMAV", default="")  # path of the daemon's socket, or host:port; if set, no unscanned file is served
FILES_ACCEL_PREFIX = env("FILES_ACCEL_PREFIX", default="")  # the web server's URL of MEDIA_ROOT (docs/files.md)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The portal's user alone reads files; where the web server sends them, its group does too. New folders then have the
# group and mode that the folder of all files gives them (docs/files.md); to set a mode would undo that.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = (0o640, None) if FILES_ACCEL_PREFIX else (0o600, 0o700)
FILE_UPLOAD_HANDLERS = ["files.uploads.CappedUploadHandler"]

# ── API ──────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "entities.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["web.renderers.FastJSON"],
    "DEFAULT_PARSER_CLASSES": ["portal.parsers.BoundedJSON"],  # plus multipart forms where a file can be sent
    "DEFAULT_METADATA_CLASS": "web.metadata.NoMetadata",  # DRF's own would list the possible values of fields
    "DEFAULT_SCHEMA_CLASS": "portal.schema.ScopedSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "portal.errors.api_exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}  # each token has an end, at most TOKEN_MAX_DAYS away
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105 (the name of a model)
MIGRATION_MODULES = {"knox": None}  # its own table, which would be empty, is not created
TOKEN_MAX_DAYS = 90
SPECTACULAR_SETTINGS = {
    "TITLE": "Counter-terrorism technical assistance portal",
    "VERSION": "1",
    "DESCRIPTION": "`x-token-scope` names what a token must be good for; without it any token will do.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "portal.schema.with_errors"],
    "ENUM_NAME_OVERRIDES": {  # aggregates add their own (assistance/rest/schema.py)
        "Language": [(code.split("-")[0], name) for code, name in LANGUAGES],
        "OrganisationKind": "entities.models.Kind",
        "Role": "entities.models.Role",
    },
}

# ── Logs: no bodies, no titles ───────────────────────────────────────────────
LOG_LINE = "{asctime} {levelname} {name} [{request_id}] {message}"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "portal.logs.RequestIdFilter"}},
    "formatters": {"line": {"()": "portal.logs.OneLine", "style": "{", "format": LOG_LINE}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    # It logs at INFO when it is loaded, which is of no use to an operator.
    "loggers": {
        "pikepdf": {"level": "WARNING"},
        # Without the handlers that Django gives them, which would write the same line again, unmasked.
        "django": {"level": "INFO"},
        "django.server": {"level": "INFO"},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}

if PRODUCTION:
    production.refuse(vars(), {name for name, value in env.ENVIRON.items() if value})
