"""Stripe's HTTP API: reading and checking parameters, calling one flow, answering."""
