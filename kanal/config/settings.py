"""Every setting of Kanal. What differs between installations comes from the environment (docs/operate.md)."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kanal.config.env import database, env, env_bool, env_int, env_list, package_dir, secret_from

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("KANAL_DATA_DIR", str(BASE_DIR.parent / "var"))).resolve()

PRODUCTION = env_bool("KANAL_PRODUCTION")
DEMO = env_bool("KANAL_DEMO") and not PRODUCTION
DEBUG = env_bool("KANAL_DEBUG") and not PRODUCTION
BASE_URL = env("KANAL_BASE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env_list("KANAL_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env_list("KANAL_TRUSTED_ORIGINS")
SECURITY_CONTACT = env_list("KANAL_SECURITY_CONTACT")

# Secrets. SALT_KEY belongs to the encrypted fields: losing either loses the citizens' words for ever.
SECRET_KEY = secret_from("KANAL_SECRET_KEY", DATA_DIR / "secret.key", required=PRODUCTION)
SECRET_KEY_FALLBACKS = env_list("KANAL_SECRET_KEY_FALLBACKS")
SALT_KEY = [
    secret_from("KANAL_SALT_KEY", DATA_DIR / "salt.key", required=PRODUCTION),
    *env_list("KANAL_SALT_KEY_FALLBACKS"),
]
# The key of look-up hashes (phone, e-mail) and private links never rotates with the session key: see docs/privacy.md.
LOOKUP_KEY = secret_from("KANAL_LOOKUP_KEY", DATA_DIR / "lookup.key", required=PRODUCTION)

INSTALLED_APPS = [
    "kanal.config",
    "kanal.common",
    "kanal.agencies",
    "kanal.channels",
    "kanal.reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "kanal.common.middleware.OursAlone",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kanal.common.middleware.OurOwnContent",
    "kanal.common.middleware.KeptByNobody",
    "kanal.common.middleware.RefuseBrokenInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kanal.common.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kanal.agencies.middleware.SecondFactor",
    "kanal.common.middleware.PoliteRefusal",
]
CSRF_FAILURE_VIEW = "kanal.config.errors.no_cookie"
ROOT_URLCONF = "kanal.config.urls"
WSGI_APPLICATION = "kanal.config.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        # Kanal's own pages: Jinja2 renders a 50-row list several times faster than Django's language (docs/adr/0002).
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [BASE_DIR / room / "templates" for room in ("common", "agencies", "reports")],
        "OPTIONS": {
            "environment": "kanal.common.jinja.environment",
            "context_processors": ["kanal.agencies.context.site"],
        },
    },
    {
        # Django's admin and allauth's own pages.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]
FORM_RENDERER = "kanal.common.widgets.QuickWidgets"

DATABASES = {"default": database(env("KANAL_DATABASE_URL") or f"sqlite://{DATA_DIR}/db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Each process has a cache of its own; what is dear to count lies in files, where server processes and worker share it.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}},
    "shared": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA_DIR / "cache"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Language and time. The source language of every text is Indonesian (docs/adr/0003).
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesia")), ("en", _("Inggris"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "bahasa"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("KANAL_TIMEZONE", "Asia/Jakarta")
USE_THOUSAND_SEPARATOR = False

# Files. Uploads are never served by path: a view checks who asks.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing, and a warning is a failed test
# Leaflet's files alone: django-leaflet as an installed app would ask for the GDAL system library.
STATICFILES_DIRS = [package_dir("leaflet") / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "kanal.config.static_files.HashedStaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # the text fields of one form; files are counted apart
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# People. Sign-in is a mailed code or a password, and for staff in production always a second factor.
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["kanal.agencies.sign_in.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/meja/"
ACCOUNT_ADAPTER = "kanal.agencies.sign_in.StaffOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, never by signing up
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Kanal] "
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kanal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SECOND_FACTOR_REQUIRED = env_bool("KANAL_SECOND_FACTOR", default=PRODUCTION)
SESSION_ENGINE = "kanal.agencies.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Outgoing mail goes through the outbox (channels.Outbound); the backend below is only its last step.
EMAIL_BACKEND = env("KANAL_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env("KANAL_EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("KANAL_EMAIL_PORT", 25)
EMAIL_HOST_USER = env("KANAL_EMAIL_USER")
EMAIL_HOST_PASSWORD = env("KANAL_EMAIL_PASSWORD")
EMAIL_USE_TLS = env_bool("KANAL_EMAIL_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("KANAL_EMAIL_FROM", "Kanal <kanal@localhost>")

# Browsers: no inline script or style, no third party at all, unless a tile server is named.
TILE_URL = env("KANAL_TILE_URL")
TILE_ATTRIBUTION = env("KANAL_TILE_ATTRIBUTION")
CONTENT_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:", *env_list("KANAL_TILE_ORIGINS")],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "media-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # a private link must not leak through the Referer header
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env_bool("KANAL_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env_int("KANAL_HSTS_SECONDS", 31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("KANAL_BEHIND_PROXY") else None
TRUSTED_PROXIES = env_int("KANAL_TRUSTED_PROXIES", 1 if env_bool("KANAL_BEHIND_PROXY") else 0)

# Limits per client address; 0 switches one off (bench). Counted per server process.
LIMITS = {
    "report": (env_int("KANAL_LIMIT_REPORTS", 12), 3600),
    "track": (env_int("KANAL_LIMIT_TRACKS", 60), 600),
    "follow": (env_int("KANAL_LIMIT_FOLLOWS", 30), 3600),
}
PROOF_OF_WORK_COST = env_int("KANAL_PROOF_OF_WORK_COST", 30_000)
CANONICAL_PACK = env("KANAL_PACK", "bojonegoro")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "kanal.common.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("KANAL_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # HSTS for subdomains is the regency's decision, not ours
