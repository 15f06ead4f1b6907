#!/usr/bin/env python3
"""How often `rehearse compare --baseline` is right: with two servers of one build, and with one of them slowed down.

    python3 Benchmarks/paired.py --pairs 20

Needs .build/release/rehearse. Comparisons of the same build and of a slowed one take turns. The servers are on one core, the
generator on another. Exits with 1 when either is right in less than 95 of 100.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def compare(options, candidate, seed, folder):
    """Returns the verdicts that are not 'within noise', as text, and whether anything is worse."""
    out, findings = pathlib.Path(folder) / f"run-{seed}", pathlib.Path(folder) / "compared.json"
    server = f"{options.prefix} taskset -c {options.cores[1]}"
    command = [*options.prefix.split(), "taskset", "-c", str(options.cores[0]), options.bin, "compare", options.scenario]
    command += ["--baseline", f"{server} {options.bin}", "--candidate", f"{server} {candidate}"]
    command += ["--rounds", str(options.rounds), "--seed", str(seed), "--out", out, "--json", findings]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode not in (0, 99):
        sys.exit(f"exit code {done.returncode}:\n{done.stdout}{done.stderr}")
    result = [finding for load in json.loads(findings.read_text())["loads"] for finding in load["findings"]]
    different = [finding for finding in result if finding["verdict"] in ("worse", "better")]
    shown = [f"{f['metric']} {f['change'] - 1:+.1%} ({f['low'] - 1:+.1%} to {f['high'] - 1:+.1%})"
             for f in result if f["statistic"] != "share"]
    return bool(different), any(f["verdict"] == "worse" for f in different), ", ".join(shown)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20, help="comparisons of each kind")
    parser.add_argument("--rounds", type=int, default=16, help="rounds of each comparison")
    parser.add_argument("--slowdown", default="1.10", help="how much more of the processor the slowed server needs")
    parser.add_argument("--scenario", type=pathlib.Path, default=ROOT / "Benchmarks" / "paired.yaml")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / ".build" / "release" / "rehearse")
    parser.add_argument("--cores", type=int, nargs=2, default=[0, 1], help="of the generator, and of the servers")
    parser.add_argument("--prefix", default="env", help="put before every program, such as 'nice -n -10'")
    options = parser.parse_args()
    quiet = found = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for pair in range(options.pairs):
            different, _, shown = compare(options, options.bin, 2 * pair, folder)
            quiet += not different
            print(f"{pair + 1}: same build, {'DIFFERENT' if different else 'within noise'}: {shown}", flush=True)
            slowed = f"env REHEARSAL_SLOWDOWN={options.slowdown} {options.bin}"
            _, worse, shown = compare(options, slowed, 2 * pair + 1, folder)
            found += worse
            print(f"{pair + 1}: slowed,     {'worse' if worse else 'NOT FOUND'}: {shown}", flush=True)
    print(f"same build: within noise in {quiet} of {options.pairs}")
    print(f"slowed to {options.slowdown}: reported in {found} of {options.pairs}")
    print(f"{(time.monotonic() - began) / options.pairs / 2:.1f} s for a comparison")
    return 0 if min(quiet, found) >= 0.95 * options.pairs else 1


if __name__ == "__main__":
    sys.exit(main())
