"""Settings that hold everywhere. Each is read once, with its default and its reason beside it."""

from __future__ import annotations

import os
from pathlib import Path

from motcua.project.database import get_database_url, parse_database_url
from motcua.project.settings.identity import *  # sign-in: one file of its own
from motcua.project.settings.linkage import *  # how records of one person are joined
from motcua.project.settings.national import *  # the national platform: one file of its own
from motcua.project.settings.payments import *  # ways to pay: one file of its own
from motcua.project.settings.vault import *  # papers of people: one file of its own

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "motcua"
VAR_DIR = Path(os.environ.get("MOTCUA_VAR_DIR", ROOT / "var"))  # everything the product writes to disk

DEBUG = False
SECRET_KEY = os.environ.get("MOTCUA_SECRET_KEY", "")  # production refuses to start without one (checks.py)
_hosts = os.environ.get("MOTCUA_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")  # names that the site answers to
ALLOWED_HOSTS = _hosts.split(",")
PUBLIC_URL = os.environ.get("MOTCUA_PUBLIC_URL", "http://localhost:8000")  # printed in QR codes and receipts
# What one address may ask of tracking and verification: a whole office may sit behind it, guessers ask thousands.
_asks = os.environ.get("MOTCUA_PUBLIC_ASKS_PER_MINUTE", "120")  # a wrong code counts five times; 0: no limit
PUBLIC_ASKS_PER_MINUTE = int(_asks)
DEMO_MODE = False  # one-click sign-in and the sandbox identity provider; refused in production (checks.py)

# The stack of modules, bottom to top (ARCHITECTURE contract 1).
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "motcua.ui",
    "motcua.outbox",
    "motcua.audit",
    "motcua.places",
    "motcua.identity",
    "motcua.documents",
    "motcua.registers",
    "motcua.linkage",
    "motcua.exchange",
    "motcua.payments",
    "motcua.vault",
    "motcua.cases",
    "motcua.procedures",
    "motcua.dossiers",
    "motcua.designer",
    "motcua.national",
    "motcua.portal",
    "motcua.indices",
    "motcua.operations",
    "motcua.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.ui.middleware.PublicPagesGzipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "motcua.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "motcua.ui.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "motcua.identity.middleware.PrincipalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "motcua.ui.middleware.DomainErrorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "motcua.project.urls"
WSGI_APPLICATION = "motcua.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Jinja2 first (ours), Django templates for what libraries bring.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [path for path in sorted(PACKAGE.glob("*/templates"))],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "motcua.ui.jinja.build_environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASE_URL = get_database_url()
DATABASES = {
    "default": parse_database_url(DATABASE_URL)
    | {
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 12, "timeout": 10},
            "server_side_binding": True,  # a statement's text stays the same whatever its values, so that
            "prepare_threshold": 2,  # the server plans it once a connection: a third of its work at a filing
        },
    }
}

