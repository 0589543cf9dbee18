"""The catalogue of mails about somebody's own page."""

from outbox.domain.catalogue import Mail

MY_PAGE_LINK = Mail("my_page_link", "my_page.*:*", as_letter=True)
CONFIRM_STEP = Mail("confirm_step", "step.*:*")
ADDRESS_CONFIRM = Mail("address_confirm", "address.confirm:*")
ADDRESS_TAKEN = Mail("address_taken", "address.taken:*")
ADDRESS_TOLD = Mail("address_told", "address.told:*", as_letter=True)
ADDRESS_BACK = Mail("address_back", "address.back:*")
