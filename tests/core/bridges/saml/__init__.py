"""SAML 2.0 against SimpleSAMLphp."""
