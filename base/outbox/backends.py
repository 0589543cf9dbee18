"""A mail backend that writes each mail as an `.eml` file, by the same path as real sending."""

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class EmlFileBackend(BaseEmailBackend):
    """Writes into EMAIL_FILE_PATH; a file appears whole or not at all."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if settings.EMAIL_FILE_PATH is None:
            raise ImproperlyConfigured("EMAIL_FILE_PATH must be set for mails as files.")
        self.folder: Path = settings.EMAIL_FILE_PATH

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            name = f"{uuid.uuid4().hex}.eml"
            unfinished = self.folder / f".{name}"
            unfinished.write_bytes(email.message().as_bytes())
            os.replace(unfinished, self.folder / name)
        return len(email_messages)
