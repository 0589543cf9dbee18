"""The roles of web and worker, for processes that connect as they do."""

from tests.roles import made

__all__ = ["made"]
