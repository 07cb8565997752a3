"""Keys in a token: SoftHSM2 stands for the HSM, with RSA and EC keys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)

# The library reads its place once for each process, so the token's life is lived in a process of its own.
SCRIPT = """
import subprocess, sys
from pathlib import Path
import pkcs11
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from motcua.documents.adapters.certificates import Purpose, certify, make_name
from motcua.documents.adapters.pkcs11_keys import Pkcs11KeyStore, Pkcs11Token
from motcua.documents.rules.signatures import verify_pdf_bytes
from motcua.documents.rules.signing import sign_pdf_paper
from motcua.documents.tests.city import found_city
from motcua.documents.tests.factories import AGENCY_NAME, NOW, make_bare_pdf
from motcua.documents.types import SigningKeyMissing
from pkcs11.util.ec import encode_named_curve_parameters, encode_ec_public_key
from pkcs11.util.rsa import encode_rsa_public_key

library, folder = sys.argv[1], Path(sys.argv[2])
city = found_city(folder / "keys")
session = pkcs11.lib(library).get_token(token_label="thanh-pho").open(user_pin="1234", rw=True)
_, rsa_private = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="H29.1")
public, _ = session.create_domain_parameters(
    pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
).generate_keypair(store=True, label="H29.2")
rsa_public = session.get_key(pkcs11.ObjectClass.PUBLIC_KEY, label="H29.1")
from asn1crypto.keys import PublicKeyInfo, RSAPublicKey
plain = RSAPublicKey.load(encode_rsa_public_key(rsa_public))
keys = {
    "H29.1": load_der_public_key(PublicKeyInfo.wrap(plain, "rsa").dump()),
    "H29.2": load_der_public_key(encode_ec_public_key(public)),
}
issuer_key, chain = city.store.authority._ready("issuing", NOW)

class Half:
    def __init__(self, public):
        self._public = public
    def public_key(self):
        return self._public

for code, key in keys.items():
    name = make_name(AGENCY_NAME, AGENCY_NAME, code)
    made = certify(name, Half(key), (issuer_key, chain[0]), NOW, purpose=Purpose(years=1))
    (folder / f"{code}.pem").write_bytes(made.public_bytes(Encoding.PEM) + chain[0].public_bytes(Encoding.PEM))
session.close()
token = Pkcs11Token(library, "thanh-pho", "1234")
store = Pkcs11KeyStore(token, folder, None)
for code in keys:
    signed = sign_pdf_paper(
        make_bare_pdf(), key=store.get_key(code), signer_name="An", reason="", now=NOW, stamper=city.store.authority
    )
    report = verify_pdf_bytes(signed.content, trust_roots=city.roots, now=NOW)
    assert (report.status, report.signers[0].agency_code) == ("valid", code), report
token._session.close()  # the device was pulled out and put back: the next signature opens it again
assert store.get_key("H29.2").sign_sha256(b"x")
for code in ("H29.9", "../H29.1", ""):
    try:
        store.get_key(code)
    except SigningKeyMissing:
        continue
    raise AssertionError(code)
print("signed")
"""


@pytest.mark.slow
def test_token_signs_with_rsa_and_ec(tmp_path: Path) -> None:
    library = next((path for path in LIBRARIES if Path(path).exists()), "")
    assert library, "SoftHSM2 is missing: run deploy/install_softhsm.sh"
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    env = os.environ | {"SOFTHSM2_CONF": str(settings), "DJANGO_SETTINGS_MODULE": "motcua.project.settings.test"}
    make = ["softhsm2-util", "--init-token", "--free", "--label", "thanh-pho", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(make, env=env, check=True, capture_output=True)
    start = "import django; django.setup()\n"
    run = [sys.executable, "-c", start + SCRIPT, library, str(tmp_path)]
    answer = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
    assert answer.stdout.strip().endswith("signed"), answer.stderr[-3000:]
