"""A whole registry on one machine, at several sizes, so that growth is visible.

    python benchmarks/registry.py [--studies 6000 60000 600000] [--changed 1000]

For each size, in a home of its own: `trialmart sample` writes the bulk zip; `trialmart run` (the full pass, zip →
checked and published warehouse); the same with nothing new; a delta of `--changed` amended studies; `trialmart status`.
Printed as a table in Markdown: seconds and MB of JSON a second by stage, rows staged a second, highest memory of all
processes together, bytes on disk against the raw JSON, and the ratios between one size and the next.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zipfile
from pathlib import Path

import duckdb
from whole_run import Measured, trialmart, write_delta

Figures = dict[str, str]


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, nargs="+", default=[6_000, 60_000, 600_000])
    parser.add_argument("--changed", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, help="where the homes are made; some 8 GB for 100,000 studies")
    arguments = parser.parse_args()
    columns: list[tuple[int, Figures]] = []
    seconds: list[float] = []
    for studies in arguments.studies:
        home = Path(tempfile.mkdtemp(prefix="trialmart-registry-", dir=arguments.folder))
        try:
            full, figures = measure(home, studies, arguments.changed)
        finally:
            shutil.rmtree(home)
        if seconds:
            figures["time against the size before"] = f"{full.seconds / seconds[-1]:.1f}"
        seconds.append(full.seconds)
        columns.append((studies, figures))
        print(f"{studies:,} studies measured: {figures}", flush=True)
    names = list(dict.fromkeys(name for _, figures in columns for name in figures))
    print("\n| |" + "".join(f" {studies:,} |" for studies, _ in columns))
    print("|---|" + "---|" * len(columns))
    for name in names:
        print(f"| {name} |" + "".join(f" {figures.get(name, '')} |" for _, figures in columns))


def measure(home: Path, studies: int, changed: int) -> tuple[Measured, Figures]:
    """The full pass, and all figures of one size by name."""
    landing = home / "landing"
    landing.mkdir()
    sample = trialmart("sample", str(studies), str(landing), "--format", "ctgov_zip", home=home)
    (bulk,) = landing.glob("*.zip")
    with zipfile.ZipFile(bulk) as archive:
        raw_bytes = sum(member.file_size for member in archive.infolist())
    full = trialmart("run", home=home)
    warehouse = home / "warehouse.duckdb"
    rows, published = staged_rows(warehouse), warehouse.stat().st_size
    nothing = trialmart("run", home=home)
    write_delta(landing, changed)
    delta = trialmart("run", home=home)
    status = trialmart("status", home=home)
    mega = raw_bytes / 1e6
    figures = {
        "raw JSON, MB": f"{mega:,.0f}",
        "`trialmart sample`, s (MB/s)": f"{sample.seconds:.1f} ({mega / sample.seconds:.0f})",
        "full pass, s (MB/s)": f"{full.seconds:.1f} ({mega / full.seconds:.0f})",
        "full pass, processor s": f"{full.busy_seconds:.1f}",
    }
    for stage, spent in full.stages.items():
        figures[f"— {stage}, s (MB/s)"] = f"{spent:.1f} ({mega / spent:.0f})" if spent else "0"
    staging = full.stages.get("staging", 0.0)
    figures |= {
        "rows staged (a second)": f"{rows:,} ({rows / staging:,.0f})" if staging else f"{rows:,}",
        "highest memory, GB": f"{full.peak_bytes / 1e9:.1f}",
        "published warehouse, MB (of the raw JSON)": f"{published / 1e6:,.0f} ({published / raw_bytes:.2f})",
        "run with nothing new, s": f"{nothing.seconds:.1f}",
        f"delta of {changed:,}, s (of the full pass)": against(delta.seconds, full.seconds),
        "delta, processor s (of the full pass)": against(delta.busy_seconds, full.busy_seconds),
        "`trialmart status`, s": f"{status.seconds:.1f}",
    }
    return full, figures


def against(seconds: float, whole: float) -> str:
    """`12.3 (0.12)`."""
    return f"{seconds:.1f} ({seconds / whole:.2f})"


def staged_rows(warehouse: Path) -> int:
    """Rows of all staged tables together."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "SELECT sum(estimated_size)::BIGINT FROM duckdb_tables() WHERE schema_name = 'staging'"
        ).fetchall()
    return int(found[0][0])


if __name__ == "__main__":
    main()
