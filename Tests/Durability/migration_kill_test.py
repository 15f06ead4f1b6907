"""Kills `rehearse migrate up` and `down` with SIGKILL at random moments, on a database with rows, and goes on from there.

After each kill the database must be at a step and have its rows; in the end it is brought to the last step and served.
"""

import argparse
import random
import subprocess
import sys
import time

from product import DATABASES, Client, Server, find_rehearse, log_in

LOWEST = 5
THREAD = 'mutation { createThread(input: {url: "https://acme.example/m", content: [{text: "Hello"}]}) { thread { id } } }'
KEPT = ("organizations", "users", "sessions", "pages", "threads", "messages", "outbox")


def check(database, rehearse, name, rounds, seed):
    chance = random.Random(seed)

    def migrate(*arguments, kill_after=None):
        command = [rehearse, "migrate", *arguments, "--database", database.url]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            said = process.communicate(timeout=kill_after)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        if process.returncode != 0:
            raise SystemExit(f"{name}: {' '.join(command)} failed: {said}")
        return said

    def rows():
        return list(database.counts(f"SELECT count(*) FROM {table}" for table in KEPT))

    server = Server(rehearse, database.url)
    client = Client(server.port, log_in(server.port, "ada")[0])
    thread = client.run(THREAD)["createThread"]["thread"]["id"]
    server.kill()
    before, faults, kills, steps = rows(), 0, 0, set()
    began = time.monotonic()
    migrate("down", "--to", str(LOWEST))
    migrate("up")
    longest = (time.monotonic() - began) / 2
    goes_up = False
    while kills < rounds:
        arguments = ["up"] if goes_up else ["down", "--to", str(LOWEST)]
        if migrate(*arguments, kill_after=chance.uniform(0, longest)) is not None:
            goes_up = not goes_up
            continue
        kills += 1
        applied = [line.split()[1] for line in migrate("status").splitlines() if line.startswith("applied")]
        steps.add(applied[-1])
        if rows() != before:
            faults += 1
            print(f"  {name}, kill {kills} at {applied[-1]}: {dict(zip(KEPT, rows()))}, expected {before}")
        if chance.random() < 0.3:
            goes_up = not goes_up
    migrate("up")
    server = Server(rehearse, database.url)
    client = Client(server.port, log_in(server.port, "ada")[0])
    shown = client.run("query($id: ID!) { thread(id: $id) { messages { nodes { text } } } }", id=thread)
    server.kill()
    if [node["text"] for node in shown["thread"]["messages"]["nodes"]] != ["Hello"]:
        faults += 1
        print(f"  {name}: in the end the thread is {shown}")
    verdict = "failed" if faults else "passed"
    print(f"{name}: {kills} kills of migrations {verdict}: found at {len(steps)} different steps, {faults} faults", flush=True)
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--database", choices=sorted(DATABASES), action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rehearse", default=None)
    options = parser.parse_args()
    faults = 0
    for name in options.database or sorted(DATABASES):
        database = DATABASES[name]()
        try:
            faults += check(database, options.rehearse or find_rehearse(), name, options.rounds, options.seed)
        finally:
            database.remove()
    return 1 if faults else 0


sys.exit(main())
