"""The letter for the Bürgerbüro (§ 30a Abs. 2 BZRG)."""

AUTHORITIES = {"city", "public"}
NON_PROFIT_ISSUERS = {"jpoer", "kstg_5_1_9"}


def is_fee_waived(provider_kind: str, issuer_kind: str) -> bool:
    """Tell whether the certificate is known to be free: voluntary work for an authority or a non-profit body.

    JVKostG, Anlage, Vorbemerkung 1.1.3. Non-profit is who is known to be by the tax office's notice;
    everybody else proves it when applying, for nothing is paid back later.
    """
    return provider_kind in AUTHORITIES or issuer_kind in NON_PROFIT_ISSUERS
