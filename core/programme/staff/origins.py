"""Texts that the bundle brought: what is different in them, and the way back (product F4)."""

from dataclasses import dataclass
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core.kernel import audit, differences
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.programme.models import Worded
from core.programme.queries import provided_texts


@dataclass(frozen=True)
class Origin:
    """Where the texts of a model come from: its kind and key in bundles, and its page here."""

    model: type[Worded]
    kind: str
    key: str
    page: str

    @property
    def parts(self) -> dict[str, str]:
        """The texts that the institute words itself, with their names."""
        return {
            name: str(self.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in self.model.worded
        }

    def texts(self, row: Any) -> dict[str, str]:
        """What the bundle brought for a row; nothing for a row that staff wrote."""
        given = provided_texts(self.kind, str(getattr(row, self.key)))
        return {name: given[name] for name in self.parts if isinstance(given.get(name), str)}


class WithOrigin:
    """A form of the staff site that leads to the comparison with the bundle's text."""

    origin: ClassVar[Origin]
    change_form_before_template = "programme/staff/origin_link.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form, with what is different from the bundle's text beside it."""
        row = cast(Any, self).get_object(request, object_id) if object_id else None
        told: dict[str, Any] = {}
        if row is not None and (given := self.origin.texts(row)):
            told = {
                "origin": reverse(f"staff:{self.origin.page}", args=[row.pk]),
                "differs": any(_plain(getattr(row, name)) != _plain(given[name]) for name in given),
            }
        answer: HttpResponse = super().changeform_view(  # type: ignore[misc]
            request, object_id, form_url, {**(extra_context or {}), **told}
        )
        return answer


def origin_page(request: HttpRequest, origin: Origin, row_id: UUID) -> HttpResponse:
    """What differs, part by part; posting takes the bundle's texts again."""
    row = cast(Any, origin.model)._default_manager.filter(pk=row_id).first()
    given = origin.texts(row) if row is not None else {}
    if not given:
        raise Http404
    name = f"{origin.model._meta.app_label}_{origin.model._meta.model_name}"
    form = reverse(f"staff:{name}_change", args=[row.pk])
    if request.method == "POST":
        _take_back(request, row, given)
        return redirect(form)
    changes = [
        {"name": label, "lines": differences.lines(given[part], getattr(row, part))}
        for part, label in origin.parts.items()
        if part in given and _plain(given[part]) != _plain(getattr(row, part))
    ]
    request.current_app = staff_site.name
    return render(
        request,
        "programme/staff/origin.html",
        {
            **staff_site.each_context(request),
            "title": f"What is different: {row}",
            "changes": changes,
            "back": form,
            "writes": staff_site.may(request, origin.page, Right.WRITE),
        },
    )


def _take_back(request: HttpRequest, row: Any, given: dict[str, str]) -> None:
    changed = [name for name in given if getattr(row, name) != given[name]]
    for name in changed:
        setattr(row, name, given[name])
    try:
        row.full_clean()
    except ValidationError as broken:
        messages.error(request, f"The bundle’s text cannot be used: {broken.messages[0]}")
        return
    with transaction.atomic():
        row.save()
        audit.record("text.taken_back", thing=row, by=cast(Any, request.user), fields=changed)
    messages.success(request, "It says what the bundle brought again.")


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
