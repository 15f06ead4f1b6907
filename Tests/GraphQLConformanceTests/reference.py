"""graphql-core behind the same JSON lines as graphql-adapter (Sources/GraphQLAdapter/Protocol.swift), over the same
invented data (Sources/GraphQLTesting/Synthetic): the other side of DifferentialTests.swift.

Further requests: {"op": "schema", …} also answers "text", the schema as graphql-core prints it, and {"op": "load",
"introspection": data} answers the "text" of the schema that a client makes of an introspection.
"null" as answer: graphql-core itself failed.
"""
import json
import math
import re
import sys

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    build_ast_schema,
    build_client_schema,
    build_schema,
    execute,
    is_abstract_type,
    parse,
    print_schema,
    validate,
    validate_schema,
)
from graphql.pyutils import inspect as python_inspect
from graphql.validation.validate import validate_sdl

MASK = (1 << 64) - 1


# --- values in messages: as JavaScript shows them, which ours follow ------------------------------------------------


def inspect(value, depth=0):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        if not value:
            return "[]"
        if depth >= 2:
            return "[Array]"
        items = [inspect(item, depth + 1) for item in value[:10]]
        more = len(value) - 10
        if more > 0:
            items.append("... 1 more item" if more == 1 else f"... {more} more items")
        return f"[{', '.join(items)}]"
    if isinstance(value, dict):
        if not value:
            return "{}"
        if depth >= 2:
            return "[Object]"
        return "{ " + ", ".join(f"{key}: {inspect(item, depth + 1)}" for key, item in value.items()) + " }"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return str(int(value))
    return python_inspect(value)


for name, module in list(sys.modules.items()):
    if name.startswith("graphql.") and getattr(module, "inspect", None) is python_inspect:
        module.inspect = inspect


# --- invented data: see Seed.swift and SyntheticValue.swift -----------------------------------------------------------


class Place:
    """The seed of a place, and the type of the object there."""

    def __init__(self, seed, type_name=None):
        self.seed = seed
        self.type_name = type_name

    def deeper(self, step):
        value = self.seed
        for byte in step.encode():
            value = ((value ^ byte) * 0x100000001B3) & MASK
        return Place(value)

    def choice(self, count, purpose):
        value = self.deeper(purpose).seed
        return (((value ^ (value >> 32)) * 0x9E3779B97F4A7C15 & MASK) >> 33) % max(1, count)


ROOT = Place(0xCBF29CE484222325)


def canonical(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if abs(value) >= 1 << 53:
            return "big"
        if value == int(value):
            return str(int(value))
        return "~" + str(math.floor(value * 1024))
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    return "{" + ",".join(f"{key}:{canonical(item)}" for key, item in value.items()) + "}"


def invent(kind, place, schema):
    if isinstance(kind, GraphQLNonNull):
        return invent_present(kind.of_type, place, schema)
    return None if place.choice(8, "null") == 0 else invent_present(kind, place, schema)


def invent_present(kind, place, schema):
    if isinstance(kind, GraphQLList):
        return [invent(kind.of_type, place.deeper(f"[{i}]"), schema) for i in range(place.choice(4, "count"))]
    if isinstance(kind, GraphQLEnumType):
        names = list(kind.values)
        return "PHANTOM" if place.choice(40, "wrong") == 0 else names[place.choice(len(names), "value")]
    if kind.name in ("String", "ID"):
        texts = ["", "plain", 'quoted " and \\', "two\nlines", "ü€😀", "null"]
        return texts[place.choice(len(texts), "text")] + str(place.choice(1000, "number"))
    if kind.name == "Int":
        return 1 << 31 if place.choice(40, "wrong") == 0 else place.choice(2000, "number") - 1000
    if kind.name == "Float":
        return (place.choice(2000, "number") - 1000) / 8
    if kind.name == "Boolean":
        return place.choice(2, "bool") == 0
    if isinstance(kind, GraphQLScalarType):
        which = place.choice(3, "kind")
        if which == 2:
            return {"list": [1, True, None], "text": "ü"}
        return "text" if which == 0 else place.choice(1000, "number")
    if kind is schema.query_type:
        return ROOT
    possible = sorted(t.name for t in schema.get_possible_types(kind)) if is_abstract_type(kind) else [kind.name]
    return Place(place.seed, possible[place.choice(len(possible), "type")])


def resolve(parent, info, **arguments):
    place = (parent or ROOT).deeper(f"{info.field_name}({canonical(arguments)})")
    if place.choice(25, "failure") == 0:
        raise Exception(f"Cannot get {info.field_name}")
    return invent(info.return_type, place, info.schema)


# --- the protocol -----------------------------------------------------------------------------------------------------


def place_of(text, offset):
    """The line and column of an offset as the specification counts them.

    graphql-core's own count puts the first character of a line at the end of the line before, and takes other
    characters than CR and LF for the ends of lines.
    """
    ends = [match.end() for match in re.finditer("\r\n|[\n\r]", text) if match.end() <= offset]
    return {"line": len(ends) + 1, "column": offset - (ends[-1] if ends else 0) + 1}


def plain(error):
    text = error.source.body if error.source else ""
    answer = {"message": error.message, "locations": [place_of(text, offset) for offset in error.positions or []]}
    if error.path:
        answer["path"] = error.path
    return answer


schemas = {}


def schema_of(request):
    text = request["schema"]
    if text not in schemas:
        schemas[text] = build_schema(text)
    return schemas[text]


def judge_schema(text):
    try:
        document = parse(text)
    except GraphQLError as error:
        return {"errors": [plain(error)]}
    errors = validate_sdl(document)
    if not errors:
        try:
            schema = build_ast_schema(document, assume_valid_sdl=True)
        except Exception as error:
            # It breaks off instead of judging.
            return {"errors": [{"message": "BROKEN OFF: " + str(error), "locations": []}]}
        errors = validate_schema(schema)
        if not errors:
            return {"errors": [], "text": print_schema(schema)}
    return {"errors": [plain(error) for error in errors]}


def answer(request):
    operation = request["op"]
    if operation == "load":
        return {"text": print_schema(build_client_schema(request["introspection"]))}
    if operation == "schema":
        return judge_schema(request["schema"])
    try:
        document = parse(request["document"])
    except GraphQLError as error:
        return {"errors": [plain(error)]}
    if operation == "parse":
        return {"errors": []}
    schema = schema_of(request)
    errors = validate(schema, document)
    if errors or operation == "validate":
        return {"errors": [plain(error) for error in errors]}
    result = execute(
        schema,
        document,
        variable_values=request.get("variables"),
        operation_name=request.get("operationName"),
        field_resolver=resolve,
        type_resolver=lambda value, *_: value.type_name,
    )
    answer = {"errors": [plain(error) for error in result.errors or []]}
    # A request that was refused has no data; a failed one has null.
    if result.data is not None or any(error.path for error in result.errors or []):
        answer["data"] = result.data
    return answer


def main():
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            response = answer(request)
        except Exception as error:
            response = {"failure": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": request.get("id"), **response}))


main()
