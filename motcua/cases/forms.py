"""What the address of a list says, read without trust: an unknown value is the default, never an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from motcua.cases.types import InboxFilter, InboxHolder, LateFilter, OverviewGroup
from motcua.kernel.text import clean_line
from motcua.places.public import AgencyInfo

HOLDERS: dict[str, InboxHolder] = {"tat-ca": "all", "cua-toi": "mine", "chua-nhan": "unassigned"}
GROUPS: dict[str, OverviewGroup] = {"co-quan": "agency", "thu-tuc": "procedure", "buoc": "step"}
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The parts of the address that a list keeps; `agency_code` is empty unless it is one of the reader's."""

    holder: str
    agency_code: str
    agency_id: int | None
    text: str
    group: str
    subject_code: str

    def to_inbox_filter(self) -> InboxFilter:
        """Return the inbox's filter."""
        return InboxFilter(holder=HOLDERS[self.holder], agency_id=self.agency_id, text=self.text)

    def to_query_string(self) -> str:
        """Return what the export and the full list must repeat."""
        kept = {"co-quan": self.agency_code, "thu-tuc": self.subject_code}
        text = urlencode({key: value for key, value in kept.items() if value})
        return f"?{text}" if text else ""

    def to_late_filter(self) -> LateFilter:
        """Return the filter of the late cases."""
        return LateFilter(agency_id=self.agency_id, subject_code=self.subject_code)


def read_list_query(params: Mapping[str, str], *, agencies: Iterable[AgencyInfo]) -> ListQuery:
    """Read a list's parameters; an agency that is not offered is ignored (the scope is asked again anyway)."""
    by_code = {agency.code: agency.id for agency in agencies}
    code = params.get("co-quan", "")
    holder, group = params.get("nguoi", ""), params.get("theo", "")
    return ListQuery(
        holder=holder if holder in HOLDERS else "tat-ca",
        agency_code=code if code in by_code else "",
        agency_id=by_code.get(code),
        text=clean_line(params.get("q", "")[:MAX_TEXT]),
        group=group if group in GROUPS else "co-quan",
        subject_code=clean_line(params.get("thu-tuc", "")[:MAX_TEXT]),
    )
