"""What the signed links of givers are for."""

from datetime import timedelta

from citizens.domain.links import FRESH_FOR, LinkKind

MY_GIFTS = LinkKind("my_gifts", timedelta(days=180))  # from before "Meine Seite"; none is issued any more
END_MONTHLY = LinkKind("monthly_end", FRESH_FOR)
