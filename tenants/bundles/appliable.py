"""A bundle that can be applied as it is, of an institute whose settings no bundle may say.

Only addresses of a demonstration or of a test are like that: they need no https on a server that
the platform names, and mean nothing anywhere else.
"""

from dataclasses import replace

from core.bridges.models import Provider
from tenants.bundles.format import Bundle

HTTPS = "https://"


def appliable(bundle: Bundle) -> tuple[Bundle, list[str]]:
    """The bundle without what its own check refuses, and a sentence for each thing left out.

    Call it within the tenant's context: providers without an address of theirs are named too.
    """
    told = [
        f"The provider “{row.name}” is not in the file: "
        + (
            f"its address {row.address} does not begin with {HTTPS}."
            if row.address
            else "it is known by a file of metadata alone. Set it up anew where the file is used."
        )
        for row in Provider.objects.all()
        if not row.address.startswith(HTTPS)
    ]
    policies = bundle.institute.policies
    link = policies.membership_link
    if link and not link.startswith(HTTPS):
        policies = policies.model_copy(update={"membership_link": None})
        bundle = replace(
            bundle, institute=bundle.institute.model_copy(update={"policies": policies})
        )
        told.append(
            f"policies.membership_link is null in the file: {link} does not begin with {HTTPS}. "
            "Write the address of the society’s sign-in page there."
        )
    return bundle, told
