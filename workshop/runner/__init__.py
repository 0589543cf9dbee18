"""Starts, checks and stops everything on one machine; `./dev` is its door. Knows nothing of Django."""
