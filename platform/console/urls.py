"""Addresses of the operators' site."""

from django.urls import path

from console import second_step
from console.pages import (
    addresses,
    again,
    bundle,
    care,
    door,
    entering,
    institutes,
    keeping,
    mails,
    provisioning,
)

_ONE = "institutes/<slug:slug>/"
_DOMAIN = f"{_ONE}domains/<uuid:domain_id>/"
_KEPT = f"{_ONE}bundle/kept/<uuid:revision_id>/"

app_name = "console"
urlpatterns = [
    path("", institutes.institutes, name="institutes"),
    path("refresh/", institutes.refresh_all, name="refresh_all"),
    path("visits/", institutes.visits, name="visits"),
    path(
        "visits/<slug:site_key>/<uuid:stand_in_id>/again/",
        entering.visit_again,
        name="visit_again",
    ),
    path("sign-in/", door.sign_in, name="sign_in"),
    path("second-step/", second_step.enter, name="second_step"),
    path("second-step/new/", second_step.set_up, name="set_up_second_step"),
    path("again/", again.again, name="again"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("institutes/new/", provisioning.provision, name="provision"),
    path("institutes/new/upload/", provisioning.upload, name="upload"),
    path("institutes/new/upload/<uuid:upload_id>/", provisioning.uploaded, name="uploaded"),
    path("runs/<uuid:run_id>/", provisioning.run, name="run"),
    path(_ONE, institutes.institute, name="institute"),
    path(f"{_ONE}refresh/", institutes.refresh, name="refresh"),
    path(f"{_ONE}sender/", institutes.check_sender, name="check_sender"),
    path(f"{_ONE}suspend/", care.suspend, name="suspend"),
    path(f"{_ONE}reopen/", care.reopen, name="reopen"),
    path(f"{_ONE}rename/", care.rename, name="rename"),
    path(f"{_ONE}move/", care.move, name="move"),
    path(f"{_ONE}clone/", care.clone, name="clone"),
    path(f"{_ONE}head/", care.head, name="head"),
    path(f"{_ONE}enter/", entering.enter, name="enter"),
    path(f"{_ONE}domains/", addresses.addresses, name="addresses"),
    path(f"{_DOMAIN}check/", addresses.check, name="check_domain"),
    path(f"{_DOMAIN}primary/", addresses.make_primary, name="make_primary"),
    path(f"{_DOMAIN}remove/", addresses.remove, name="remove_domain"),
    path(f"{_ONE}bundle/", bundle.bundle, name="bundle"),
    path(f"{_ONE}bundle/export/", bundle.export, name="bundle_export"),
    path(f"{_ONE}bundle/<uuid:upload_id>/", bundle.changes, name="bundle_changes"),
    path(f"{_ONE}bundle/<uuid:upload_id>/<slug:page>/", bundle.page, name="bundle_page"),
    path(f"{_KEPT}", bundle.revision, name="bundle_revision"),
    path(f"{_KEPT}file/", bundle.revision_file, name="bundle_revision_file"),
    path(f"{_ONE}backups/", keeping.backups, name="backups"),
    path(f"{_ONE}deletion/", keeping.deletion, name="deletion"),
    path("kept/", keeping.kept, name="kept"),
    path("kept/<uuid:backup_id>/restore/", keeping.restore, name="restore"),
    path("kept/<uuid:backup_id>/archive/", keeping.archive, name="archive"),
    path("kept/<uuid:backup_id>/remove/", keeping.remove, name="remove_backup"),
    path("deletions/<uuid:deletion_id>/receipt/", keeping.receipt, name="receipt"),
    path("work/<uuid:run_id>/", keeping.work, name="work"),
    path(f"{_ONE}mails/", mails.mails, name="mails"),
    path(f"{_ONE}mails/<uuid:mail_id>/", mails.mail, name="mail"),
    path(f"{_ONE}mails/<uuid:mail_id>/body/", mails.mail_body, name="mail_body"),
]
