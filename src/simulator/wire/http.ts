/** From an HTTP request to an AWS call, and from its outcome to an HTTP answer. No code here knows an operation. */
import { gunzipSync } from "node:zlib";
import { AwsError } from "../account/aws-error.ts";
import type { ServiceName } from "../services.ts";
import { fromTree, parseTree, printTree, type TreeProtocol, toTree } from "./json-cbor.ts";
import { fromForm, parseForm } from "./query.ts";
import { missingMember, WIRE_SERVICES, type WireOperation, type WireService } from "./schemas.ts";
import { xmlAnswer, xmlError } from "./xml.ts";

export interface HttpRequest {
  readonly method: string;
  /** With its query string. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** How a request must be answered, known before what it asks is. */
export interface Envelope {
  readonly service: WireService;
  readonly protocol: TreeProtocol | "query";
}

export interface WireCall extends Envelope {
  readonly operation: WireOperation;
  readonly input: object;
  readonly accessKeyId: string | undefined;
  readonly userAgent: string | undefined;
}

/** A request that is wrong, with the envelope that its error has to be put in. */
export class RefusedRequest extends Error {
  readonly envelope: Envelope;
  readonly error: AwsError;

  constructor(envelope: Envelope, error: AwsError) {
    super(error.message);
    this.name = "RefusedRequest";
    this.envelope = envelope;
    this.error = error;
  }
}

/** @param bodyLimit bytes after decompression. @throws RefusedRequest */
export function readRequest(request: HttpRequest, bodyLimit: number): WireCall {
  const guess = { service: serviceByScope(request) ?? WIRE_SERVICES[0]!, protocol: "query" } as const;
  const envelope = addressed(request) ?? guess;
  try {
    const body = decompressed(request, bodyLimit);
    return envelope.protocol === "query"
      ? readForm(request, envelope, body)
      : readTree(request, { ...envelope, protocol: envelope.protocol }, body);
  } catch (error) {
    if (error instanceof AwsError) throw new RefusedRequest(envelope, error);
    throw error;
  }
}

export function writeAnswer(
  call: Pick<WireCall, "service" | "protocol" | "operation">,
  output: object,
  requestId: string,
): HttpAnswer {
  if (call.protocol === "query") {
    const xml = xmlAnswer(call.service, call.operation, output, requestId);
    return answer(200, "text/xml", Buffer.from(xml), requestId);
  }
  const { service, protocol } = call;
  const tree = toTree(protocol, call.operation.output, output) ?? {};
  return treeAnswer({ service, protocol }, 200, tree, requestId);
}

export function writeError(envelope: Envelope, error: AwsError, requestId: string): HttpAnswer {
  const { service, protocol } = envelope;
  const known = service.errors.get(error.code);
  const status = error.status ?? known?.status ?? 400;
  if (protocol === "query")
    return answer(status, "text/xml", Buffer.from(xmlError(service, error, status, requestId)), requestId);
  const type = `${known?.namespace ?? "com.amazonaws"}#${known?.shape ?? error.code}`;
  const refusal = treeAnswer(
    { service, protocol },
    status,
    { __type: type, message: error.message },
    requestId,
  );
  // The SDK takes the old Query code from here: smithy.io, awsQueryCompatible.
  if (QUERY_COMPATIBLE.includes(service.name)) {
    refusal.headers["x-amzn-query-error"] = `${error.code};${status >= 500 ? "Receiver" : "Sender"}`;
  }
  return refusal;
}

/** They spoke the Query protocol before, and speak AWS JSON 1.0 now; the others speak 1.1. */
const QUERY_COMPATIBLE: readonly ServiceName[] = ["cloudwatch", "sqs"];

function treeAnswer(
  { service, protocol }: { service: WireService; protocol: TreeProtocol },
  status: number,
  tree: unknown,
  requestId: string,
): HttpAnswer {
  const version = QUERY_COMPATIBLE.includes(service.name) ? "1.0" : "1.1";
  const json = `application/x-amz-json-${version}`;
  const type = protocol === "cbor" ? "application/cbor" : json;
  const made = answer(status, type, printTree(protocol, tree), requestId);
  if (protocol === "cbor") made.headers["smithy-protocol"] = "rpc-v2-cbor";
  return made;
}

function answer(status: number, type: string, body: Uint8Array, requestId: string): HttpAnswer {
  return { status, headers: { "content-type": type, "x-amzn-requestid": requestId }, body };
}

/** JSON names its service in a header, CBOR in the path. */
function addressed(request: HttpRequest): { service: WireService; protocol: TreeProtocol } | undefined {
  const [path = ""] = request.url.split("?");
  const byPath = /\/service\/([^/]+)\/operation\/[^/]+$/.exec(path)?.[1];
  const byTarget = targetOf(request)?.service;
  const target = byPath ?? byTarget;
  if (target === undefined) return undefined;
  const service = WIRE_SERVICES.find((one) => one.target === target);
  if (service === undefined) return undefined;
  return { service, protocol: byPath === undefined ? "json" : "cbor" };
}

/** `AWSEvents.PutRule`; some clients write the service with a package before it. */
function targetOf(request: HttpRequest): { service: string; operation: string } | undefined {
  const [operation, service] = header(request, "x-amz-target")?.split(".").reverse() ?? [];
  return operation === undefined || service === undefined ? undefined : { service, operation };
}

function readTree(
  request: HttpRequest,
  envelope: { service: WireService; protocol: TreeProtocol },
  body: Uint8Array,
): WireCall {
  const [path = ""] = request.url.split("?");
  const name = (envelope.protocol === "cbor" ? path.split("/").at(-1) : targetOf(request)?.operation) ?? "";
  const operation = operationOf(envelope.service, name);
  const input = fromTree(envelope.protocol, operation.input, parseTree(envelope.protocol, body)) ?? {};
  return checked(request, { ...envelope, operation, input });
}

function readForm(request: HttpRequest, guess: Envelope, body: Uint8Array): WireCall {
  const [, query = ""] = request.url.split("?");
  const form = parseForm(request.method === "GET" ? query : Buffer.from(body).toString("utf8"));
  const version = form.children?.get("Version")?.text;
  const service = WIRE_SERVICES.find((one) => one.version === version) ?? guess.service;
  const envelope: Envelope = { service, protocol: "query" };
  try {
    const name = form.children?.get("Action")?.text;
    if (name === undefined)
      throw new AwsError("MissingAction", "The request is missing an action or a required parameter.");
    if (version !== undefined && service.version !== version) throw noSuchVersion(version);
    const operation = operationOf(service, name);
    const input = fromForm(operation.input, form, service.name === "ec2") as object;
    return checked(request, { ...envelope, operation, input });
  } catch (error) {
    if (error instanceof AwsError) throw new RefusedRequest(envelope, error);
    throw error;
  }
}

function checked(request: HttpRequest, call: Omit<WireCall, "accessKeyId" | "userAgent">): WireCall {
  const missing = missingMember(call.operation.input, call.input);
  if (missing !== undefined) throw missingError(call.service, missing);
  return { ...call, accessKeyId: scopeOf(request)?.accessKeyId, userAgent: header(request, "user-agent") };
}

/** What AWS answers when a required member, at this path, is not there. */
export function missingError(service: WireService, path: string): AwsError {
  if (service.name === "ec2") {
    return new AwsError("MissingParameter", `The request must contain the parameter ${path}`);
  }
  if (service.name === "cloudwatch") {
    return new AwsError("MissingParameter", `The parameter ${path} is required.`);
  }
  if (service.name === "sqs") {
    const name = path.charAt(0).toUpperCase() + path.slice(1);
    return new AwsError("MissingParameter", `The request must contain the parameter ${name}.`);
  }
  return new AwsError(
    service.target === undefined ? "ValidationError" : "ValidationException",
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
}

/** @throws AwsError InvalidAction */
export function operationOf(service: WireService, name: string): WireOperation {
  const operation = service.operations.get(name);
  if (operation !== undefined) return operation;
  throw new AwsError("InvalidAction", `The action ${name} is not valid for this web service.`);
}

function noSuchVersion(version: string): AwsError {
  return new AwsError(
    "NoSuchVersion",
    `The requested version (${version}) is not valid for this web service.`,
  );
}

function decompressed(request: HttpRequest, limit: number): Uint8Array {
  if (header(request, "content-encoding") !== "gzip") return request.body;
  try {
    return gunzipSync(request.body, { maxOutputLength: limit });
  } catch {
    throw new AwsError("SerializationException", "The request body cannot be decompressed");
  }
}

/** `Credential=<access key>/<date>/<region>/<service>/aws4_request` */
function scopeOf(request: HttpRequest): { accessKeyId: string; scope: string } | undefined {
  const match = /Credential=([^/,\s]+)\/[^/]+\/[^/]+\/([^/]+)\/aws4_request/.exec(
    header(request, "authorization") ?? "",
  );
  return match?.[1] !== undefined && match[2] !== undefined
    ? { accessKeyId: match[1], scope: match[2] }
    : undefined;
}

function serviceByScope(request: HttpRequest): WireService | undefined {
  const scope = scopeOf(request)?.scope;
  return WIRE_SERVICES.find((one) => one.scope === scope);
}

function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
