"""The operators' site: institutes, provisioning, and the mails of a demo."""
