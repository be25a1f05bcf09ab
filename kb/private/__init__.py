"""What personal data looks like, a file for each family of kinds. `kb.privacy` applies it.

The order matters: what one rule takes, the next do not read. What is certain by its shape comes first.
"""

from __future__ import annotations

from kb.private import accounts, addresses, credentials, documents, names, network, phones

RULES = (
    *credentials.IN_ADDRESSES,
    *network.EMAILS,
    *accounts.IBANS,
    *documents.RULES,
    *accounts.TOLD,
    *accounts.CARDS,
    *credentials.RULES,
    *network.IPS,
    *addresses.RULES,
    *phones.RULES,
    *accounts.ACCOUNTS,
    *names.RULES,
)
