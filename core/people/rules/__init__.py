"""The rules of invitations, imports and exports, without a database."""
