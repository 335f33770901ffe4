"""Calls AWS as told on standard input, one JSON object a line: service, operation, input; answers in the same way."""

import json
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

clients = {}
for line in sys.stdin:
    call = json.loads(line)
    service = call["service"]
    if service not in clients:
        clients[service] = boto3.client(service)
    try:
        output = getattr(clients[service], xform_name(call["operation"]))(**call["input"])
        answer = {"output": output}
    except ClientError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer, default=str), flush=True)
