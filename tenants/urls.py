"""Addresses that tenancy adds to every site."""

from django.urls import path

from tenants.files import institute_file

urlpatterns = [path("files/<path:token>", institute_file, name="institute_file")]
