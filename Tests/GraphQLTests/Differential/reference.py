"""Answers what Python's graphql-core says: the other side of DifferentialTests.swift.

judge: the first line is the SDL of a schema as a JSON string, each further line a document as a JSON string.
Out: per document a JSON array of errors {"message", "locations": [[line, column], ...]}, empty for a valid document,
or null where graphql-core itself fails.
print: each line is the SDL of a schema as a JSON string. Out: the schema as graphql-core prints it, a JSON string.
load: each line is the answer to the introspection query. Out: the schema that a client makes of it, printed likewise.
"""
import json
import re
import sys

from graphql import GraphQLError, build_client_schema, build_schema, parse, print_schema, validate


def judge(schema, text):
    try:
        document = parse(text)
    except GraphQLError as error:
        return [error]
    return validate(schema, document)


def place(text, offset):
    """The line and column of an offset as the specification counts them.

    graphql-core's own count puts the first character of a line at the end of the line before, and takes other
    characters than CR and LF for the ends of lines.
    """
    ends = [match.end() for match in re.finditer("\r\n|[\n\r]", text) if match.end() <= offset]
    return [len(ends) + 1, offset - (ends[-1] if ends else 0) + 1]


def plain(error):
    text = error.source.body if error.source else ""
    return {
        "message": error.message,
        "locations": [place(text, offset) for offset in error.positions or []],
    }


def judge_all(lines):
    schema = build_schema(lines[0])
    for text in lines[1:]:
        try:
            yield [plain(error) for error in judge(schema, text)]
        except Exception:
            yield None


def main():
    mode = sys.argv[1]
    lines = [json.loads(line) for line in sys.stdin.buffer.read().split(b"\n") if line]
    if mode == "judge":
        answers = judge_all(lines)
    elif mode == "print":
        answers = (print_schema(build_schema(line)) for line in lines)
    else:
        answers = (print_schema(build_client_schema(line)) for line in lines)
    for answer in answers:
        print(json.dumps(answer))


main()
