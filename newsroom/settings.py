"""Settings, read from the environment. One file; `.env` beside manage.py may hold the values.

| name | default | for |
| --- | --- | --- |
| SECRET_KEY | – (required while DEBUG is off) | signatures |
| DEBUG | False | error pages for developers |
| ALLOWED_HOSTS | localhost,127.0.0.1,[::1] | host names that are answered |
| CSRF_TRUSTED_ORIGINS | – | other origins staff work from |
| DATABASE_URL | sqlite:///…/db.sqlite3 | or postgres://user:password@host/name |
| CACHE_URL | locmem:// | or redis://host:6379/0 |
| SEARCH_URL | – (the database) | or opensearch://host:9200/newsroom |
| MEDIA_ROOT | media | uploads; private originals and public pictures |
| KEPT_PAGES_DIR | .kept-pages | rendered pages, shared by the workers; may be emptied at any time |
| ATTACHMENT_MB, VIDEO_MB | 50, 500 | the largest attachment and video, in MB |
| ENV_FILE | .env | another file of settings |
| HTTPS | False | secure cookies, HSTS |
| SITE_ADDRESS | – (the host that is asked) | scheme and host in feeds, sitemaps and link previews |
| COUNT_STAFF | True | whether logged-in staff count as readers |
| VISIT_BUDGET | 600 | new visits a minute from one network that count without being looked at |
| REVIEW_OVERDUE_HOURS | 24 | how long a story may wait at a stage before it is overdue |
| EMAIL_URL | – (no e-mail) | smtp://, smtp+tls:// or smtps://user:password@host:port |
| EMAIL_FROM | newsroom@localhost | the address notices come from |
| ICP_NUMBER, POLICE_NUMBER | – | registrations in the footer, 京ICP备… and 京公网安备… |
| PROXY_COUNT | 0 | trusted proxies in front, for the reader's address |
"""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from newsroom import environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment.read_env_file(environment.text("ENV_FILE") or str(BASE_DIR / ".env"))

# --- The basics ---------------------------------------------------------------------------

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.text("SECRET_KEY") or ("only-for-development" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing: set it in the environment or in .env (`make run` writes one)."
    )
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
HTTPS = environment.flag("HTTPS", default=False)
PROXY_COUNT = environment.number("PROXY_COUNT", default=0, most=10)

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "newsroom.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "imagefield",
    "django_prose_editor",
    "taggit",
    "articles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.languages.choose_by_address",
    "newsroom.middleware.refuse_unstorable_text",
    "newsroom.middleware.hide_cookies_from_public_pages",
    # Beneath all that adds headers to public pages, above all that costs them time.
    "articles.portal.beacon.answer_beacons",
    "articles.portal.kept_pages.answer_kept_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

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
            ],
        },
    }
]

# --- Rows and caches ----------------------------------------------------------------------

DATABASES = {
    "default": environment.database("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
}
CACHES = {"default": environment.cache("CACHE_URL", default="locmem://")}
SEARCH_URL = environment.search_server("SEARCH_URL")

KEPT_PAGES_DIR = Path(environment.text("KEPT_PAGES_DIR", str(BASE_DIR / ".kept-pages"))).resolve()
# By a thread of the process in which something is published; the tests do it at once.
WARM_KEPT_PAGES = True

# --- Views --------------------------------------------------------------------------------

COUNT_STAFF = environment.flag("COUNT_STAFF", default=True)
# More than an office of 500 that arrives within a minute; known networks have their own.
VISIT_BUDGET = environment.number("VISIT_BUDGET", default=600, least=1, most=1_000_000)

# --- The editorial process ------------------------------------------------------------------

REVIEW_OVERDUE_HOURS = environment.number(
    "REVIEW_OVERDUE_HOURS", default=24, least=1, most=24 * 366
)
_mail = environment.mail_server("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.is_secret, _mail.becomes_secret
# A server that does not answer must not hold up the next minute's notices.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.mailbox("EMAIL_FROM", default="newsroom@localhost")

# --- Language and time --------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files --------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".static"
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", str(BASE_DIR / "media"))).resolve()
STORAGES = {
    "default": {"BACKEND": "newsroom.storage.DurableFileSystemStorage"},
    "staticfiles": {"BACKEND": "newsroom.storage.HashedStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# A body may hold 5 MB of text and an article 500 pictures; Django's defaults (2.5 MB, 1,000
# fields) would answer 400 and lose what was typed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# In bytes; whoever raises them raises client_max_body_size of nginx too (docs/operations.md).
LARGEST_ATTACHMENT = environment.number("ATTACHMENT_MB", default=50, least=1, most=500) * 1024**2
LARGEST_VIDEO = environment.number("VIDEO_MB", default=500, least=1, most=4_000) * 1024**2
MOST_ATTACHMENTS = 20

# Made by a thread of the serving process; the tests make them at once.
RENDITIONS_IN_BACKGROUND = True
# Renditions are made by articles.renditions when a picture arrives, never by a signal.
IMAGEFIELD_AUTOGENERATE = False
IMAGEFIELD_BIN_DEPTH = 2
# The picture room re-encodes before it saves; a second decode of the same bytes proves nothing.
IMAGEFIELD_VALIDATE_ON_SAVE = False

# --- Tags ---------------------------------------------------------------------------------

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "articles.text.split_tags"
TAGGIT_STRING_FROM_TAGS = "articles.text.join_tags"

# --- People -------------------------------------------------------------------------------

LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "newsroom.authentication.OneStatementBackend",
]
# One log-in costs as much CPU as 130 page views: Argon2 with OWASP's second set of numbers
# (19 MiB, 2 passes, 1 lane), not Django's 100 MiB.
PASSWORD_HASHERS = [
    "newsroom.hashers.ModestArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Five failures of one name from one address, then a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "newsroom.addresses.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# Its lists would answer any look-up; `manage.py axes_reset_username` unlocks.
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# --- What browsers are told ---------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
# Subdomains and browsers' preload lists would bind hosts that are not ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# No inline script, no inline style, nothing from elsewhere. The nonce is only written into the
# header when a page asks for it: the article form does, for the editor's import map.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A film that is still on its way is shown from the computer it comes from.
        "media-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        # The previews beside the article form and the slots of the front page.
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# --- Running ------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"hide_preview_tokens": {"()": "newsroom.logs.HidePreviewTokens"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["hide_preview_tokens"],
        }
    },
    # Django names the address of every 404 here, for handlers besides ours, too.
    "loggers": {"django.request": {"filters": ["hide_preview_tokens"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
SITE_NAME = environment.text("SITE_NAME") or _("Group newsroom")
SITE_ADDRESS = environment.origin("SITE_ADDRESS")
# What the footer has to name, for example 京ICP备00000000号 and 京公网安备11000000000000号.
ICP_NUMBER = environment.text("ICP_NUMBER")
POLICE_NUMBER = environment.text("POLICE_NUMBER")
# The demo's people share this password; without it `manage.py demo` makes one up and prints it.
DEMO_PASSWORD = environment.text("DEMO_PASSWORD")
