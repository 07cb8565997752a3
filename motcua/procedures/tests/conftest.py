"""Catalogues that several tests read."""

from __future__ import annotations

from pathlib import Path

import pytest

from motcua.procedures.tests.factories import import_folder, make_record, make_synthetic_rows, write_source

SIZE = 2_642  # as many as the national lists hold


@pytest.fixture
def small_catalogue(db: None, tmp_path: Path) -> Path:
    """Two records and one procedure that is only listed."""
    records = [
        make_record(),
        make_record("1.900002", "Thủ tục đăng ký khai sinh", linh_vuc="Hộ tịch"),
    ]
    folder = write_source(tmp_path, records, [("1.900003", "Cấp phép thả diều", "Bộ Mẫu", "Sở Mẫu", "Văn hóa")])
    import_folder(folder)
    return folder


@pytest.fixture
def full_catalogue(db: None, tmp_path: Path) -> list[tuple[str, str, str, str, str]]:
    """As many invented procedures as the national lists hold."""
    rows = list(make_synthetic_rows(SIZE))
    import_folder(write_source(tmp_path, rows=rows))
    return rows
