"""Every setting of Kanal. What differs between installations comes from the environment (docs/operate.md)."""

from hashlib import sha256
from pathlib import Path
from typing import Any

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
    "kanal.issues",
    "kanal.dialogue",
    "kanal.brief",
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
        "DIRS": [
            BASE_DIR / room / "templates"
            for room in ("common", "agencies", "channels", "reports", "issues", "dialogue", "brief")
        ],
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

# Media. Each value is one account of the regency there; what is missing shows on the health page (docs/operate.md).
WHATSAPP: dict[str, Any] = {
    "api": env("KANAL_WHATSAPP_API", "https://graph.facebook.com/v23.0"),
    "phone_id": env("KANAL_WHATSAPP_PHONE_ID"),
    "token": env("KANAL_WHATSAPP_TOKEN"),
    "app_secret": env("KANAL_WHATSAPP_APP_SECRET"),
    "verify_token": env("KANAL_WHATSAPP_VERIFY_TOKEN"),
    "templates": env_list("KANAL_WHATSAPP_TEMPLATES"),
}
# A Facebook Page and an Instagram account are set up alike. `door` is where people write to them privately.
_PAGE_NAMES = ("id", "name", "token", "app_secret", "verify_token")


def _page(medium: str) -> dict[str, Any]:
    have: dict[str, Any] = {name: env(f"KANAL_{medium}_{name.upper()}") for name in _PAGE_NAMES}
    api = env(f"KANAL_{medium}_API", "https://graph.facebook.com/v23.0")
    return have | {"api": api, "human_agent": env_bool(f"KANAL_{medium}_HUMAN_AGENT")}


FACEBOOK = _page("FACEBOOK")
FACEBOOK["door"] = f"https://m.me/{FACEBOOK['name'] or FACEBOOK['id']}"
INSTAGRAM = _page("INSTAGRAM")
INSTAGRAM["door"] = f"https://ig.me/m/{INSTAGRAM['name']}" if INSTAGRAM["name"] else ""
TELEGRAM: dict[str, Any] = {
    "api": env("KANAL_TELEGRAM_API", "https://api.telegram.org"),
    "token": env("KANAL_TELEGRAM_TOKEN"),
    "secret": env("KANAL_TELEGRAM_SECRET"),
    "polling": env_bool("KANAL_TELEGRAM_POLLING"),
}
X: dict[str, Any] = {
    "api": env("KANAL_X_API", "https://api.x.com/2"),
    **{
        name: env(f"KANAL_X_{name.upper()}")
        for name in ("user_id", "consumer_key", "consumer_secret", "token", "token_secret")
    },
    "minutes": max(1, env_int("KANAL_X_MINUTES", 5)),
    "posts_a_month": env_int("KANAL_X_POSTS_A_MONTH", 10_000),
    "direct": env_bool("KANAL_X_DIRECT") or env_bool("KANAL_X_DIRECT_READ"),
    "direct_read": env_bool("KANAL_X_DIRECT_READ"),
    "everything": env_bool("KANAL_X_EVERYTHING"),
}
YOUTUBE: dict[str, Any] = {
    "api": env("KANAL_YOUTUBE_API", "https://www.googleapis.com/youtube/v3"),
    "oauth": env("KANAL_YOUTUBE_OAUTH", "https://oauth2.googleapis.com/token"),
    **{
        name: env(f"KANAL_YOUTUBE_{name.upper()}")
        for name in ("channel_id", "client_id", "client_secret", "refresh_token")
    },
    "minutes": max(1, env_int("KANAL_YOUTUBE_MINUTES", 5)),
    "units_a_day": env_int("KANAL_YOUTUBE_UNITS_A_DAY", 10_000),
    "everything": env_bool("KANAL_YOUTUBE_EVERYTHING"),
}
# Where somebody who wrote in public is asked to go on in private: a page, https://wa.me/62…, or words.
PUBLIC_CONTINUE = env("KANAL_PUBLIC_CONTINUE")
# Webhooks go to public machines alone; a program under development may listen on the same machine.
WEBHOOK_LOOPBACK = (DEBUG or DEMO or env_bool("KANAL_WEBHOOK_LOOPBACK")) and not PRODUCTION
# Field names, words and templates of an SMS gateway differ from one to the next: kanal/channels/sms/README.md.
_SMS_NAMES = {
    **dict.fromkeys(("gammu_database", "in_secret", "in_items", "out_url", "out_body", "out_headers"), ""),
    **dict.fromkeys(("out_success", "out_id", "out_no_number", "report_no_number"), ""),
    "in_auth": "token",
    "in_signature": "X-Signature",
    "out_method": "POST",
    "in_from": "from",
    "in_text": "text",
    "in_id": "id",
    "in_at": "at",
    "report_id": "id",
    "report_status": "status",
    "report_key": "key",
    "report_delivered": "delivered,delivrd,success,1",
    "report_failed": "failed,undelivered,undeliv,rejected,rejectd,expired,deleted,error,2,16",
    "report_underway": "queued,sent,submitted,accepted,acceptd,enroute,buffered,pending,4,8",
}
SMS: dict[str, str] = {name: env(f"KANAL_SMS_{name.upper()}", usual) for name, usual in _SMS_NAMES.items()}
# The mailbox that citizens write to. What leaves goes by EMAIL_* above.
MAILBOX: dict[str, Any] = {
    "host": env("KANAL_EMAIL_IN_HOST"),
    "port": env_int("KANAL_EMAIL_IN_PORT", 0),
    "security": env("KANAL_EMAIL_IN_SECURITY", "tls"),
    "user": env("KANAL_EMAIL_IN_USER"),
    "password": env("KANAL_EMAIL_IN_PASSWORD"),
    "folder": env("KANAL_EMAIL_IN_FOLDER", "INBOX"),
    "own_lists": env_list("KANAL_EMAIL_IN_LISTS"),
}
# SP4N-LAPOR!: the folder of its exports, the two calls that are known, and the desk that stands as the sender.
LAPOR: dict[str, Any] = {
    "folder": env("KANAL_LAPOR_FOLDER"),
    "api": env("KANAL_LAPOR_API", "https://www.lapor.go.id/api"),
    "token": env("KANAL_LAPOR_TOKEN"),
    "key": env("KANAL_LAPOR_KEY"),
    "sender_name": env("KANAL_LAPOR_SENDER_NAME"),
    "sender_email": env("KANAL_LAPOR_SENDER_EMAIL"),
    "sender_phone": env("KANAL_LAPOR_SENDER_PHONE"),
    "secret_reports": env_bool("KANAL_LAPOR_SECRET_REPORTS"),
}
# In demo and development a medium without an account of its own is played by /simulator/, on this very server.
SIMULATOR = DEMO or DEBUG
SIMULATOR_KEY = sha256(f"simulator:{SECRET_KEY}".encode()).hexdigest()
PLAYED_MEDIA: list[str] = []
if SIMULATOR and not WHATSAPP["token"]:
    PLAYED_MEDIA.append("whatsapp")
    WHATSAPP |= dict.fromkeys(("token", "app_secret", "verify_token"), SIMULATOR_KEY)
    WHATSAPP |= {"api": f"{BASE_URL}/simulator/graph", "phone_id": "62353", "templates": ["*=kabar_kanal:id"]}
