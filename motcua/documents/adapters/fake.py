"""Stand-ins for demonstration and tests: a scanner that knows one harmless test virus, and one that is down."""

from __future__ import annotations

from motcua.documents.types import ScannerUnavailable, ScanVerdict

# The EICAR test string, in two parts so that this source file is not itself taken for the test virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class EicarScanner:
    """Finds the EICAR test string anywhere in the bytes, nothing else. Never for real people's files."""

    def scan(self, content: bytes) -> ScanVerdict:
        if EICAR in content:
            return ScanVerdict(is_infected=True, threat="Eicar-Test-Signature")
        return ScanVerdict(is_infected=False)


class DownScanner:
    """Never answers, as a scanner service that is down."""

    def scan(self, content: bytes) -> ScanVerdict:
        raise ScannerUnavailable("down by request of a test")
