"""Deliveries as AWS Lambda gets them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from ...arguments import refuse
from ..work import Delivery


def from_lambda(event: Mapping[str, Any]) -> Delivery:
    """Return the delivery that a Lambda function was invoked with, for `receiver.receive`.

    Takes events of API Gateway (REST and HTTP APIs), function URLs and Application Load Balancers. A function is frozen
    once it has returned, so handle events within it, over a store that outlives it:

        status = receiver.receive(webhooks.from_lambda(event))
        receiver.drain()
        return {"statusCode": status}

    Args:
        event: What the function was invoked with.

    Raises:
        InvalidArgumentError: It is not an HTTP request.

    Source: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    context: Any = event.get("requestContext") or {}
    http: Any = context.get("http") or {}
    method: object = event.get("httpMethod") or http.get("method")
    if not isinstance(method, str):
        refuse("event must be the HTTP request that a Lambda function gets: it has no method")
    body = event.get("body") or ""
    raw = _decoded(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")
    if raw is None:
        refuse("event says that its body is base64, and it is not")
    return Delivery(method, event.get("multiValueHeaders") or event.get("headers") or {}, raw)


def _decoded(body: str) -> bytes | None:
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        return None
