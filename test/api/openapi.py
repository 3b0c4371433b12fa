"""The description at /api/openapi.json holds together: what OpenAPI 3.1 and JSON Schema demand of a document like ours.

usage: openapi.py GUATU
"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}
PLACES = {"path", "query", "header", "cookie"}
faults = []


def need(good, where, text):
    if not good:
        faults.append(f"{where}: {text}")


def resolve(document, reference, where):
    need(reference.startswith("#/"), where, f"{reference} points outside")
    at = document
    for word in reference[2:].split("/"):
        if not isinstance(at, dict) or word not in at:
            faults.append(f"{where}: {reference} points nowhere")
            return
        at = at[word]


def check_schema(document, schema, where):
    if isinstance(schema, bool):
        return
    need(isinstance(schema, dict), where, "a schema is an object")
    if "$ref" in schema:
        resolve(document, schema["$ref"], where)
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        need(kind in TYPES, where, f"type {kind}")
    for word in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        need(isinstance(schema.get(word, 0), (int, float)), where, word)
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        if low in schema and high in schema:
            need(schema[low] <= schema[high], where, f"{low} is above {high}")
    if "enum" in schema:
        values = [json.dumps(v) for v in schema["enum"]]
        need(values and len(set(values)) == len(values), where, "enum is empty or repeats itself")
    if "pattern" in schema:
        re.compile(schema["pattern"])
    required = schema.get("required", [])
    need(isinstance(required, list) and len(set(required)) == len(required), where, "required")
    for name, inner in schema.get("properties", {}).items():
        check_schema(document, inner, f"{where}.{name}")
    for name in required:
        need("properties" not in schema or name in schema["properties"], where, f"requires {name}, which it does not describe")
    for word in ("items", "additionalProperties", "not"):
        if word in schema:
            check_schema(document, schema[word], f"{where}.{word}")
    for word in ("oneOf", "anyOf", "allOf"):
        need(schema.get(word, [1]), where, f"{word} is empty")
        for i, inner in enumerate(schema.get(word, [])):
            check_schema(document, inner, f"{where}.{word}[{i}]")


def check_operation(document, path, method, operation):
    where = f"{method.upper()} {path}"
    need(operation.get("summary"), where, "no summary")
    named = re.findall(r"\{(\w+)\}", path)
    seen = set()
    for p in operation.get("parameters", []):
        need(p["in"] in PLACES, where, f"parameter in {p['in']}")
        need((p["in"], p["name"]) not in seen, where, f"parameter {p['name']} twice")
        seen.add((p["in"], p["name"]))
        need(p["in"] != "path" or p["required"], where, f"path parameter {p['name']} is not required")
        check_schema(document, p["schema"], f"{where} {p['name']}")
    need({n for place, n in seen if place == "path"} == set(named), where, "path parameters differ from the path's")
    if "requestBody" in operation:
        need(method != "get", where, "a GET with a body")
        for media, content in operation["requestBody"]["content"].items():
            check_schema(document, content["schema"], f"{where} body {media}")
    need("2XX" in operation["responses"] and "default" in operation["responses"], where, "answers")
    for code, answer in operation["responses"].items():
        need(answer.get("description"), where, f"answer {code} has no description")
        for media, content in answer.get("content", {}).items():
            if "schema" in content:
                check_schema(document, content["schema"], f"{where} {code} {media}")


def main():
    server = run.Server(os.path.abspath(sys.argv[1]))
    client = run.Client(server)
    operations = schemas = 0
    try:
        for language in ("zh", "en"):
            status, _, body = client.send("GET", "/api/openapi.json", {"Accept-Language": language}, None)
            need(status == 200, language, f"status {status}")
            document = json.loads(body)
            need(document["openapi"].startswith("3.1."), "openapi", "version")
            need({"title", "version"} <= set(document["info"]), "info", "title and version")
            ids = []
            for path, methods in document["paths"].items():
                need(path.startswith("/"), path, "no slash")
                for method, operation in methods.items():
                    check_operation(document, path, method, operation)
                    ids.append(operation["operationId"])
                    operations += 1
            need(len(set(ids)) == len(ids), "paths", "operationId twice")
            for name, schema in document["components"]["schemas"].items():
                need(re.fullmatch(r"[\w.-]+", name), name, "name of a schema")
                check_schema(document, schema, name)
                schemas += 1
            _, _, body = client.send("GET", "/api/registers", client.headers_of("office"), None)
            for register in json.loads(body)["registers"]:
                need(register["register"] in document["components"]["schemas"], register["register"], "has no schema")
    finally:
        server.stop()
    for text in faults:
        print("FAILED", text)
    print(f"{operations + schemas - len(faults)} passed, {len(faults)} failed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
