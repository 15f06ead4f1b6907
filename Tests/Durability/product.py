"""What the durability tests share: a server that can be killed, the databases it runs on, clients. Python's library only."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time

ORGANIZATION, SECRET = "acme", "acme-secret-acme-secret-acme-secret"
START_SECONDS = 30


class Unanswered(Exception):
    """The server, or its database, went away before it had answered."""


def client_token(user):
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    header = encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    claims = {"org": ORGANIZATION, "sub": user, "name": user.title(), "exp": int(time.time()) + 300}
    signed = f"{header}.{encode(json.dumps(claims).encode())}"
    return f"{signed}.{encode(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest())}"


class Server:
    """A `rehearse serve` of its own on any free port."""

    def __init__(self, rehearse, database, *options):
        command = [rehearse, "serve", "--port", "0", "--database", database, "--migrate"]
        command += ["--organization", f"{ORGANIZATION}={SECRET}", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = ""
        for line in self.process.stdout:
            said += line
            if found := re.search(r"http://[^ ]*:(\d+)", line):
                self.port = int(found[1])
                return
        raise RuntimeError(f"the server did not say where it listens: {said}")

    def kill(self):
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


class Client:
    """GraphQL over one HTTP connection."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def run(self, query, **variables):
        try:
            body = json.dumps({"query": query, "variables": variables})
            self.connection.request("POST", "/graphql", body, self.headers)
            answer = json.loads(self.connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unanswered(str(error)) from error
        if "errors" in answer:
            if answer["errors"][0].get("extensions", {}).get("code") == "UNAVAILABLE":
                raise Unanswered("the database was away")
            raise RuntimeError(answer["errors"])
        return answer["data"]

    def close(self):
        self.connection.close()


def log_in(port, user):
    """A session token and the user's id."""
    document = "mutation($t: String!) { createSession(input: {clientToken: $t}) { token viewer { id } } }"
    client = Client(port)
    made = client.run(document, t=client_token(user))["createSession"]
    client.close()
    return made["token"], made["viewer"]["id"]


class Socket:
    """graphql-transport-ws over a WebSocket (RFC 6455): text frames that are not fragmented, which is all we are sent."""

    def __init__(self, port, token):
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
            key = base64.b64encode(os.urandom(16)).decode()
            self.socket.sendall(
                f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
            )
            self.buffer = b""
            while b"\r\n\r\n" not in self.buffer:
                self._fill()
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            assert b" 101 " in head.split(b"\r\n")[0], head
            self.send({"type": "connection_init", "payload": {"token": token}})
            assert self.receive()["type"] == "connection_ack"
        except OSError as error:
            raise Unanswered(str(error)) from error

    def _fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise Unanswered("the socket ended")
        self.buffer += data

    def _take(self, count):
        while len(self.buffer) < count:
            self._fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def send(self, message):
        data, mask = json.dumps(message).encode(), os.urandom(4)
        size = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))
        try:
            self.socket.sendall(b"\x81" + size + mask + masked)
        except OSError as error:
            raise Unanswered(str(error)) from error

    def receive(self):
        """The next message of the protocol; pings of either protocol are answered."""
        try:
            while True:
                first, second = self._take(2)
                size = second & 0x7F
                if size == 126:
                    (size,) = struct.unpack("!H", self._take(2))
                elif size == 127:
                    (size,) = struct.unpack("!Q", self._take(8))
                data = self._take(size)
                if first & 0x0F == 8:
                    raise Unanswered(f"closed: {data!r}")
                if first & 0x0F != 1:
                    continue
                message = json.loads(data)
                if message["type"] == "ping":
                    self.send({"type": "pong"})
                else:
                    return message
        except OSError as error:
            raise Unanswered(str(error)) from error

    def subscribe(self, query, **variables):
        self.send({"id": "1", "type": "subscribe", "payload": {"query": query, "variables": variables}})

    def run(self, query, **variables):
        """The data of one operation; for a socket that does nothing else."""
        self.send({"id": "0", "type": "subscribe", "payload": {"query": query, "variables": variables}})
        answer = self.receive()
        assert self.receive()["type"] == "complete"
        assert "errors" not in answer["payload"], answer
        return answer["payload"]["data"]

    def fence(self):
        """Sends a fence; what was committed before it comes before its pong."""
        self.send({"type": "ping", "payload": {"fence": "f"}})

    def close(self):
        self.socket.close()


def together(statements):
    return "SELECT " + ", ".join(f"({statement})" for statement in statements)


class SQLite:
    """A database file."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="rehearsal-durability-")
        self.path = f"{self.folder}/product.sqlite"
        self.url = f"sqlite:{self.path}"

    def counts(self, statements):
        """What each of these statements, of one number, says at one moment."""
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            return connection.execute(together(statements)).fetchone()
        finally:
            connection.close()

    def remove(self):
        shutil.rmtree(self.folder)


class Postgres:
    """A cluster that listens on a Unix socket only; its files are another user's when we are root."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="rehearsal-durability-")
        as_user = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        programs = sorted(subprocess.run("ls -d /usr/lib/postgresql/*/bin", shell=True, capture_output=True, text=True).stdout.split())
        self.bin = programs[-1] if programs else os.path.dirname(shutil.which("initdb") or "")
        quiet = {"stdout": subprocess.DEVNULL, "cwd": self.folder}
        data = f"{self.folder}/data"
        initdb = [f"{self.bin}/initdb", "-D", data, "-U", "rehearsal", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        subprocess.run([*as_user, *initdb], check=True, **quiet)
        self.server = [*as_user, f"{self.bin}/postgres", "-D", data, "-k", self.folder]
        self.server += ["-c", "listen_addresses=", "-c", "fsync=off"]
        self.url = f"host={self.folder} user=rehearsal dbname=template1"
        self._start()
        self._psql("CREATE DATABASE product")
        self.url = f"postgres://rehearsal@/product?host={self.folder}"

    def _start(self):
        self.process = subprocess.Popen(self.server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        deadline = time.monotonic() + START_SECONDS
        while self._psql("SELECT 1").returncode != 0:
            if time.monotonic() > deadline:
                raise RuntimeError("Postgres did not start")

    def crash(self):
        """Ends the server without a goodbye, and starts it again over the same files."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self._start()

    def _psql(self, sql):
        return subprocess.run([f"{self.bin}/psql", self.url, "-XAtqc", sql], capture_output=True, text=True)

    def counts(self, statements):
        """What each of these statements, of one number, says at one moment."""
        found = self._psql(together(statements))
        if found.returncode != 0:
            raise RuntimeError(found.stderr)
        return [int(number) for number in found.stdout.split("|")]

    def remove(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        shutil.rmtree(self.folder)


DATABASES = {"sqlite": SQLite, "postgres": Postgres}


def find_rehearse():
    build = os.environ.get("REHEARSE_BUILD", ".build/ci/release")
    path = os.path.abspath(f"{os.path.dirname(__file__)}/../../{build}/rehearse")
    if os.path.exists(path):
        return path
    raise SystemExit(f"there is no {path}: run ./ci.sh run, or name one with --rehearse")
