"""Every keeper of keys keeps the same promises: files, a token (SoftHSM2 stands for the HSM), and the fake of tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from motcua.documents.tests.test_pkcs11 import LIBRARIES
from motcua.vault.adapters.fake import FakeKeeper
from motcua.vault.adapters.software_keeper import SoftwareKeeper
from motcua.vault.types import ContentDamaged, KeeperAway, KeyDestroyed, KeyKeeper, WrappedKey

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = bytes(range(32))


def keep_promises(keeper: KeyKeeper) -> None:
    """Close, open, change the key, destroy the old one; nothing opens in another place or after the end."""
    first = keeper.wrap(KEY, context=b"one")
    assert keeper.unwrap(first, context=b"one") == KEY and KEY not in first.wrapped
    assert keeper.wrap(KEY, context=b"one").wrapped != first.wrapped
    for wrong, context in (
        (first, b"other"),
        (WrappedKey(first.kek_id, first.wrapped[:-1] + bytes([first.wrapped[-1] ^ 1])), b"one"),
    ):
        with pytest.raises(ContentDamaged):
            keeper.unwrap(wrong, context=context)
    name = keeper.rotate(now=NOW)
    assert name != first.kek_id and name == keeper.get_current_id()
    second = keeper.wrap(KEY, context=b"one")
    assert second.kek_id == name and keeper.unwrap(first, context=b"one") == KEY
    keeper.destroy(first.kek_id)
    with pytest.raises(KeyDestroyed):
        keeper.unwrap(first, context=b"one")
    assert keeper.unwrap(second, context=b"one") == KEY


@pytest.mark.parametrize("make", [lambda folder: SoftwareKeeper(folder / "keys"), lambda _folder: FakeKeeper()])
def test_a_keeper_keeps_its_promises(make: Callable[[Path], KeyKeeper], tmp_path: Path) -> None:
    keep_promises(make(tmp_path))


def test_two_processes_share_one_key_and_one_end(tmp_path: Path) -> None:
    one, other = SoftwareKeeper(tmp_path / "keys"), SoftwareKeeper(tmp_path / "keys")
    closed = one.wrap(KEY, context=b"")
    assert other.unwrap(closed, context=b"") == KEY
    other.rotate(now=NOW)
    other.destroy(closed.kek_id)
    with pytest.raises(KeyDestroyed):
        one.unwrap(closed, context=b"")
    with pytest.raises(ValueError, match="rotate first"):
        one.destroy(one.get_current_id())
    with pytest.raises(KeyDestroyed):
        one.unwrap(WrappedKey("../../etc/passwd", b""), context=b"")


def test_a_keeper_that_is_away_says_so() -> None:
    keeper = FakeKeeper()
    closed = keeper.wrap(KEY, context=b"")
    keeper.is_away = True
    with pytest.raises(KeeperAway):
        keeper.unwrap(closed, context=b"")


# The library reads its place once for each process, so the token's life is lived in a process of its own.
SCRIPT = """
import sys
from motcua.vault.adapters.pkcs11_keeper import Pkcs11Keeper
from motcua.vault.tests.test_keepers import keep_promises
keep_promises(Pkcs11Keeper(sys.argv[1], "kho", "1234", "vault-kek"))
print("kept")
"""


@pytest.mark.slow
def test_a_token_keeps_the_same_promises(tmp_path: Path) -> None:
    library = next((path for path in LIBRARIES if Path(path).exists()), None)
    assert library, "SoftHSM2 is missing: run deploy/install_softhsm.sh"
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    environment = os.environ | {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")}
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "kho", "--pin", "1234", "--so-pin", "5678"],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, library], env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "kept" in done.stdout, done.stderr[-3000:]
