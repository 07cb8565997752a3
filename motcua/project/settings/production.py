"""Settings for real people. Refuses to start with anything that belongs to the demonstration (checks.py)."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from motcua.project.checks import find_production_problems
from motcua.project.settings.base import *  # settings are a namespace by Django's design

PRODUCTION = True
DEMO_MODE = False

SESSION_COOKIE_NAME = "__Host-session"  # browsers then insist on https, this host only, path /
CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must set it itself, and drop the client's
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

_problems = find_production_problems(globals())
if _problems:
    raise ImproperlyConfigured("\n".join(_problems))
