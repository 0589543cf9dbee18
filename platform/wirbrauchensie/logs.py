"""Structured logs: one JSON object a line in production, readable lines elsewhere.

Never a body, a name or an address, neither of a page nor of a mailbox.
"""

from collections.abc import MutableMapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from wirbrauchensie.log_net import without_links_and_addresses


def logging_config(log_format: str) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING for `json` or `plain`."""
    if log_format not in {"json", "plain"}:
        raise ImproperlyConfigured(f"LOG_FORMAT must be json or plain, not {log_format!r}.")
    renderer: Any = structlog.processors.JSONRenderer()
    if log_format == "plain":
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_address,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_links_and_addresses,
                    renderer,
                ],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "CRITICAL"},  # its lines are addresses
            "django_structlog": {"level": "INFO"},
            "mt940": {"level": "CRITICAL"},  # its lines are what the bank says of people
            "stripe": {"level": "WARNING"},
        },
    }


def _without_address(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    from wirbrauchensie.log_routes import without_address  # needs the settings, which need this module

    return without_address(logger, method, event)
