"""Python's `gql` against `rehearse serve`: fetches the schema, queries, mutates and subscribes over both transports.

Usage: gql_client.py URL ORGANIZATION SECRET, for example http://127.0.0.1:4000/graphql acme acme-secret
"""

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

url, organization, secret = sys.argv[1:4]


def client_token(user: str) -> str:
    def encode(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    header = encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    claims = {"org": organization, "sub": user, "name": user.title(), "exp": int(time.time()) + 300}
    signed = f"{header}.{encode(json.dumps(claims).encode())}"
    return f"{signed}.{encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def http(token: str | None) -> Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(transport=RequestsHTTPTransport(url=url, headers=headers), fetch_schema_from_transport=True)


def log_in(user: str) -> str:
    with http(None) as session:
        assert session.client.schema.query_type.name == "Query"
        document = gql("mutation($t: String!) { createSession(input: {clientToken: $t}) { token userErrors { code } } }")
        document.variable_values = {"t": client_token(user)}
        payload = session.execute(document)["createSession"]
        assert payload["userErrors"] == [], payload
        return payload["token"]


async def main() -> None:
    ada, grace = log_in("ada"), log_in("grace")
    with http(ada) as session:
        viewer = session.execute(gql("{ viewer { externalId organization { slug } } }"))["viewer"]
        assert viewer == {"externalId": "ada", "organization": {"slug": organization}}, viewer
        create = gql("mutation { createThread(input: {url: \"https://a.example/p\", title: \"T\"}) { thread { id } } }")
        thread = session.execute(create)["createThread"]["thread"]["id"]
    try:
        with http(None) as session:
            session.execute(gql("{ viewer { id } }"))
        raise AssertionError("an anonymous viewer was answered")
    except TransportQueryError:
        pass

    sockets = WebsocketsTransport(
        url=url.replace("http", "ws", 1), init_payload={"token": grace}, subprotocols=["graphql-transport-ws"]
    )
    async with Client(transport=sockets, fetch_schema_from_transport=True) as session:
        subscription = gql("subscription($id: ID!) { messageAdded(threadId: $id) { sequence text author { name } } }")
        subscription.variable_values = {"id": thread}
        stream = session.subscribe(subscription)
        arrival = asyncio.ensure_future(anext(stream))
        send = gql(
            "mutation($id: ID!) { sendMessage(input: {threadId: $id, content: [{text: \"Hi\"}]}) { message { id } } }"
        )
        send.variable_values = {"id": thread}
        # The protocol does not confirm a subscription, so send until one arrives.
        for _ in range(50):
            await session.execute(send)
            done, _pending = await asyncio.wait([arrival], timeout=0.1)
            if done:
                break
        message = (await asyncio.wait_for(arrival, 5))["messageAdded"]
        assert message["text"] == "Hi" and message["author"]["name"] == "Grace", message
        await stream.aclose()
    print("Python's gql: schema, query, mutation and subscription passed")


asyncio.run(main())
