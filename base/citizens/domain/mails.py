"""The catalogue of mails about somebody's own page."""

from outbox.domain.catalogue import Mail

MY_PAGE_LINK = Mail("my_page_link", "my_page.*:*")
CONFIRM_STEP = Mail("confirm_step", "step.*:*")
