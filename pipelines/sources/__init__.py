"""Clients that bring new records from a registry's public interface into the landing folder.

Belongs here: asking registries, and putting what they give into landing, whole. Does not: anything after landing. The
only room that uses a network.
"""

from __future__ import annotations
