"""Deliveries to AWS Lambda."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, cast

from ...arguments import reject
from ..work import Delivery


def from_lambda(event: Mapping[str, Any]) -> Delivery:
    """Return the delivery in a Lambda function's event, for `receiver.receive`.

    Accepts events of API Gateway (REST and HTTP APIs), function URLs and Application Load Balancers. A function is
    frozen once it returns, so handle events within it, with a store that outlives it:

        status = receiver.receive(webhooks.from_lambda(event))
        receiver.drain()
        return {"statusCode": status}

    Args:
        event: The event that the function was invoked with.

    Raises:
        InvalidArgumentError: It is not an HTTP request.

    Source: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    method = _of(event, "httpMethod") or _of(_of(_of(event, "requestContext"), "http"), "method")
    if not isinstance(method, str):
        reject("event must be an HTTP request of a Lambda function; it has no method")
    body: Any = event.get("body") or ""
    if not isinstance(body, str):
        reject(f"event's body is {type(body).__name__}; expected the raw body as a str, as Lambda passes it")
    raw = _decoded(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")
    if raw is None:
        reject("event has isBase64Encoded, but its body is not valid base64; pass the event as Lambda received it")
    return Delivery(method, event.get("multiValueHeaders") or event.get("headers") or {}, raw)


def _of(given: object, name: str) -> Any:
    return cast("Mapping[str, Any]", given).get(name) if isinstance(given, Mapping) else None


def _decoded(body: str) -> bytes | None:
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:  # as for a character that is not ASCII
        return None
