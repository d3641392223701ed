"""The demo's society: master of the identity of its members, on an address of its own.

An OpenID provider and a small membership office, run as a program beside the platform. It knows the
platform only by the protocols that a real society would use: OpenID Connect and SCIM 2.0.
"""
