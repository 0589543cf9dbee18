"""The two ways out: a mail server, and `.eml` files by the same path.

Both can tell whether a mail may have left although sending it failed (`may_have_left`); what cannot tell is
taken for one that may have.
"""

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage

from outbox.conversation import Conversation, SecureConversation


class SmtpBackend(EmailBackend):
    """Django's backend, opened up to the greeting, and honest about the final dot."""

    connection: Conversation | None
    _partial_connection: Conversation | None

    @property
    def connection_class(self) -> type[Conversation]:
        return SecureConversation if self.use_ssl else Conversation

    def open(self) -> bool | None:
        """Connect, log in and greet. Raises OSError; then nothing is left open."""
        try:
            is_new = super().open()
            if self.connection is not None:
                self.connection.ehlo_or_helo_if_needed()
        except OSError:
            self.abandon()
            raise
        return is_new

    @property
    def may_have_left(self) -> bool:
        return self.connection is not None and self.connection.is_handed_over

    @property
    def is_cut(self) -> bool:
        return self.connection is not None and self.connection.sock is None

    def abandon(self) -> None:
        """Cut the line without a goodbye that nobody may answer."""
        for line in (self.connection, self._partial_connection):
            if line is not None:
                line.close()
        self.connection = self._partial_connection = None


class EmlFileBackend(BaseEmailBackend):
    """Writes into EMAIL_FILE_PATH; a file appears whole or not at all."""

    may_have_left = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if settings.EMAIL_FILE_PATH is None:
            raise ImproperlyConfigured("EMAIL_FILE_PATH must be set for mails as files.")
        self.folder: Path = settings.EMAIL_FILE_PATH

    def open(self) -> bool:
        """Make the folder. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.open()
        for email in email_messages:
            self._write(email.message().as_bytes())
        return len(email_messages)

    def _write(self, content: bytes) -> None:
        name = f"{uuid.uuid4().hex}.eml"
        unfinished = self.folder / f"{name}.unfinished"
        try:
            unfinished.write_bytes(content)
            os.replace(unfinished, self.folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
