"""A stand-in for Stripe: a separate local process with Stripe's HTTP API, hosted page and signed webhooks.

It needs the standard library only and knows nothing of the platform; no money ever moves.
"""

API_VERSION = "2026-10-28.endive"
METHODS = ("card", "sepa_debit", "paypal")
