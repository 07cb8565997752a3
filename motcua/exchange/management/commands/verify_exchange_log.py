"""Check an exported record: reads one file, asks no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError

from motcua.exchange.public import ProofReport, check_proof


class Command(BaseCommand):
    """`motcua verify_exchange_log FILE [--root PEM] [--tsa-root PEM] [--json]`; ends with an error when changed."""

    help = "Kiểm một bản ghi nhật ký trao đổi đã xuất; chỉ đọc tệp, không cần cơ sở dữ liệu."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--root", type=Path, action="append", default=[], help="chứng thư gốc tin cậy của người ký")
        parser.add_argument("--tsa-root", type=Path, action="append", default=[], help="của máy dấu thời gian")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            roots, tsa_roots = _load(options["root"]), _load(options["tsa_root"])
        except (OSError, ValueError) as error:
            raise CommandError(f"Không đọc được tệp: {error}") from error
        report = check_proof(content, roots=roots, tsa_roots=tsa_roots)
        self.stdout.write(_to_json(report) if options["json"] else _to_text(report))
        if not report.is_intact:
            raise CommandError("Bản ghi KHÔNG nguyên vẹn.")


def _load(paths: Sequence[Path]) -> list[x509.Certificate]:
    return [each for path in paths for each in x509.load_pem_x509_certificates(path.read_bytes())]


def _to_text(report: ProofReport) -> str:
    told = [f"✓ {sentence}" for sentence in report.holds] + [f"✗ {sentence}" for sentence in report.fails]
    if len(report.lines) == 1 and report.is_intact:
        line = report.lines[0]
        told += [
            f"Bản ghi {line.uuid}, lúc {line.at.isoformat()}: {line.client} gọi {line.service}",
            f"Mục đích: {line.purpose or '—'}; căn cứ: {line.legal_ground or '—'}; kết quả: {line.status} {line.fault}",
        ]
    if report.is_intact:
        told.append("Nguyên vẹn." if report.is_complete else "Nguyên vẹn, nhưng còn điều chưa đối chiếu (dấu ✗).")
    return "\n".join(told)


def _to_json(report: ProofReport) -> str:
    content = {
        "intact": report.is_intact,
        "complete": report.is_complete,
        "holds": [str(each) for each in report.holds],
        "fails": [str(each) for each in report.fails],
        "stamped_at": report.stamped_at.isoformat() if report.stamped_at else None,
        "records": [line.uuid for line in report.lines],
    }
    return json.dumps(content, ensure_ascii=False)
