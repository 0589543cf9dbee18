"""What givers correct themselves."""

from typing import Any

from donations.receipts.forms.register import WishAddressForm

AUTOCOMPLETE = {
    "name": "name",
    "street": "street-address",
    "postcode": "postal-code",
    "town": "address-level2",
}


class OwnAddressForm(WishAddressForm):
    """One's own name and address, as they are printed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, meaning in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = meaning
