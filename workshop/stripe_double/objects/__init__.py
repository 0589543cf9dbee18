"""Builders of Stripe's objects in the shape of the API version the SDK speaks."""
