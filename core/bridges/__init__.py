"""Sign-in through identity providers: OpenID Connect and SAML 2.0."""
