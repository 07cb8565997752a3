"""GovStack Digital Registries on the registers: the same callers, grants and log as the X-Road gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from django.db import transaction

from motcua.audit.public import list_reads_of
from motcua.exchange.actions.calls import Call, count_use, keep
from motcua.exchange.actions.databases import (
    delete_database,
    fill_in,
    get_database,
    list_databases,
    modify_database,
)
from motcua.exchange.actions.gateway import MAX_BODY
from motcua.exchange.actions.jobs import Job
from motcua.exchange.actions.proving import prove_client
from motcua.exchange.actions.retrying import list_done
from motcua.exchange.queries.known import Acquaintance
from motcua.exchange.queries.services import list_register_grants
from motcua.exchange.rules.databases import is_served
from motcua.exchange.rules.govstack import (
    NEEDS,
    bad_request,
    covers,
    denied,
    not_found,
    read_content,
    read_entries,
    read_list_query,
    read_question,
    read_usage_query,
    write_json,
    write_links,
)
from motcua.exchange.rules.xroad import is_offered, parse_client
from motcua.exchange.types import (
    Answer,
    Asked,
    ClientId,
    Envelope,
    ExchangeFault,
    GovStackRefused,
    GrantInfo,
    IdentifierInvalid,
    ServiceId,
)
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_
from motcua.registers.public import (
    KeyInfo,
    KeyTaken,
    RecordInfo,
    RecordInvalid,
    change_record,
    end_record,
    find_matching,
    get_register,
    search_records,
    write_record,
)

CLIENT_HEADER = "information-mediator-client"
MAX_ENTRIES = 1_000  # of one updateEntries
_SOURCE = "GovStack"


def handle_data(operation: str, envelope: Envelope, names: Mapping[str, str], *, address: str, now: datetime) -> Answer:
    """Answer one operation on a register. `names`: the parts of the address; `address`: the whole, for links."""
    call = Call(envelope, str(uuid4()))

    def work() -> Answer:
        asked = _admit(call, names.get("registryName", ""), operation, now)
        named = names
        if operation == "usage":
            person, database = read_usage_query(envelope.query)
            named = {"registryName": database, "userId": person}
        grant = _grant(call, asked, operation, named, now)
        with transaction.atomic():
            return _work(call, asked, grant, operation, named, address, now)

    return _run(call, work, now)


def _work(
    call: Call, asked: Asked, grant: GrantInfo, operation: str, names: Mapping[str, str], address: str, now: datetime
) -> Answer:
    job = Job(call, asked, grant, get_register(names["registryName"]), now)
    answer = _OPERATIONS[operation](job, names, address)
    count_use(grant, now=now)
    return answer


def handle_databases(operation: str, envelope: Envelope, number: int | None = None, *, now: datetime) -> Answer:
    """Answer the Database API: list, get, modify or delete."""
    call = Call(envelope, str(uuid4()))

    def work() -> Answer:
        asked = _admit(call, "", f"databases.{operation}", now)
        with transaction.atomic():
            if operation == "modify":
                return modify_database(call, asked, now=now)
            if number is None:
                return list_databases(asked, now=now)
            if operation == "delete":
                return delete_database(call, asked, number, now=now)
            return get_database(asked, number, now=now)

    return _run(call, work, now)


def _run(call: Call, work: Callable[[], Answer], now: datetime) -> Answer:
    """Work and keep in one transaction; what is refused is undone, the log and the used nonce stay."""
    with transaction.atomic():
        fault = ""
        try:
            answer = work()
        except ExchangeFault as error:
            fault, status = error.fault, 429 if "RateLimit" in error.fault else error.http_status
            answer = write_json({"detail": str(error.message)}, status=status)
        except RecordInvalid as error:
            fault, answer = error.code, write_json({"detail": _tell_problems(call, error)}, status=400)
        except KeyTaken as error:
            fault, answer = error.code, write_json({"detail": str(error.message)}, status=409)
        except DomainError as error:
            fault, answer = error.code, write_json({"detail": str(error.message)}, status=error.http_status)
        keep(call, answer, fault=fault[:120], now=now)
    return answer


def _tell_problems(call: Call, error: RecordInvalid) -> str:
    """Return what is wrong with a record; of fields that are not granted not even their names."""
    named = call.grant.fields if call.grant else ()
    mine = [each for each in error.problems if "*" in named or each.field.split(".")[0].split("[")[0] in named]
    told = [f"{each.field}: {each.message}" for each in mine[:20]]
    if len(mine) < len(error.problems):
        told.append(str(N_("bản ghi còn cần những trường mà quyền này không được ghi")))
    return "; ".join(told)


def _admit(call: Call, register: str, operation: str, now: datetime) -> Asked:
    envelope = call.envelope
    if envelope.is_oversized or len(envelope.body) > MAX_BODY:
        raise GovStackRefused(413, N_("Nội dung quá lớn."))
    try:
        who = parse_client(envelope.headers.get(CLIENT_HEADER, ""))
    except IdentifierInvalid as error:
        raise bad_request(N_("thiếu đầu mục Information-Mediator-Client, hoặc sai dạng")) from error
    provider = ClientId(who.instance, "GOVSTACK", "registers")
    call.asked = Asked(
        client=who, service=ServiceId(provider, f"{register[:60]}.{operation}"), rest="", query=envelope.query,
        message_id=call.request_id, user_id="", issue="", represented="",
    )  # fmt: skip
    client = Acquaintance().find(who)
    if client is None or not prove_client(client, envelope, now=now):
        raise GovStackRefused(401, N_("Không xác thực được hệ thống gọi; hãy kiểm tra khóa và chữ ký."))
    call.known = client
    return call.asked


def _grant(call: Call, asked: Asked, operation: str, names: Mapping[str, str], now: datetime) -> GrantInfo:
    """Return the grant. Raises: GovStackRefused, the same for what is unknown and what is not granted."""
    granted = list_register_grants(asked.client, registers=[names["registryName"]], now=now)
    method, path = NEEDS[operation]
    version = names.get("versionNumber")
    for _, (grant, served) in granted:
        if is_offered(grant.endpoints, method=method, path=path) and is_served(version, served):
            call.grant = grant
            return grant
    raise denied()


def _list(job: Job, names: Mapping[str, str], address: str) -> Answer:
    query = read_list_query(job.asked.query)
    if not covers(job.grant, query.fields):
        raise denied()
    total, found = 0, tuple[RecordInfo, ...]()
    for patterns in query.list_patterns():
        total, found = search_records(
            job.register.code,
            patterns=patterns,
            anywhere=query.search if not query.filter else "",
            fields=job.known_fields,
            order_by=query.order_by,
            is_descending=query.is_descending,
            page=query.page,
            page_size=query.page_size,
            reading=job.reading,
            now=job.now,
        )
        if total:
            break
    links = write_links(address, query, job.asked.query, total=total)
    return write_json({"count": total, **links, "results": [job.show(each) for each in found]})


def _read(job: Job, names: Mapping[str, str], address: str) -> Answer:
    found = job.find(read_content(job.call.envelope.body, "query"), is_read=True)
    if not found:
        raise not_found()
    job.call.record_uuid = found[0].uuid
    return write_json({"content": job.show(found[0])})


def _exists(job: Job, names: Mapping[str, str], address: str) -> Answer:
    try:
        query = read_question(job.call.envelope.body, fields=job.known_fields)
        found = job.find(query, is_read=True)  # that a record exists is a reading too
    except GovStackRefused as refused:
        if refused.http_status != not_found().http_status:
            raise
        found = ()
    message = "Object found from database" if found else "no record found"
    return write_json({"answer": {"status": bool(found), "message": message}})


def _create(job: Job, names: Mapping[str, str], address: str) -> Answer:
    content, record_uuid = job.take(read_content(job.call.envelope.body, "write"))
    if record_uuid is not None:
        raise bad_request(N_("mã bản ghi do sổ cấp, không gửi kèm khi tạo"))
    return write_json({"content": job.show(_write_new(job, content))})


def _create_entries(job: Job, names: Mapping[str, str], address: str) -> Answer:
    """Create several records, all or none."""
    shown = []
    for each in read_entries(job.call.envelope.body, limit=MAX_ENTRIES):
        content, record_uuid = job.take(each)
        if record_uuid is not None:
            raise bad_request(N_("mã bản ghi do sổ cấp, không gửi kèm khi tạo"))
        shown.append({"content": job.show(_write_new(job, content))})
    return write_json(shown, status=201)


def _write_new(job: Job, content: dict[str, Any]) -> RecordInfo:
    """Write a record; the same one again changes nothing. Raises: KeyTaken when its key holds something else."""
    content = fill_in(job.register, content)
    for key in job.register.keys:
        standing = _find_by_key(job, key, content)
        if standing:
            if dict(standing[0].data) != content:
                raise KeyTaken(key.name)
            return standing[0]
    return write_record(job.register.code, content, valid_from=job.now, source=_SOURCE, actor=job.actor, now=job.now)


def _find_by_key(job: Job, key: KeyInfo, content: Mapping[str, Any]) -> tuple[RecordInfo, ...]:
    if not all(content.get(field) for field in key.fields):
        return ()
    return find_matching(job.register.code, {field: content[field] for field in key.fields}, now=job.now)


def _update(job: Job, names: Mapping[str, str], address: str) -> Answer:
    changed = _change(job, count=1)
    if not changed:
        changed = [each for done in list_done(job.call, now=job.now) if done for each in job.read_again(done)]
    if not changed:
        raise not_found()
    return write_json({"content": job.show(changed[0])})


def _update_entries(job: Job, names: Mapping[str, str], address: str) -> Answer:
    """Change all that fit, also when that is none: the text knows no other answer."""
    changed = _change(job, count=MAX_ENTRIES + 1)
    return write_json({"count": len(changed)})


def _update_or_create(job: Job, names: Mapping[str, str], address: str) -> Answer:
    try:
        return _update(job, names, address)
    except GovStackRefused as refused:
        if refused.http_status != not_found().http_status:
            raise
    if not is_offered(job.grant.endpoints, method="POST", path="/create"):
        raise denied()
    content, _ = job.take(read_content(job.call.envelope.body, "write"))
    return write_json({"content": job.show(_write_new(job, content))})


def _change(job: Job, *, count: int) -> list[RecordInfo]:
    """Lay the written fields over what the query finds, as a change from now on. Raises: GovStackRefused."""
    body = job.call.envelope.body
    content, _ = job.take(read_content(body, "write"))
    if query := read_content(body, "query", is_required=False):
        found = job.find(query, count=count, is_read=count == 1)  # one that is shown again was read
    else:
        named = [key for key in job.register.keys if all(content.get(field) for field in key.fields)]
        if not named:
            raise bad_request(N_("hãy nêu query, hoặc số tra cứu của bản ghi trong write"))
        found = _find_by_key(job, named[0], content)
    if len(found) > MAX_ENTRIES:
        raise bad_request(N_("câu hỏi chạm tới quá nhiều bản ghi"))
    changed = []
    for each in found:
        data = {**each.data, **content}
        changed.append(change_record(each.uuid, data, valid_from=job.now, source=_SOURCE, actor=job.actor, now=job.now))
    job.call.record_uuid = found[0].uuid if len(found) == 1 else None
    return changed


def _delete(job: Job, names: Mapping[str, str], address: str) -> Answer:
    ways = (
        find_matching(job.register.code, content, record_uuid=record_uuid, now=job.now)
        for content, record_uuid in job.names_of(names["ID"])
    )
    found = next(filter(None, ways), ())
    if not found and list_done(job.call, now=job.now):
        return Answer(status=204, headers={}, body=b"")
    if not found:
        raise not_found()
    end_record(found[0].uuid, valid_to=job.now, source=_SOURCE, actor=job.actor, now=job.now)
    job.call.record_uuid = found[0].uuid
    return Answer(status=204, headers={}, body=b"")


def _read_value(job: Job, names: Mapping[str, str], address: str) -> Answer:
    field = names["field"]
    if not covers(job.grant, [field]):
        raise denied()
    ways = (job.read(content, record_uuid, fields=[field]) for content, record_uuid in job.names_of(names["uuid"]))
    found = next(filter(None, ways), ())
    if not found or field not in found[0].data:
        raise not_found()
    job.call.record_uuid = found[0].uuid
    value = found[0].data[field]
    if names["ext"] == "json":
        return write_json(value if isinstance(value, str) else {"value": value})
    if names["ext"] == "txt":
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        return Answer(status=200, headers={"Content-Type": "text/plain;charset=utf-8"}, body=text.encode())
    raise bad_request(N_("chỉ có dạng json và txt"))


def _usage(job: Job, names: Mapping[str, str], address: str) -> Answer:
    """Tell who read the data of a person, the latest first."""
    key = job.register.subject_key or job.register.keys[0].name
    fields = next((each.fields for each in job.register.keys if each.name == key), None)
    if fields is not None and not covers(job.grant, fields[:1]):
        raise denied()  # whose number it may not know, of them it may not ask
    if fields is None:
        raise not_found()  # its records are not of one person each
    found = find_matching(job.register.code, {fields[0]: names["userId"]}, now=job.now)
    if not found:
        raise not_found()
    return write_json(
        [
            {
                "id": str(entry.uuid),
                "readerId": entry.actor.id,
                "readerInitials": "".join(word[0] for word in entry.actor.name.split() if word)[:8],
                "readerInstitutionId": entry.actor.agency_code or entry.actor.id,
                "readerInstitutionName": entry.actor.name,
                "readerApplicationName": entry.actor.name,
                "searchDateTime": entry.at.isoformat(),
                "refrences": [{"ReferenceID": str(found[0].uuid)}],
            }
            for entry in list_reads_of(f"record:{found[0].uuid}").items
        ]
    )


_OPERATIONS: dict[str, Callable[[Job, Mapping[str, str], str], Answer]] = {
    "list": _list, "read": _read, "exists": _exists, "create": _create, "createEntries": _create_entries,
    "update": _update, "updateEntries": _update_entries, "updateOrCreate": _update_or_create, "delete": _delete,
    "readValue": _read_value, "usage": _usage,
}  # fmt: skip
