"""The `crypto` object.

Implements: https://w3c.github.io/webcrypto/
"""

from .interface import Crypto, crypto
from .keys import CryptoKey
from .subtle import SubtleCrypto

__all__ = ["Crypto", "CryptoKey", "SubtleCrypto", "crypto"]
