"""Orders that the books do not allow, by the name under which the store raises them."""

from server.core.refusal import Refusal

__all__ = ["Refusal"]
