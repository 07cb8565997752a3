"""The server that bench_exchange asks: the product, with the addresses of `exchange_urls`."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.project.settings.test")
settings.ROOT_URLCONF = "benchmarks.exchange_urls"
application = get_wsgi_application()
