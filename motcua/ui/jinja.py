"""The Jinja2 environment of every page: strict, escaped, Vietnamese first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from motcua.kernel.clock import format_date, local_date
from motcua.kernel.messages import Message as Sentence
from motcua.kernel.paging import Page
from motcua.process.public import Field
from motcua.ui.foreign import PageTemplate, Vietnamese, mark
from motcua.ui.homes import find_home
from motcua.ui.queries import say, say_moment, say_term, say_vnd
from motcua.ui.rules import error_items, errors_by_key, field_view, group_fields, is_said_optional, lay_out, row_number
from motcua.ui.types import FieldView, PageLinks

LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def build_environment(**options: Any) -> Environment:
    """Build the environment that Django's Jinja2 backend renders with (settings name this function)."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = True
    options["lstrip_blocks"] = True
    options["finalize"] = say_when_printed
    environment = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701  backend sets it
    environment.template_class = PageTemplate
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # put there by the i18n extension
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    for name in ("gettext", "ngettext"):
        environment.globals[name] = say_values(environment.globals[name])
    environment.globals.update(
        url=build_url,
        url_or_none=find_url,
        static=static,
        flash_messages=list_flash_messages,
        principal_of=get_principal_of,
        is_current=is_current,
        frame_for=choose_frame,
        holds_role=holds_role,
        home_for=choose_home,
        other_languages=list_other_languages,
        current_language=translation.get_language,
        page_links=page_links,
        field_view=say_field_view,
        is_said_optional=is_said_optional,
        group_fields=group_fields,
        lay_out=lay_out,
        row_number=row_number,
        error_items=error_items,
        errors_by_key=errors_by_key,
        query=build_query,
    )
    environment.filters.update(
        moment=say_moment,
        date_vi=show_date,
        vnd=say_vnd,
        filesize_vi=show_file_size,
        lang=show_language,
        say=say,
        term=say_term,
    )
    return environment


@pass_context  # also keeps what is printed from being worked out when the template is compiled, in another language
def say_when_printed(context: Context, value: Any) -> Any:
    """Say a sentence that was born in a pure module in the reader's language; mark what is Vietnamese data."""
    return say_value(value)


def say_value(value: Any) -> Any:
    """Return a value as a page says it: sentences in the reader's language, data marked as Vietnamese."""
    marked = mark(value)
    return say(marked) if isinstance(marked, Sentence) else marked


def say_values(translate: Any) -> Callable[..., str]:
    """Let sentences that stand as values within a translated sentence be said in its language too."""

    @pass_context
    def translated(context: Context, *sentences: Any, **values: Any) -> str:
        said = {key: say_value(value) for key, value in values.items()}
        text: str = translate(context, *sentences, **said)
        return text

    return translated


def say_field_view(field: Field, *args: Any, **kwargs: Any) -> FieldView:
    """Say the words of a question that are the house's own in the reader's language; a procedure's own stay."""
    view = field_view(field, *args, **kwargs)
    if field.options:
        view = replace(view, choices=tuple((value, say_authored(label)) for value, label in view.choices))
    return replace(view, label=say_authored(view.label), hint=say_authored(view.hint))


def say_authored(text: str) -> str:
    """Say a sentence of the house; what the catalogue does not know is the author's own Vietnamese."""
    said = say(text)
    return Vietnamese(said) if said == text else said


def build_url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of the page of this name; an unknown name is a bug and raises."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def find_url(name: str, *args: object, **kwargs: object) -> str | None:
    """Return the address of a page, or None where that module is not mounted: frames link only what exists."""
    try:
        return build_url(name, *args, **kwargs)
    except NoReverseMatch:
        return None


def build_query(**params: object) -> str:
    """Return `?a=1&b=2` without the empty parameters."""
    kept = {key: value for key, value in params.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else "?"


def list_flash_messages(request: HttpRequest | None) -> list[Message]:
    return list(get_messages(request)) if request is not None else []


def get_principal_of(request: HttpRequest | None) -> Any:
    """Return who is signed in, as identity's middleware left it on the request, or None."""
    return getattr(request, "principal", None)


def choose_frame(request: HttpRequest | None) -> str:
    """Return the frame of whoever asks: officials stay in theirs when something goes wrong."""
    principal = get_principal_of(request)
    is_official = bool(principal) and principal.kind == "official"
    return "ui/base_staff.html" if is_official else "ui/base.html"


def holds_role(request: HttpRequest | None, *roles: str) -> bool:
    """Say whether the official may do one of these: the frame offers only doors that open."""
    principal = get_principal_of(request)
    is_official = bool(principal) and principal.kind == "official"
    return is_official and any(principal.has_role(role) for role in roles)


def choose_home(request: HttpRequest | None) -> str:
    """Return where whoever asks begins."""
    return find_home(get_principal_of(request))


def is_current(request: HttpRequest | None, href: str, exact: bool = False) -> bool:
    """Say whether the page shown is this one, or stands below it."""
    if request is None:
        return False
    return request.path == href if exact else request.path.startswith(href)


def list_other_languages() -> tuple[tuple[str, str], ...]:
    return tuple((code, name) for code, name in LANGUAGE_NAMES.items() if code != translation.get_language())


def page_links(request: HttpRequest, page: Page[object], *, parameter: str = "trang") -> PageLinks:
    """Return the links around a page, keeping the other parameters of the address."""

    def link(number: int) -> str:
        query = request.GET.copy()
        query[parameter] = str(number)
        return f"{request.path}?{query.urlencode()}"

    return PageLinks(
        number=page.number,
        previous=link(page.number - 1) if page.has_previous else None,
        next=link(page.number + 1) if page.has_next else None,
    )


def show_date(on: date | datetime) -> str:
    """Write a date, or the city's date of a moment, as 23/11/2026."""
    return format_date(local_date(on) if isinstance(on, datetime) else on)


def show_file_size(size_bytes: int) -> str:
    """Write a size as people read it: 340 KB, 2,5 MB."""
    if size_bytes < 1024 * 1024:
        return f"{max(1, round(size_bytes / 1024))} KB"
    return f"{size_bytes / 1024 / 1024:.1f} MB".replace(".0 ", " ").replace(".", ",")


def show_language(code: str) -> str:
    return LANGUAGE_NAMES.get(code, code)
