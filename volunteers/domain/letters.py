"""The letter for the Bürgerbüro (§ 30a Abs. 2 BZRG)."""

PUBLIC_KINDS = {"city", "public"}
NON_PROFIT_ISSUERS = {"jpoer", "kstg_5_1_9"}


def is_fee_waived(provider_kind: str, issuer_kind: str) -> bool:
    """Tell whether the certificate is free of charge: voluntary work for an authority or a non-profit body.

    JVKostG, Anlage, Vorbemerkung 1.1.3.
    """
    return provider_kind in PUBLIC_KINDS or issuer_kind in NON_PROFIT_ISSUERS
