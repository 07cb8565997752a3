"""`motcua verify FILE...`: are these PDF and XML files as their signers left them? Exit status 0 only when all are.

A folder stands for every .pdf and .xml file in it and below.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.documents.public import MAX_VERIFY_BYTES, SignatureReport, verify_document
from motcua.kernel import clock


class Command(BaseCommand):
    help = "Kiểm tra chữ ký số của các tệp PDF, XML (verify the electronic signatures of PDF and XML files)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", help="các tệp PDF, XML hoặc thư mục cần kiểm tra")
        parser.add_argument("--json", action="store_true", help="mỗi tệp một dòng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [path for given in options["files"] for path in list_papers(given)]
        bad = 0
        for path in paths:
            report = self._verify(path, may_skip=len(paths) > 1)
            bad += report is None or not report.is_valid
            self.stdout.write(
                json.dumps(to_json(path, report), ensure_ascii=False) if options["json"] else to_text(path, report)
            )
        if bad:
            words = "Chữ ký không hợp lệ." if len(paths) == 1 else f"{bad} trong {len(paths)} tệp không hợp lệ."
            raise CommandError(words, returncode=1)

    def _verify(self, path: Path, *, may_skip: bool) -> SignatureReport | None:
        try:
            with path.open("rb") as handle:
                return verify_document(handle.read(MAX_VERIFY_BYTES + 1), now=clock.now())
        except OSError as error:
            message = f"Không mở được tệp {path}: {error.strerror}"
            if not may_skip:
                raise CommandError(message) from error
            self.stderr.write(message)
            return None


def list_papers(given: Path) -> list[Path]:
    """Return a file itself, and of a folder the papers in it in the order of their names. Raises: CommandError."""
    if not given.is_dir():
        return [given]
    found = sorted(path for path in given.rglob("*") if path.suffix.lower() in (".pdf", ".xml") and path.is_file())
    if not found:
        raise CommandError(f"Thư mục {given} không có tệp PDF hay XML nào. Hãy xem lại đường dẫn.")
    return found


def to_text(path: Path, report: SignatureReport | None) -> str:
    if report is None:
        return f"unreadable: {path.name}"
    return "\n".join([f"{report.status}: {path.name}", *(f"  {sentence}" for sentence in report.sentences_vi)])


def to_json(path: Path, report: SignatureReport | None) -> dict[str, object]:
    """Return one line of the machine's answer; moments are ISO 8601 with their zone."""
    if report is None:
        missing: dict[str, object] = {"file": str(path), "status": "unreadable", "valid": False, "integrity": "unknown"}
        missing |= {"covers_whole_file": False, "archived_at": []}
        return missing | {"sentences": ["Không mở được tệp này."], "signatures": []}
    return {
        "file": str(path),
        "status": report.status,
        "valid": report.is_valid,
        "integrity": report.integrity,
        "covers_whole_file": report.covers_whole_file,
        "archived_at": [moment.isoformat() for moment in report.archived_at],
        "sentences": [str(sentence) for sentence in report.sentences_vi],
        "signatures": [
            {
                "status": signer.status,
                "integrity": signer.integrity,
                "level": signer.level,
                "name": signer.name,
                "organisation": signer.organisation,
                "agency_code": signer.agency_code,
                "issuer": signer.issuer,
                "signer_name": signer.signer_name,
                "reason": signer.reason,
                "signed_at": signer.signed_at.isoformat() if signer.signed_at else None,
                "stamped_at": signer.stamped_at.isoformat() if signer.stamped_at else None,
                "allowed_changes": signer.allowed_changes,
                "reasons": [str(reason) for reason in signer.reasons_vi],
            }
            for signer in report.signers
        ],
    }
