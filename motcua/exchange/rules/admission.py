"""Whether a call may go on: known, proved to be who it says, granted, within its rate. Deny by default."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Sequence

from motcua.exchange.rules.xroad import is_offered
from motcua.exchange.types import Asked, Endpoint, ExchangeFault, GrantInfo, ServiceInfo, ServiceKind
from motcua.kernel.messages import N_


def is_from(networks: Sequence[str], address: str) -> bool:
    """Tell whether an address lies in one of the networks; an address that is none lies nowhere."""
    try:
        where = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(where in ipaddress.ip_network(network, strict=False) for network in networks)


def choose_grant(
    asked: Asked, grants: Sequence[GrantInfo], *, kind: ServiceKind, method: str, purpose: str
) -> GrantInfo:
    """Return the grant that this call uses: the one whose purpose was named, or the only one that fits.

    Raises: ExchangeFault AccessDenied; the same answer whatever is missing.
    """
    fitting = [grant for grant in grants if _fits(grant.endpoints, asked, kind, method) and grant.fields]
    named = [grant for grant in fitting if not purpose or grant.purpose == purpose]
    if not named or (len({grant.purpose for grant in named}) > 1):
        raise access_denied()
    return named[0]


def _fits(endpoints: Sequence[Endpoint], asked: Asked, kind: ServiceKind, method: str) -> bool:
    """Tell whether the path fits; a provider's both ways: it may take an encoded slash for one that delimits."""
    ways = {asked.rest} if kind == "register" else {asked.rest, asked.rest.replace("%2F", "/")}
    return all(is_offered(endpoints, method=method, path=way) for way in ways)


def pick_grant(grants: Sequence[GrantInfo], *, fields: Collection[str], purpose: str = "") -> GrantInfo | None:
    """Return the first grant by which one record's fields may be read inside, or None.

    A grant whose ground is consent is none: it is asked person by person, at the gateway.
    """
    for grant in grants:
        may = is_offered(grant.endpoints, method="POST", path="/query") and not grant.consent_purpose
        if may and purpose in ("", grant.purpose) and all(covers_field(grant, field) for field in fields):
            return grant
    return None


def covers_field(grant: GrantInfo, field: str) -> bool:
    """Tell whether a grant lets a field out whole: it is named, or what it lies in is."""
    parts = field.split(".")
    above = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return "*" in grant.fields or not above.isdisjoint(grant.fields)


def check_offered(service: ServiceInfo | None, asked: Asked, *, method: str) -> ServiceInfo:
    """Return the service. Raises: ExchangeFault UnknownService, also for a path that it does not have."""
    if service is None or not _fits(service.endpoints, asked, service.kind, method):
        raise ExchangeFault("Server.ServerProxy.UnknownService", N_("Không có dịch vụ này."))
    return service


def access_denied() -> ExchangeFault:
    return ExchangeFault(
        "Server.ServerProxy.AccessDenied",
        N_("Hệ thống gọi chưa được chủ dữ liệu cấp quyền cho việc này. Hãy đề nghị cấp quyền, nêu mục đích và căn cứ."),
    )


def not_authenticated() -> ExchangeFault:
    return ExchangeFault(
        "Server.ClientProxy.AuthenticationFailed", N_("Không xác thực được hệ thống gọi; hãy kiểm tra khóa và chữ ký.")
    )


def too_often(limit: int) -> ExchangeFault:
    return ExchangeFault(
        "Server.ServerProxy.RateLimitExceeded",
        N_("Vượt quá %(limit)s lượt mỗi phút của quyền đã cấp; hãy gọi lại sau một phút.", limit=limit),
    )
