#!/usr/bin/env python3
"""What the load generator can do alone: journeys a second of one core, and what a virtual user costs in memory.

    python3 Benchmarks/generator.py                 journeys by HTTP, and by WebSocket with an event each
    python3 Benchmarks/generator.py --idle 10000    virtual users that are connected, subscribed and idle

Needs .build/release/rehearse and .build/release/benchmarks. The other end is a process of its own that answers everything
with the same bytes, on the second core; the generator is on the first.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTHING = ROOT / "Benchmarks" / "nothing"


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def play(options, scenario, port, folder):
    """Returns the summary of one load run, pinned to the first core."""
    out = pathlib.Path(folder) / "run"
    command = ["taskset", "-c", str(options.cores[0]), options.bin / "rehearse", "load", scenario, "--quiet"]
    command += ["--target", f"http://127.0.0.1:{port}", "--token", "*=nobody", "--seed", "1", "--out", out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return json.loads((out / "summary.json").read_text())


def journeys(options, server, port):
    print(f"{'journey':<44} {'journeys/s':>10} {'CPU-s per 1,000':>16} {'per CPU-second':>15} {'server':>8}")
    for name in ["http", "socket"]:
        with tempfile.TemporaryDirectory() as folder:
            before = processor_seconds(server.pid)
            summary = play(options, NOTHING / f"{name}.yaml", port, folder)
            used = processor_seconds(server.pid) - before
        done = summary["metrics"]["iterations"]
        elapsed = done["count"] / done["rate"]
        # The report's share is of all processors, from the start of the warm-up of one second to the end.
        share = summary["scenarios"][0]["generator"]["processorShare"] * os.cpu_count()
        each = share * elapsed / done["count"]
        title = summary["scenarios"][0]["name"]
        busy = used / (elapsed + 1)
        print(f"{title:<44} {done['rate']:>10,.0f} {each * 1000:>16.3f} {1 / each:>15,.0f} {busy:>7.0%}")
        limit = "the generator's core" if share > 0.9 and busy < 0.9 else "the server" if busy > 0.9 else "neither"
        print(f"  generator {share:.0%} of its core; what limits: {limit}")


def idle(options, port):
    with tempfile.TemporaryDirectory() as folder:
        text = (NOTHING / "idle.yaml").read_text().replace("10000", str(options.idle))
        text = text.replace("schema: ", f"actions: {NOTHING}/actions\nschema: {NOTHING}/")
        scenario = pathlib.Path(folder) / "idle.yaml"
        scenario.write_text(text)
        summary = play(options, scenario, port, folder)
    print(f"{options.idle} virtual users, each connected with one subscription, idle:")
    print(f"  {summary['scenarios'][0]['generator']['memoryPerUserBytes'] / 1024:.1f} KiB resident for each")
    bare = [options.bin / "benchmarks", "connections", str(port), str(options.idle)]
    print(" ", subprocess.run(bare, check=True, capture_output=True, text=True).stdout.strip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, help="how many virtual users to leave idle")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / ".build" / "release", help="where the programs are")
    parser.add_argument("--cores", type=int, nargs=2, default=[0, 1], help="of the generator, and of the server")
    options = parser.parse_args()
    command = ["taskset", "-c", str(options.cores[1]), options.bin / "benchmarks", "nothing", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = int(re.match(r"\d+", server.stdout.readline())[0])
        if options.idle:
            idle(options, port)
        else:
            journeys(options, server, port)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
