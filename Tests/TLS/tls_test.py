#!/usr/bin/env python3
"""Plays scenarios by https and wss: `rehearse serve` behind a proxy that speaks TLS, with a certificate made for this run.
It must pass where the certificate is trusted, by name and by address, and be refused where it is not.

    swift build --traits TLS --product rehearse && python3 Tests/TLS/tls_test.py [--rehearse PATH]"""

import argparse
import os
import re
import secrets
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

ROOT = os.path.abspath(f"{os.path.dirname(__file__)}/../..")


def pass_on(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def terminate_tls(listener, context, port):
    """Takes TLS off what comes, and passes it on to the port."""
    def serve(raw):
        try:
            front = context.wrap_socket(raw, server_side=True)
        except (ssl.SSLError, OSError):
            return raw.close()
        back = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=pass_on, args=(back, front), daemon=True).start()
        pass_on(front, back)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rehearse", default=f"{ROOT}/.build/debug/rehearse")
    rehearse = os.path.abspath(parser.parse_args().rehearse)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key, secret = f"{folder}/certificate.pem", f"{folder}/key.pem", secrets.token_hex(32)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        server = subprocess.Popen(
            [rehearse, "serve", "--port", "0", "--organization", f"acme={secret}", "--organization", f"globex={secret}"],
            stdout=subprocess.PIPE, text=True, cwd=folder)
        try:
            port = next(int(match[1]) for line in server.stdout if (match := re.search(r"http://[^ ]*?:(\d+)", line)))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            listener = socket.create_server(("127.0.0.1", 0), backlog=256)
            threading.Thread(target=terminate_tls, args=(listener, context, port), daemon=True).start()
            outer = listener.getsockname()[1]
            faults = 0
            for host, trusted, expected in [("localhost", True, 0), ("127.0.0.1", True, 0), ("localhost", False, 3)]:
                environment = {name: value for name, value in os.environ.items() if name != "SSL_CERT_FILE"}
                if trusted:
                    environment["SSL_CERT_FILE"] = certificate
                played = subprocess.run(
                    [rehearse, "run", f"{ROOT}/Scenarios/functional/mention.yaml",
                     f"{ROOT}/Scenarios/functional/annotation.yaml", "--target", f"https://{host}:{outer}",
                     "--organization", f"acme={secret}", "--organization", f"globex={secret}", "--out", f"{folder}/run"],
                    env=environment, capture_output=True, text=True, timeout=60)
                print(f"https://{host}, {'trusted' if trusted else 'not trusted'}: exit code {played.returncode}")
                if played.returncode != expected or not trusted and "certificate is not trusted" not in played.stderr:
                    faults += 1
                    print(played.stdout + played.stderr)
                elif not trusted:
                    print(f"  {played.stderr.strip()}")
        finally:
            server.terminate()
            server.wait()
    print("TLS: passed" if faults == 0 else f"TLS: {faults} failed")
    sys.exit(1 if faults else 0)


main()
