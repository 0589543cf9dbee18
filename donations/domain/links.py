"""What the signed links of givers are for."""

from datetime import timedelta

from citizens.domain.links import FRESH_FOR, LinkKind

MY_GIFTS = LinkKind("my_gifts", timedelta(days=180))  # from before "Meine Seite"; none is issued any more
CHANGE_MONTHLY = LinkKind("monthly_change", FRESH_FOR)
MEND_MONTHLY = LinkKind("monthly_mend", timedelta(days=60))
"""Opens no more than the way of paying of one Dauerspende; Stripe tries for some weeks."""

END_MONTHLY = LinkKind("monthly_end", FRESH_FOR)
CORRECT_ADDRESS = LinkKind("receipt_address", FRESH_FOR)
