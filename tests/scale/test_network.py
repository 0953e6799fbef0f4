"""The network of hosts that the tests of outages stand on."""

from __future__ import annotations

import subprocess

from tests.scale.hosts import network


def test_a_network_can_be_made_again_at_once() -> None:
    """A deleted namespace gives its cable back some time later: every other network failed, its names were taken."""
    for _ in range(8):
        with network("catalog", "objects") as hosts:
            seen = subprocess.run(
                hosts["catalog"].command(["ip", "-o", "-4", "address", "show", "dev", "eth0"]),
                check=True,
                capture_output=True,
                text=True,
            )
            assert f"{hosts['catalog'].address}/24" in seen.stdout
