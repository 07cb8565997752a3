"""`motcua bpmn_roundtrip PATH`: read each drawing, write it back from the document in the hand, compare."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.process.bpmn.document import canonical, read_document, write_document
from motcua.process.public import ProcessDefinitionError, parse_processes


class Command(BaseCommand):
    help = "Đọc từng tệp .bpmn, ghi lại từ tài liệu đã đọc và so sánh: bản vẽ, phần mở rộng, chú thích còn nguyên."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="một tệp .bpmn hoặc một thư mục")
        parser.add_argument("--out", type=Path, help="thư mục để ghi các tệp đã viết lại")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        files = sorted(path.rglob("*.bpmn")) if path.is_dir() else [path]
        if not files or not path.exists():
            raise CommandError(f"Không có tệp .bpmn nào ở {path}.")
        different = 0
        for file in files:
            is_equal, said = self.try_file(file, options["out"])
            different += not is_equal
            self.stdout.write(f"{'bằng nhau' if is_equal else 'KHÁC NHAU'}  {file.name}: {said}")
        self.stdout.write(f"{len(files) - different}/{len(files)} bằng nhau")
        if different:
            raise CommandError(f"{different} tệp không giữ được nguyên vẹn.")

    def try_file(self, file: Path, out: Path | None) -> tuple[bool, str]:
        """Return whether a file comes back unharmed, and what it is."""
        xml = file.read_bytes()
        try:
            document = read_document(xml)
            written = write_document(document)
            is_equal = canonical(written) == canonical(xml)
        except ProcessDefinitionError as error:
            return False, "; ".join(problem.message_vi for problem in error.problems)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            (out / file.name).write_bytes(written)
        things = document.things()
        drawn = sum(thing.is_drawn for thing in things)
        return is_equal, f"{len(things)} phần tử, {drawn} có hình; {_say_executable(xml)}"


def _say_executable(xml: bytes) -> str:
    try:
        definitions = parse_processes(xml)
    except ProcessDefinitionError as error:
        rest = f" (và {len(error.problems) - 3} điểm khác)" if len(error.problems) > 3 else ""
        return "chưa chạy được: " + "; ".join(problem.message_vi for problem in error.problems[:3]) + rest
    return f"chạy được {len(definitions)} quy trình"
