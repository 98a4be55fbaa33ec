"""The log: one line of JSON per event, on standard error, from level INFO."""

import logging
import os
import sys

import structlog


def configure_logs() -> None:
    """Set the log up, unless whoever runs us has. ``INDELIBLE_LOG=debug`` shows every request."""
    if structlog.is_configured():
        return
    debug = os.environ.get("INDELIBLE_LOG", "").lower() == "debug"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if debug else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
