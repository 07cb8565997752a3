"""Settings of the test run: demonstration settings, fast hashing, plain static names."""

from __future__ import annotations

import os

from motcua.project.settings.demo import *
from motcua.project.settings.demo import DATABASES, MIDDLEWARE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
DATABASES = {
    "default": DATABASES["default"]
    | {
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
        "TEST": {"TEMPLATE": os.environ.get("MOTCUA_TEST_TEMPLATE")},  # a migrated database that a test run copies
    }
}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # no collected files in tests
