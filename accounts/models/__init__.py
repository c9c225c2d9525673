"""What is kept of a person: the user, and the messages owed to them."""

from accounts.models.delivery import Delivery
from accounts.models.user import User

__all__ = ["Delivery", "User"]
