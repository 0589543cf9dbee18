"""Structured logs: one JSON object a line in production, readable lines elsewhere; never a body or a name."""

from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from wirbrauchensie.log_tokens import without_links


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
        without_links,
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
                "processor": renderer,
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "django_structlog": {"level": "INFO"},
            "stripe": {"level": "WARNING"},
        },
    }
