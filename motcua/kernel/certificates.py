"""Reading certificates as strictly as the standard writes them."""

from __future__ import annotations

import warnings

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning


def read_certificate(der: bytes) -> x509.Certificate:
    """Read a certificate. Raises: ValueError, also for an unknown version and a serial number that is not positive.

    Source: RFC 5280, 4.1.2.2.
    """
    with warnings.catch_warnings():  # the library only warns of it, for the sake of old authorities
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        try:
            return x509.load_der_x509_certificate(der)
        except CryptographyDeprecationWarning as error:
            raise ValueError("serial number") from error
        except x509.InvalidVersion as error:
            raise ValueError("version") from error