AUTH_USER_MODEL = "identity.User"
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# Files and their keys: a folder by default, an S3-compatible store by setting.
MOTCUA_BLOB_STORE = os.environ.get("MOTCUA_BLOB_STORE", "folder")  # or "s3": many web processes on many machines
MOTCUA_S3_ENDPOINT = os.environ.get("MOTCUA_S3_ENDPOINT", "")  # address of the store
MOTCUA_S3_BUCKET = os.environ.get("MOTCUA_S3_BUCKET", "")  # its bucket
MOTCUA_S3_ACCESS_KEY = os.environ.get("MOTCUA_S3_ACCESS_KEY", "")  # who we are there
MOTCUA_S3_SECRET_KEY = os.environ.get("MOTCUA_S3_SECRET_KEY", "")  # proof of it
MOTCUA_S3_REGION = os.environ.get("MOTCUA_S3_REGION", "us-east-1")  # part of the signature, also for other vendors
MOTCUA_S3_PREFIX = os.environ.get("MOTCUA_S3_PREFIX", "")  # a folder inside the bucket
MOTCUA_SCANNER = os.environ.get("MOTCUA_SCANNER", "")  # malware scanner; empty: clamd, in the demonstration a fake
MOTCUA_CLAMD_ADDRESS = os.environ.get("MOTCUA_CLAMD_ADDRESS", "unix:///run/clamav/clamd.ctl")  # or tcp://host:port
MOTCUA_KEY_STORE = os.environ.get("MOTCUA_KEY_STORE", "software")  # keeper of signing keys, or a dotted path to one
MOTCUA_SIGNATURE_PICTURES = os.environ.get("MOTCUA_SIGNATURE_PICTURES", "")  # folder of <code>.png: hands and seals
MOTCUA_TRUST_ROOTS = os.environ.get("MOTCUA_TRUST_ROOTS", "")  # folder of root certificates whose signatures count
MOTCUA_SIGNATURE_LEVEL = os.environ.get("MOTCUA_SIGNATURE_LEVEL", "B-B")  # PAdES: B-B, B-T, B-LT or B-LTA
MOTCUA_TSA_URL = os.environ.get("MOTCUA_TSA_URL", "")  # time-stamping service (RFC 3161), needed above B-B
MOTCUA_DEMO_PKI_URL = os.environ.get("MOTCUA_DEMO_PKI_URL", "")  # where `motcua demo_pki` answers, in certificates
MOTCUA_PKCS11_LIBRARY = os.environ.get("MOTCUA_PKCS11_LIBRARY", "")  # the token's own library (.so)
MOTCUA_PKCS11_TOKEN = os.environ.get("MOTCUA_PKCS11_TOKEN", "")  # label of the token that keeps the agencies' keys
MOTCUA_PKCS11_PIN = os.environ.get("MOTCUA_PKCS11_PIN", "")  # opens it
MOTCUA_PKCS11_CERTIFICATES = os.environ.get("MOTCUA_PKCS11_CERTIFICATES", "")  # folder of the agencies' certificates
MOTCUA_CSC_URL = os.environ.get("MOTCUA_CSC_URL", "")  # remote signing service (CSC API v2), reached by https
MOTCUA_CSC_TOKEN = os.environ.get("MOTCUA_CSC_TOKEN", "")  # who we are there
MOTCUA_CSC_CREDENTIALS = os.environ.get("MOTCUA_CSC_CREDENTIALS", "")  # JSON file: who signs with which credential

_keep_days = os.environ.get("MOTCUA_OUTBOX_KEEP_DAYS", "30")  # how long delivered events stay to be looked at
OUTBOX_KEEP_DAYS = int(_keep_days)

MOTCUA_COPY_DIR = Path(os.environ.get("MOTCUA_COPY_DIR", VAR_DIR / "copy"))  # the analytical copy: one folder, shared
MOTCUA_COPY_KEY = os.environ.get("MOTCUA_COPY_KEY", "")  # makes its case keys; empty: derived from the secret key
_small_group = os.environ.get("MOTCUA_COPY_SMALL_GROUP", "5")  # figures of fewer cases than this are not shown
MOTCUA_COPY_SMALL_GROUP = int(_small_group)

MOTCUA_EXCHANGE_CERTIFICATE_HEADER = os.environ.get("MOTCUA_EXCHANGE_CERTIFICATE_HEADER", "")  # of the TLS server
MOTCUA_EXCHANGE_CLIENT_CERTIFICATE = os.environ.get("MOTCUA_EXCHANGE_CLIENT_CERTIFICATE", "")  # PEM for providers
MOTCUA_GOVSTACK_PREFIX = os.environ.get("MOTCUA_GOVSTACK_PREFIX", "govstack/")  # "" puts that interface at the root
MOTCUA_EXCHANGE_SIGNER = os.environ.get("MOTCUA_EXCHANGE_SIGNER", "exchange")  # whose key signs the message log
MOTCUA_EXCHANGE_TSA = os.environ.get("MOTCUA_EXCHANGE_TSA", "")  # address of an RFC 3161 service; "software": demo

# Everything to the console, faults with their trace: one place to look, whoever keeps it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "motcua.project.static_files.StaticFiles"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # the sign-in redirect comes back from another site
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "motcua.ui.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
