"""Cuts a WebSocket client off 500 times while people write, with one and two `rehearse serve` processes on one database.

Each time it comes back to a process chosen at random and resumes after its last cursor. It must see each message of its
thread once and in order.
"""

import argparse
import random
import sys
import threading
import time

from product import DATABASES, Client, Server, Socket, Unanswered, find_rehearse, log_in

SEND = 'mutation($thread: ID!) { sendMessage(input: {threadId: $thread, content: [{text: "x"}]}) { message { id } } }'
THREAD = 'mutation { createThread(input: {url: "https://acme.example/resume"}) { thread { id } } }'
FOLLOW = "subscription($thread: ID!, $after: String) { messageAdded(threadId: $thread, after: $after) { sequence } }"
WRITERS = 3


def check(database, rehearse, name, processes, cuts, seed):
    chance, began = random.Random(seed), time.monotonic()
    servers = [Server(rehearse, database.url) for _ in range(processes)]
    ports = [server.port for server in servers]
    token = log_in(ports[0], "reader")[0]
    writers = [Client(ports[number % processes], log_in(ports[0], f"writer-{number}")[0]) for number in range(WRITERS)]
    thread = writers[0].run(THREAD)["createThread"]["thread"]["id"]
    cursor = writers[0].run("{ eventCursor }")["eventCursor"]
    done, sent, faults = threading.Event(), [0] * WRITERS, []

    def write(number):
        pace = random.Random(f"{seed} {number}")
        while not done.is_set():
            writers[number].run(SEND, thread=thread)
            sent[number] += 1
            time.sleep(pace.uniform(0, 0.02))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in threads:
        writer.start()
    seen, recovered, where = [], 0, [0] * processes

    def read(port, limit, seconds):
        """Follows the thread until it is cut off: after `limit` messages, after some time, or by the pong of a fence."""
        nonlocal cursor, recovered
        socket = Socket(port, token)
        socket.subscribe(FOLLOW, thread=thread, after=cursor)
        if limit is None:
            socket.fence()
        else:
            socket.socket.settimeout(seconds)
        try:
            while limit is None or limit > 0:
                message = socket.receive()
                if message["type"] == "pong":
                    break
                if message["type"] != "next":
                    faults.append(f"the reader was told {message}")
                    break
                seen.append(message["payload"]["data"]["messageAdded"]["sequence"])
                extensions = message["payload"]["extensions"]
                cursor = extensions["cursor"]
                recovered += extensions.get("recovered", False)
                limit = None if limit is None else limit - 1
        except Unanswered:
            pass
        socket.close()

    for _ in range(cuts):
        number = chance.randrange(processes)
        where[number] += 1
        read(ports[number], chance.randrange(6), chance.uniform(0.0005, 0.03))
    done.set()
    for writer in threads:
        writer.join()
    read(ports[-1], None, 0)
    for server in servers:
        server.kill()
    if seen != list(range(1, sum(sent) + 1)):
        faults.append(f"{sum(sent)} messages were sent; the reader saw {len(seen)}, {len(set(seen))} of them different")
    for fault in faults[:20]:
        print(f"  {fault}")
    verdict = "failed" if faults else "passed"
    print(f"{name}, {processes} processes: {cuts} cuts {verdict} in {time.monotonic() - began:.1f} s: {len(seen)} events seen "
          f"once and in order, {recovered} of them recovered; connected {where}", flush=True)
    return len(faults)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=500)
    parser.add_argument("--database", choices=sorted(DATABASES), action="append")
    parser.add_argument("--processes", type=int, action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rehearse", default=None)
    options = parser.parse_args()
    faults = 0
    for name in options.database or sorted(DATABASES):
        for processes in options.processes or [1, 2]:
            database = DATABASES[name]()
            try:
                faults += check(
                    database, options.rehearse or find_rehearse(), name, processes, options.cuts, options.seed)
            finally:
                database.remove()
    return 1 if faults else 0


sys.exit(main())
