"""One target under a coverage-guided fuzzer (atheris: libFuzzer for Python): `python -m tests.fuzz.guided …`.

Belongs here: the process that libFuzzer owns. Does not: campaigns (__main__.py starts this once for each target).
Atheris is no dependency of the program: `pip install trialmart[fuzz]`.

The fuzzer's bytes make the choices (chance.py), so that a change of a byte is a change of a choice, or, behind an odd
first byte, are the file itself.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["pipelines"]):
    from tests.fuzz.campaign import Run, peak_mib
    from tests.fuzz.chance import BytesChance
    from tests.fuzz.seeds import READER_FORMATS, members_of
    from tests.fuzz.targets import targets

_TOLD_EVERY = 50


def main() -> None:
    """Never returns: libFuzzer ends the process when its time is over."""
    name, seconds, seed, told, folder = sys.argv[1:]
    target = targets()[name]
    takes_bytes = target.together > 0 and name != "aact_flat"
    run = Run(target, int(seed))
    corpus = Path(folder) / "corpus"
    corpus.mkdir()
    chance = random.Random(int(seed))
    for number in range(40):
        (corpus / f"choices-{number}").write_bytes(b"\0" + chance.randbytes(64))
    for number, data in enumerate(members_of(name)[:8] if name in READER_FORMATS and takes_bytes else ()):
        (corpus / f"member-{number}").write_bytes(b"\1" + data[:20_000])

    def one_input(data: bytes) -> None:
        raw = takes_bytes and data[:1] and data[0] % 2
        run.take(data[:200].hex(), data[1:] if raw else target.make(BytesChance(data[1:])))
        if run.figures.inputs % _TOLD_EVERY == 0:
            run.finish()
            text = json.dumps({"figures": run.figures.told(), "peak_mib": peak_mib()})
            Path(told).write_text(text, encoding="utf-8")

    limits = [
        "-rss_limit_mb=4096",
        "-max_len=30000",
        "-timeout=60",
        f"-max_total_time={seconds}",
        f"-seed={int(seed) + 1}",
    ]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(corpus)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
