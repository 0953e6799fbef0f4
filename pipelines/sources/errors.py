"""What can go wrong while fetching. Imports nothing, so that the command line can name it at no cost."""

from __future__ import annotations


class FetchError(Exception):
    """Nothing could be fetched; the message says from where, why, and what to do."""
