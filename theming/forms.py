"""How forms are drawn: `{{ field.as_field_group }}` and `{{ form }}` use the parts of this app."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Django's template renderer with our field and form templates."""

    form_template_name = "parts/form_fields.html"
    field_template_name = "parts/field.html"
