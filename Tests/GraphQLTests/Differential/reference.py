"""Answers, line by line, what Python's graphql-core says of documents: the other side of DifferentialTests.swift.

In: the first line is the SDL of a schema as a JSON string, each further line a document as a JSON string.
Out: per document a JSON array of errors {"message", "locations": [[line, column], ...]}, empty for a valid document,
or null where graphql-core itself fails.
"""
import json
import re
import sys

from graphql import GraphQLError, build_schema, parse, validate


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


def main():
    lines = sys.stdin.buffer.read().decode("utf-8").split("\n")
    schema = build_schema(json.loads(lines[0]))
    for line in lines[1:]:
        if not line:
            continue
        try:
            answer = [plain(error) for error in judge(schema, json.loads(line))]
        except Exception:
            answer = None
        print(json.dumps(answer))


main()
