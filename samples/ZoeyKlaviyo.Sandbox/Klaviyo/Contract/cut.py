"""Cuts Klaviyo's official OpenAPI document (github.com/klaviyo/openapi, MIT) to the operations the sandbox answers.

    python3 cut.py openapi/stable.json > klaviyo-openapi.json
"""
import json
import sys

PATHS = {
    "/api/accounts": ["get"],
    "/api/accounts/{id}": ["get"],
    "/api/events": ["get", "post"],
    "/api/event-bulk-create-jobs": ["post"],
    "/api/lists": ["get", "post"],
    "/api/lists/{id}": ["get"],
    "/api/metrics": ["get"],
    "/api/metrics/{id}": ["get"],
    "/api/profiles": ["get"],
    "/api/profiles/{id}": ["get"],
    "/api/profile-subscription-bulk-create-jobs": ["post"],
    "/api/profile-subscription-bulk-delete-jobs": ["post"],
    "/api/catalog-items": ["get"],
    "/api/catalog-items/{id}": ["get"],
    "/api/catalog-items/{id}/categories": ["get"],
    "/api/catalog-items/{id}/variants": ["get"],
    "/api/catalog-items/{id}/relationships/categories": ["get", "post", "patch", "delete"],
    "/api/catalog-variants": ["get"],
    "/api/catalog-variants/{id}": ["get"],
    "/api/catalog-categories": ["get"],
    "/api/catalog-categories/{id}": ["get"],
    "/api/catalog-categories/{id}/items": ["get"],
} | {
    f"/api/catalog-{kind}-bulk-{operation}-jobs{tail}": methods
    for kind in ["item", "variant", "category"]
    for operation in ["create", "update", "delete"]
    for tail, methods in [("", ["get", "post"]), ("/{job_id}", ["get"])]
}


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def main(source):
    with open(source, encoding="utf-8") as file:
        document = json.load(file)
    paths = {path: {m: document["paths"][path][m] for m in methods} for path, methods in PATHS.items()}
    kept, waiting = {}, list(references(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name in kept.setdefault(kind, {}):
            continue
        kept[kind][name] = document["components"][kind][name]
        waiting.extend(references(kept[kind][name]))
    components = {kind: dict(sorted(items.items())) for kind, items in sorted(kept.items())}
    info = {key: value for key, value in document["info"].items() if key != "x-cut-licence"}
    cut = {"openapi": document["openapi"], "info": info, "paths": paths, "components": components}
    json.dump(cut, sys.stdout, ensure_ascii=False, indent=1)
    print()


main(sys.argv[1])
