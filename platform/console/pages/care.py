"""Suspending, reopening, renaming and copying institutes, and the first head of a team."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from console import services
from console.forms.care import CloneForm, HeadForm, MoveForm, NameForm, ReasonForm
from console.pages.found import asked, institute_or_404
from console.permissions import operator_of, operators_only
from tenants import cloning, lifecycle
from tenants.deeds import Operator
from tenants.errors import TenancyError

BOTH = ["GET", "HEAD", "POST"]


@operators_only
@require_http_methods(BOTH)
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Close an institute for its members, with a reason."""
    institute = institute_or_404(slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.suspend(institute, reason=form.cleaned_data["reason"], by=_by(request))
        except TenancyError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{institute.name} is suspended.")
            return redirect("console:institute", institute.slug)
    return asked(
        request,
        institute,
        form,
        title=f"Suspend {institute.name}",
        lede="Members and staff see a calm page in the institute’s look until it is opened again. "
        "Mails, reminders and other work wait. Nothing is lost.",
        button="Suspend it",
        danger=True,
    )


@operators_only
@require_http_methods(["POST"])
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a suspended institute again."""
    institute = institute_or_404(slug)
    try:
        lifecycle.reopen(institute, by=_by(request))
    except TenancyError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{institute.name} is open again.")
    return redirect("console:institute", institute.slug)


@operators_only
@require_http_methods(BOTH)
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Call an institute something else."""
    institute = institute_or_404(slug)
    form = NameForm(request.POST or None, initial={"name": institute.name})
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.rename(institute, name=form.cleaned_data["name"], by=_by(request))
        except TenancyError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "The name is changed.")
            return redirect("console:institute", institute.slug)
    return asked(
        request,
        institute,
        form,
        title=f"Rename {institute.name}",
        lede="The name in the console. What members read is set by the institute’s staff.",
        button="Save the name",
    )


@operators_only
@require_http_methods(BOTH)
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Give an institute another short name and address."""
    institute = institute_or_404(slug)
    form = MoveForm(request.POST or None, initial={"slug": institute.slug, "keep_old": "leads"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            moved = lifecycle.move(
                institute,
                slug=given["slug"],
                keep_old=given["keep_old"] == "stays",
                by=_by(request),
            )
        except TenancyError as refusal:
            form.add_error("slug", str(refusal))
        else:
            messages.success(request, f"It answers at {moved.slug}.{settings.BASE_HOST} now.")
            return redirect("console:institute", moved.slug)
    return asked(
        request,
        institute,
        form,
        title=f"Change the address of {institute.name}",
        lede="Everybody signs in anew at the new address, and passkeys made at the old one do not "
        "work there. Nothing changes for an institute whose own domain is its primary address.",
        button="Change the address",
        danger=True,
    )


@operators_only
@require_http_methods(BOTH)
def clone(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a new institute from the settings of this one."""
    institute = institute_or_404(slug)
    form = CloneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = cloning.clone(institute, slug=given["slug"], name=given["name"], by=_by(request))
        except TenancyError as refusal:
            form.add_error("slug", str(refusal))
        else:
            messages.success(request, f"{made.name} is ready.")
            return redirect("console:institute", made.slug)
    return asked(
        request,
        institute,
        form,
        title=f"A new institute like {institute.name}",
        lede="It takes over settings, words, profile questions, criteria, help texts, guides and "
        "the look. It takes over nobody: no members, no requests, no mails.",
        button="Make the institute",
    )


@operators_only
@require_http_methods(BOTH)
def head(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite the first head of the programme team by e-mail."""
    institute = institute_or_404(slug)
    form = HeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.invite_head(
                institute,
                email=given["email"],
                first_name=given["first_name"],
                last_name=given["last_name"],
                by=operator_of(request),
            )
        except TenancyError as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"The invitation to {given['email']} is on its way.")
            return redirect("console:institute", institute.slug)
    return asked(
        request,
        institute,
        form,
        title=f"Invite a head of the programme team of {institute.name}",
        lede="They get a mail with a link to choose a password. As programme manager they can do "
        "everything on the staff site, and invite the others of their team.",
        button="Send the invitation",
    )


def _by(request: HttpRequest) -> Operator:
    return services.visitor(operator_of(request))
