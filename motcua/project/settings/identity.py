"""Sign-in: who lets people in, how long a session lives, how often one may try. Used by base.py."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

# --- Accounts and sessions -------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["motcua.identity.queries.backend.IdentityBackend"]  # account, person and roles in one query
LOGIN_URL = "identity:resident_sign_in"
LOGIN_REDIRECT_URL = "identity:after_sign_in"  # sends residents to their page, officials to their inbox
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",  # memory-hard, in the standard library
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "full_name")}},
]  # fmt: skip

SESSION_ENGINE = "motcua.identity.queries.session_store"  # a session can be ended from the server at once
SESSION_COOKIE_AGE = 12 * 3600  # the longest absolute end below; the middleware enforces the ends
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # shared computers at wards and in libraries
# Minutes without a request, and hours since sign-in, after which a session ends.
# Residents: NIST SP 800-63B's limits for its middle level (30 minutes, 12 hours): time to look for a paper at home.
# Officials: 15 minutes, as they see other people's data and their screen stands at a counter;
# 10 hours cover one office day (07:30-17:00), so that no session lives into the next.
IDENTITY_SESSION_LIMITS = {"resident": (30, 12), "official": (15, 10)}
IDENTITY_SESSION_TOUCH_SECONDS = 60  # how stale "last seen" may be: one write a minute instead of one a request
IDENTITY_STEP_UP_SECONDS = 300  # how long one TOTP code covers signatures: a pile of decisions, not a lunch break

# --- Sign-in attempts ------------------------------------------------------------------------------------------------
# Counters and used one-time marks must be seen by every web process, so they lie in the one database
# (table of identity's migration 0002, unlogged), not in the memory of one process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000, "CULL_FREQUENCY": 4},
    }
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",  # a whole ward office may sit behind one address
    "login_failed": "20/m/ip,5/300s/key",  # five wrong tries for one account, then five minutes of rest
}
PROXIES = int(os.environ.get("MOTCUA_PROXIES", "0"))  # proxies of ours in front that add to X-Forwarded-For
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# --- allauth: OpenID Connect client and second factor; none of its own pages is mounted -------------------------------
ACCOUNT_ADAPTER = "motcua.identity.views.hooks.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "motcua.identity.views.hooks.SocialAccountAdapter"
MFA_ADAPTER = "motcua.identity.views.hooks.MfaAdapter"  # enciphers the secrets of telephones
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up itself is closed by the adapter; allauth checks the pair
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False  # nothing is asked of the provider after sign-in
SOCIALACCOUNT_LOGIN_ON_GET = False  # a foreign page must not start a sign-in
MFA_TOTP_ISSUER = "Một Cửa"
MFA_TOTP_TOLERANCE = 1  # telephones' clocks: one step either way; a step is accepted once (identity's own check)
MFA_RECOVERY_CODE_COUNT = 10

# --- The identity provider -------------------------------------------------------------------------------------------
# VNeID's registration, claim list and logout are not public: everything about it is configuration.
# An address that begins with "/" is the sandbox provider on this very site (demonstration mode only).
OIDC_ISSUER = os.environ.get("MOTCUA_OIDC_ISSUER", "/sandbox-id")  # exactly as the provider names itself
OIDC_CLIENT_ID = os.environ.get("MOTCUA_OIDC_CLIENT_ID", "motcua")  # given by the provider at registration
OIDC_CLIENT_SECRET = os.environ.get("MOTCUA_OIDC_CLIENT_SECRET", "sandbox-secret")  # likewise; keep it out of files
OIDC_SCOPE = os.environ.get("MOTCUA_OIDC_SCOPE", "openid profile")  # "openid" alone was seen at the national provider
OIDC_USERINFO = os.environ.get("MOTCUA_OIDC_USERINFO", "1")  # 0 when the ID token already carries every claim
OIDC_TOKEN_AUTH = os.environ.get("MOTCUA_OIDC_TOKEN_AUTH", "client_secret_basic")  # or client_secret_post
OIDC_PAGE = os.environ.get("MOTCUA_OIDC_PAGE", OIDC_ISSUER)  # its sign-in page, when on another host than the issuer
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "vneid",
                "name": "VNeID",
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {
                    "server_url": OIDC_ISSUER,
                    "oauth_pkce_enabled": True,
                    "scope": OIDC_SCOPE.split(),
                    "fetch_userinfo": OIDC_USERINFO == "1",
                    "token_auth_method": OIDC_TOKEN_AUTH,
                },
            }
        ]
    }
}
OIDC_SIGNING_ALGORITHMS = ("RS256", "ES256")  # seen at the national provider: RS256; "none" and HMAC never
# Our field -> the provider's claim names, first match wins.
OIDC_CLAIMS = {
    "personal_id": ("SoDinhDanh", "personal_id", "citizen_id"),
    "full_name": ("HoVaTen", "name"),
    "birth_on": ("NgayThangNamSinh", "birthdate"),
    "sex": ("GioiTinh", "gender"),
    "phone": ("SoDienThoai", "phone_number"),
    "email": ("email",),
    "address": ("NoiThuongTru", "address"),
    "area_code": ("MaXa", "area_code"),
    "level": ("MucDo", "acr"),
}
OIDC_LEVELS = {"1": 1, "2": 2, "urn:vneid:loa:1": 1, "urn:vneid:loa:2": 2}  # any other value counts as level 1
OIDC_DISCOVERY_SECONDS = 600  # how long the provider's description and keys are kept; an unknown key asks again at once
# In demonstration mode the site asks its own sandbox without the network: no deadlock, no port mapping to guess.
OIDC_SANDBOX_TRANSPORT = "motcua.project.sandbox_idp.transport.InProcessTransport"
# Browsers apply form-action to redirects too, so an outside provider must be named (ui's policy reads it).
CSP_FORM_ACTION = tuple(f"{parts.scheme}://{parts.netloc}" for parts in [urlsplit(OIDC_PAGE)] if parts.netloc)
