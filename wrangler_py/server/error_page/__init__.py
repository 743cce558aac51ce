"""What a client sees when the user's code failed: their lines, or nothing."""

from .text import banner, failure, production_failure, text, wants_html

__all__ = ["banner", "failure", "production_failure", "text", "wants_html"]
