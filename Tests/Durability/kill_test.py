"""Kills `rehearse serve` with SIGKILL while people write, again and again, then counts in the database what is left; and
once more where Postgres is crashed under a server that stays.

What must hold: an answered message is there; every message that is there has one event and one notification; a request
that was not answered and is sent again with its idempotency key makes one message; a reader that resumes sees each
message once and in order; nobody is present after their lease.
"""

import argparse
import random
import sys
import threading
import time

from product import DATABASES, Client, Server, Socket, Unanswered, find_rehearse, log_in

LEASE_MS = 300
SEND = """mutation($thread: ID!, $content: [ContentNodeInput!]!, $key: String!) {
  sendMessage(input: {threadId: $thread, content: $content, idempotencyKey: $key}) { message { id } userErrors { code } }
}"""
THREAD = 'mutation { createThread(input: {url: "https://acme.example/kill"}) { thread { id page { id } } } }'
FOLLOW = "subscription($thread: ID!, $after: String) { messageAdded(threadId: $thread, after: $after) { sequence } }"
ENTER = "mutation($page: ID!, $region: String) { enterPage(input: {pageId: $page, region: $region}) { userErrors { code } } }"
PRESENT = "query($page: ID!) { page(id: $page) { presence { region user { id } } } }"

# What must be 0, in one place for both databases.
FAULTS = {
    "messages without an event": "SELECT count(*) FROM messages WHERE id NOT IN "
    "(SELECT subject_id FROM outbox WHERE kind = 'message.added')",
    "messages with two events": "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE kind = 'message.added' "
    "GROUP BY subject_id HAVING count(*) > 1) AS twice",
    "events without a message": "SELECT count(*) FROM outbox WHERE kind = 'message.added' AND subject_id NOT IN "
    "(SELECT id FROM messages)",
    "events in another stream": "SELECT count(*) FROM outbox o JOIN messages m ON m.id = o.subject_id "
    "WHERE o.kind = 'message.added' AND o.topic <> 'thread:' || m.thread_id",
    "messages without a notification": "SELECT count(*) FROM messages WHERE id NOT IN "
    "(SELECT message_id FROM notifications WHERE kind = 'MENTION' AND message_id IS NOT NULL)",
    "messages with two notifications": "SELECT count(*) FROM (SELECT 1 FROM notifications "
    "GROUP BY message_id HAVING count(*) > 1) AS twice",
    "notifications without an event": "SELECT count(*) FROM notifications WHERE id NOT IN "
    "(SELECT subject_id FROM outbox WHERE kind = 'notification.received')",
    "notifications with two events": "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE kind = 'notification.received' "
    "GROUP BY subject_id HAVING count(*) > 1) AS twice",
    "gaps in the sequence": "SELECT coalesce(max(sequence), 0) - count(*) FROM messages",
    "threads that count wrong": "SELECT count(*) FROM threads WHERE last_sequence <> "
    "(SELECT count(*) FROM messages m WHERE m.thread_id = threads.id)",
}


class Writer(threading.Thread):
    """Sends messages, one after the other, until the server is gone."""

    def __init__(self, run, number, round_number):
        super().__init__()
        self.run_of, self.number, self.round = run, number, round_number

    def run(self):
        client = Client(self.run_of.port, self.run_of.writers[self.number])
        for count in range(1_000_000):
            if self.run_of.is_over.is_set():
                return
            key = f"{self.round}-{self.number}-{count}"
            try:
                self.run_of.send(client, key)
            except Unanswered:
                self.run_of.unanswered.append((self.number, key))
                return
            except RuntimeError as error:
                self.run_of.failures.append(str(error))
                return
            self.run_of.first_answer.set()


class Reader(threading.Thread):
    """Follows the thread from where the one before it was cut off."""

    def __init__(self, run, until_fence=False):
        super().__init__(daemon=True)
        self.run_of, self.until_fence, self.socket = run, until_fence, None

    def fence(self):
        self.socket.fence()

    def run(self):
        run = self.run_of
        try:
            socket = self.socket = Socket(run.port, run.reader)
            socket.subscribe(FOLLOW, thread=run.thread, after=run.cursor)
            if self.until_fence:
                socket.fence()
            while (message := socket.receive())["type"] != "pong":
                if message["type"] != "next":
                    run.failures.append(f"the reader was told {message}")
                    return
                run.sequences.append(message["payload"]["data"]["messageAdded"]["sequence"])
                run.cursor = message["payload"]["extensions"]["cursor"]
            socket.close()
        except Unanswered:
            pass


