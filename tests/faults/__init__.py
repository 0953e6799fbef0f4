"""Faults of the machine and of its users, and what must be left after each: crashes, full disks, busy readers.

`python -m tests.faults --minutes N` runs the long campaign of kills; pytest runs a small selection of everything.
"""
