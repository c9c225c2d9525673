"""The parts of the OpenAPI schema common to all operations: scope, error format and possible errors."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from accounts.tokens.scopes import ANY, scope_of

ERROR = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "Dotted path of the field; empty for the whole request.",
                    },
                    "code": {"type": "string"},
                    "message": {"type": "string", "description": "For the reader, in the language of the request."},
                },
            },
        },
        "theirs": {"type": "object", "additionalProperties": {}, "description": "Stale saves: what is kept now."},
        "yours": {"type": "object", "additionalProperties": {}, "description": "Stale saves: what you sent."},
    },
}
DESCRIPTIONS = {
    "400": "The body cannot be read, or a query parameter is unknown or repeated.",
    "401": "No token, or one that is not valid.",
    "403": "You see it, but may not do this; the token is not good for it; or it needs a fresh proof of identity.",
    "404": "Not there, or not yours to know.",
    "409": "It does not fit the present state, or somebody else changed it first.",
    "413": "Too large.",
    "415": "Neither JSON nor a form.",
    "429": "Too many wrong proofs of identity; see Retry-After.",
    "422": "A field, a filter or another parameter cannot be accepted.",
    "503": "A service that the portal needs is away, or it took too long; Retry-After says when to try again.",
}


class ScopedSchema(AutoSchema):
    """Adds to each operation, as `x-token-scope`, the scope a token needs."""

    def get_extensions(self) -> dict[str, Any]:
        """Return the extension fields of an operation."""
        collection = getattr(self.view, "scope", ANY)
        return {} if collection == ANY else {"x-token-scope": scope_of(collection, self.method)}


def with_errors(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """Return the schema with the error responses of each operation."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Error"] = ERROR
    for name, schema in schemas.items():
        if name.endswith("Request") and schema.get("type") == "object":
            schema["additionalProperties"] = False
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for code in _codes(path, method, operation):
                operation["responses"].setdefault(code, _refusal(DESCRIPTIONS[code]))
    return result


def _codes(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    codes = ["400", "401", "403", "503"]
    writes = method in ("post", "put", "patch")
    if writes or operation.get("parameters"):
        codes.append("422")
    if "{" in path:
        codes.append("404")
    if writes:
        codes += ["409", "413", "415", "429"]
    return sorted(codes)


def _refusal(description: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {"application/json": {"schema": reference}}}
