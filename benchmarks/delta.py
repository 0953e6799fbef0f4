"""What a run with few changes costs against the full load, in one run on one corpus.

    python benchmarks/delta.py [--studies 100000] [--changed 1000]

The corpus is `trialmart sample`'s bulk zip. The full load is `trialmart run` on an empty home; then a file with
`--changed` of the studies in a newer version (whole_run.write_delta says what is amended in them) lands, and `trialmart
run` once more. Both are whole runs as a user starts them: start of Python and Dagster, models, rules, audit and
publishing included. Printed: seconds and processor seconds of both with their stages, and their ratios (that of
processor time says more on a machine with other work).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from whole_run import Measured, trialmart, write_delta


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=100_000)
    parser.add_argument("--changed", type=int, default=1_000)
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="trialmart-delta-"))
    try:
        landing = home / "landing"
        landing.mkdir()
        trialmart("sample", str(arguments.studies), str(landing), "--format", "ctgov_zip", home=home)
        full = trialmart("run", home=home)
        show("full load", full)
        write_delta(landing, arguments.changed)
        delta = trialmart("run", home=home)
        show(f"delta of {arguments.changed:,}", delta)
        ratios = f"{delta.seconds / full.seconds:.3f}, in processor time {delta.busy_seconds / full.busy_seconds:.3f}"
        print(f"delta / full load: {ratios} (aim: less than 0.2)")
    finally:
        shutil.rmtree(home)


def show(what: str, run: Measured) -> None:
    """One line for the run, one for its stages."""
    print(f"{what}: {run.seconds:.1f} s, processor {run.busy_seconds:.1f} s, at most {run.peak_bytes / 1e9:.1f} GB")
    print("    " + ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in run.stages.items()), flush=True)


if __name__ == "__main__":
    main()