class Run:
    def __init__(self, database, rehearse, clients, seed):
        self.database, self.rehearse, self.random = database, rehearse, random.Random(seed)
        self.answers, self.unanswered, self.failures, self.sequences = {}, [], [], []
        self.cursor, self.repeated, self.committed, self.entered, self.outlived = None, 0, 0, 0, 0
        self.start()
        self.writers = [log_in(self.port, f"writer-{number}")[0] for number in range(clients)]
        self.reader, self.mentioned = log_in(self.port, "reader")
        client = Client(self.port, self.writers[0])
        made = client.run(THREAD)["createThread"]["thread"]
        self.thread, self.page = made["id"], made["page"]["id"]
        self.cursor = client.run("{ eventCursor }")["eventCursor"]
        client.close()

    def start(self):
        self.server = Server(self.rehearse, self.database.url, "--presence-lease", str(LEASE_MS))
        self.port = self.server.port

    def send(self, client, key):
        content = [{"text": f"{key} for "}, {"mention": self.mentioned}]
        made = client.run(SEND, thread=self.thread, content=content, key=key)["sendMessage"]
        if made["userErrors"]:
            raise RuntimeError(made["userErrors"])
        self.answers.setdefault(key, set()).add(made["message"]["id"])

    def round(self, number):
        """People write until the server is killed; then it starts again."""
        self.first_answer, self.is_over = threading.Event(), threading.Event()
        present = Socket(self.port, self.reader)
        present.run(ENTER, page=self.page, region=f"round {number}")
        self.entered += 1
        threads = [Writer(self, client, number) for client in range(len(self.writers))] + [Reader(self)]
        for thread in threads:
            thread.start()
        self.first_answer.wait(30)
        time.sleep(self.random.uniform(0, 0.2))
        self.server.kill()
        killed = time.monotonic()
        for thread in threads:
            thread.join()
        present.close()
        self.check(f"after kill {number}")
        self.start()
        self.repeat()
        time.sleep(max(0, killed + LEASE_MS / 1000 - time.monotonic()))
        client = Client(self.port, self.writers[0])
        if client.run(PRESENT, page=self.page)["page"]["presence"]:
            self.outlived += 1
        client.close()

    def crash(self, number):
        """People write until the database crashes; the server stays, and so does the reader."""
        self.first_answer, self.is_over = threading.Event(), threading.Event()
        threads = [Writer(self, client, number) for client in range(len(self.writers))]
        for thread in threads:
            thread.start()
        self.first_answer.wait(30)
        time.sleep(self.random.uniform(0, 0.2))
        self.database.crash()
        self.is_over.set()
        for thread in threads:
            thread.join()
        self.repeat()
        self.check(f"after crash {number}")

    def repeat(self):
        """Sends what was not answered again, twice, with the keys of the first time."""
        before = self.messages()
        for writer, key in self.unanswered:
            client = Client(self.port, self.writers[writer])
            self.send(client, key)
            self.send(client, key)
            client.close()
        made = self.messages() - before
        self.repeated += len(self.unanswered)
        self.committed += len(self.unanswered) - made
        self.unanswered = []

    def messages(self):
        return self.database.counts(["SELECT count(*) FROM messages"])[0]

    def check(self, when):
        for name, count in zip(FAULTS, self.database.counts(FAULTS.values())):
            if count:
                self.failures.append(f"{when}: {count} {name}")

    def finish(self, follower=None):
        if follower:
            follower.fence()
        reader = follower or Reader(self, until_fence=True)
        if not follower:
            reader.start()
        reader.join()
        self.server.kill()
        self.check("in the end")
        messages = self.messages()
        ids = sorted({next(iter(found)) for found in self.answers.values()})
        in_database = 0
        for start in range(0, len(ids), 500):
            quoted = ", ".join(f"'{id}'" for id in ids[start : start + 500])
            in_database += self.database.counts([f"SELECT count(*) FROM messages WHERE id IN ({quoted})"])[0]
        lost, doubled = len(self.answers) - in_database, sum(len(found) - 1 for found in self.answers.values())
        unseen = messages - len(self.sequences)
        ordered = self.sequences == sorted(set(self.sequences))
        for count, name in ((lost, "answered messages lost"), (doubled, "retries that made another message"),
                            (messages - len(self.answers), "messages that nobody sent"),
                            (unseen, "messages not seen once by the reader"), (0 if ordered else 1, "readers out of order"),
                            (self.outlived, "presences that outlived their lease")):
            if count:
                self.failures.append(f"in the end: {count} {name}")
        return (f"{messages} messages, {len(self.answers)} answered, {self.repeated} of them only when "
                f"sent again, {self.committed} of which were there already; "
                f"{self.entered} presences, {self.outlived} outlived their lease; {len(self.sequences)} events seen by a "
                f"reader; {lost} lost, {doubled} doubled, {len(self.failures)} faults")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--database", choices=sorted(DATABASES), action="append")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rehearse", default=None)
    options = parser.parse_args()
    rehearse = options.rehearse or find_rehearse()
    tests = [(name, "kills") for name in options.database or sorted(DATABASES)]
    tests += [(name, "crashes") for name, _ in tests if hasattr(DATABASES[name], "crash")]
    failed = False
    for name, what in tests:
        began = time.monotonic()
        database, run = DATABASES[name](), None
        try:
            run = Run(database, rehearse, options.clients, options.seed)
            follower = None
            if what == "crashes":
                follower = Reader(run)
                follower.start()
            for number in range(options.rounds):
                run.round(number) if what == "kills" else run.crash(number)
            summary = run.finish(follower)
        finally:
            if run:
                run.server.kill()
            database.remove()
        for failure in run.failures[:20]:
            print(f"  {failure}")
        failed = failed or bool(run.failures)
        verdict = "failed" if run.failures else "passed"
        print(f"{name}: {options.rounds} {what} {verdict} in {time.monotonic() - began:.1f} s: {summary}", flush=True)
    return 1 if failed else 0


sys.exit(main())
