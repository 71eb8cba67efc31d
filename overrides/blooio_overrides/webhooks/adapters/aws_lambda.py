"""Deliveries to AWS Lambda."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

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
    context: Any = event.get("requestContext") or {}
    http: Any = context.get("http") or {}
    method: object = event.get("httpMethod") or http.get("method")
    if not isinstance(method, str):
        reject("event must be an HTTP request of a Lambda function; it has no method")
    body = event.get("body") or ""
    raw = _decoded(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")
    if raw is None:
        reject("event has isBase64Encoded, but its body is not valid base64")
    return Delivery(method, event.get("multiValueHeaders") or event.get("headers") or {}, raw)


def _decoded(body: str) -> bytes | None:
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        return None
