"""SAML 2.0: members sign in at the society and come back with a signed statement (product A6).

`documents` reads XML of strangers, `metadata` what a provider says of itself, `ours` is our side,
`asking` sends people off, `answers` reads what they come back with, `leaving` signs out on both
sides.
"""
