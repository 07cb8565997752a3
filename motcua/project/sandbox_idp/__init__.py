"""A small OpenID Connect provider that plays VNeID with invented people. Demonstration and tests only.

It keeps the protocol strictly (exact redirect address, PKCE S256, one-time codes, client authentication), so that it
is a fake that can be trusted in the place of the real one. It keeps nothing but its signing key.
"""
