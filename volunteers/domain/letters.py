"""The letter for the Bürgerbüro (§ 30a Abs. 2 BZRG)."""

NON_PROFIT_KINDS = {"city", "public", "welfare", "church"}
NON_PROFIT_ISSUERS = {"jpoer", "kstg_5_1_9"}


def is_fee_waived(provider_kind: str, issuer_kind: str) -> bool:
    """Tell whether the certificate is free of charge: voluntary work for an authority or a non-profit body.

    JVKostG, Anlage, Vorbemerkung 1.1.3. Clubs and foundations count if their tax status says so.
    """
    return provider_kind in NON_PROFIT_KINDS or issuer_kind in NON_PROFIT_ISSUERS