if SIMULATOR and not TELEGRAM["token"]:
    PLAYED_MEDIA.append("telegram")
    TELEGRAM |= {"api": f"{BASE_URL}/simulator/bot", "token": SIMULATOR_KEY, "secret": SIMULATOR_KEY, "polling": False}
for _medium, _have in {"facebook": FACEBOOK, "instagram": INSTAGRAM}.items():
    if SIMULATOR and not _have["token"]:
        PLAYED_MEDIA.append(_medium)
        _have |= dict.fromkeys(("token", "app_secret", "verify_token"), SIMULATOR_KEY)
        _have |= {"api": f"{BASE_URL}/simulator/page/{_medium}", "id": "62354", "name": ""}
        _have |= {"door": f"{BASE_URL}/simulator/{_medium}/"}
if SIMULATOR and not SMS["out_url"] and not SMS["gammu_database"]:
    PLAYED_MEDIA.append("sms")
    SMS |= {"in_secret": SIMULATOR_KEY, "out_url": f"{BASE_URL}/simulator/gateway/kirim"}
    SMS |= {"out_body": '{"to": "{to}", "text": "{text}"}', "out_headers": f"Authorization: Bearer {SIMULATOR_KEY}"}
if SIMULATOR and not X["token"]:
    PLAYED_MEDIA.append("x")
    X |= dict.fromkeys(("consumer_key", "consumer_secret", "token", "token_secret"), SIMULATOR_KEY)
    X |= {"api": f"{BASE_URL}/simulator/papan/2", "user_id": "62355", "minutes": 0.05, "posts_a_month": 10**6}
    X |= {"direct": False, "direct_read": False}
if SIMULATOR and not YOUTUBE["refresh_token"]:
    PLAYED_MEDIA.append("youtube")
    YOUTUBE |= dict.fromkeys(("client_id", "client_secret", "refresh_token"), SIMULATOR_KEY)
    YOUTUBE |= {"api": f"{BASE_URL}/simulator/video", "oauth": f"{BASE_URL}/simulator/video/token"}
    YOUTUBE |= {"channel_id": "UCsimulator", "minutes": 0.05, "units_a_day": 10**6}

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
    # httpx notes every address it calls, and Telegram's addresses hold the bot's token.
    "loggers": {name: {"level": "WARNING"} for name in ("httpx", "httpcore")},
}
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # HSTS for subdomains is the regency's decision, not ours
