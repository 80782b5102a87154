"""
Chains that meet ``ledger.ports.Chain``, by URL.

``open_chain`` is the way in; ``BACK_ENDS`` in ``opening`` lists what there is. web3.py and py-evm are imported when a
chain is opened, not before: they take about a second.
"""

from __future__ import annotations

from ledger.adapters.chain.opening import BACK_ENDS, open_chain
from ledger.adapters.chain.recursion import import_keeping_recursion_limit
from ledger.adapters.chain.signers import ExternalSigner, create_keystore, keystore_signer

import_keeping_recursion_limit("py_ecc")

__all__ = ["BACK_ENDS", "ExternalSigner", "create_keystore", "keystore_signer", "open_chain"]
