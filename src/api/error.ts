import {
  CloudError,
  ConflictError,
  type Fault,
  InvalidSpecError,
  StoreError,
  UnreadLookupError,
} from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { API_VERSION, type ObjectKey, textOfKey } from "../model/object.ts";
import type { ObjectKind } from "../ports.ts";

/** One entry of `details.causes`. */
export interface Cause {
  reason: string;
  message: string;
  field: string;
}

/**
 * What an answer speaks of, as Kubernetes has it in `details`: `kind` is the plural of the resource, and the kind itself
 * where a manifest is invalid.
 */
export interface Subject {
  name: string;
  kind: string;
  group: string;
}

/** A Kubernetes `Status`: what every error is answered with. */
export interface StatusBody {
  kind: "Status";
  apiVersion: "v1";
  metadata: Record<string, never>;
  status: "Success" | "Failure";
  message: string;
  reason?: string;
  code: number;
  details?: Partial<Subject> & { uid?: string; retryAfterSeconds?: number; causes?: Cause[] };
}

const REASONS = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  408: "Timeout",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  431: "RequestHeaderFieldsTooLarge",
  500: "InternalError",
  503: "ServiceUnavailable",
} as const;

type ErrorCode = keyof typeof REASONS;

interface ApiErrorExtras {
  causes?: readonly Cause[];
  headers?: Record<string, string>;
  /** Instead of the usual reason of the code. */
  reason?: string;
  /** What is known of it here; the route knows the rest. */
  subject?: Partial<Subject>;
  retryAfterSeconds?: number;
}

/** A request that is answered with an error; the message is for whoever sent it. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly extras: ApiErrorExtras;

  constructor(code: ErrorCode, message: string, extras: ApiErrorExtras = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.extras = extras;
  }
}

/** 422 with every fault; the message names the first ones. */
export function invalidError(what: string, faults: readonly Fault[], name?: string): ApiError {
  const shown = faults.slice(0, 3).map((fault) => `${shortened(fault.path)}: ${shortened(fault.message)}`);
  const more = faults.length > shown.length ? `; and ${faults.length - shown.length} more` : "";
  const causes = faults.slice(0, LIMITS.faultsPerAnswer).map(causeOf);
  if (faults.length > causes.length) causes.push(moreCauses(faults.length - causes.length));
  const subject = name === undefined ? {} : { subject: subjectOf("WebService", name) };
  return new ApiError(422, `${what} is invalid: ${shown.join("; ")}${more}`, { causes, ...subject });
}

function moreCauses(count: number): Cause {
  return { reason: "FieldValueInvalid", message: `${count} more faults are not named here`, field: "" };
}

/** Whoever sends a megabyte as a name need not be sent it twice. */
function shortened(text: string): string {
  const most = LIMITS.faultCharacters;
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

export function causeOf(fault: Fault): Cause {
  return { reason: fault.reason, message: shortened(fault.message), field: shortened(fault.path) };
}

export function notFoundError(
  kind: keyof typeof PLURALS,
  key: Partial<ObjectKey> & { name: string },
): ApiError {
  const { namespace, name } = key;
  const full = namespace === undefined ? name : textOfKey({ namespace, name });
  return new ApiError(404, `${kind} "${full}" does not exist`, { subject: subjectOf(kind, name) });
}

const [GROUP = ""] = API_VERSION.split("/");
const PLURALS: Record<ObjectKind | "Namespace", { kind: string; group: string }> = {
  WebService: { kind: "webservices", group: GROUP },
  DriftEvent: { kind: "driftevents", group: GROUP },
  Event: { kind: "events", group: "" },
  Namespace: { kind: "namespaces", group: "" },
};

/** A name is left out where it is not known. */
export function subjectOf(kind: keyof typeof PLURALS, name: string): Subject;
export function subjectOf(kind: keyof typeof PLURALS, name: string | undefined): Partial<Subject>;
export function subjectOf(kind: keyof typeof PLURALS, name: string | undefined): Partial<Subject> {
  return { ...(name !== undefined && { name }), ...PLURALS[kind] };
}

/** The answer to an error; `undefined` when it is our own fault, of which the sender learns nothing. */
export function apiErrorOf(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidSpecError) return invalidError("The object", error.faults);
  if (error instanceof ConflictError) return new ApiError(409, error.message);
  if (error instanceof UnreadLookupError) return lookupFailure(error);
  if (error instanceof CloudError) return cloudFailure("The plan needs to know what AWS holds, and ", error);
  if (error instanceof StoreError && error.fault !== undefined) return storeFailure(error.fault);
  return isFrameworkError(error) ? frameworkFailure(error) : undefined;
}

/** @param what cannot be answered without AWS: a clause, or two, before which call of it failed */
export function cloudFailure(what: string, error: CloudError): ApiError {
  const retry = error.category === "throttled" || error.category === "transient" || error.category === "wait";
  return new ApiError(
    503,
    `${what}${error.operation} failed: ${error.code}: ${error.message}`,
    retry ? retryAfter() : {},
  );
}

/** That the same may be asked again, and when. */
export function retryAfter(seconds = 5): Pick<ApiErrorExtras, "retryAfterSeconds" | "headers"> {
  return { retryAfterSeconds: seconds, headers: { "retry-after": String(seconds) } };
}

function lookupFailure({ path, message, isWorthRepeating }: UnreadLookupError): ApiError {
  return new ApiError(503, `Nothing is stored: ${shortened(message)}`, {
    causes: [{ reason: "LookupFailed", message: shortened(message), field: path }],
    ...(isWorthRepeating ? retryAfter() : {}),
  });
}

function storeFailure(fault: string): ApiError {
  return new ApiError(503, `The database takes nothing now, and nothing was stored: ${fault}`, retryAfter());
}

/** What fastify throws before a handler runs. https://fastify.dev/docs/latest/Reference/Errors/ */
interface FrameworkError extends Error {
  code: string;
  statusCode: number;
  validation?: { instancePath: string; message?: string; params?: Record<string, unknown> }[];
}

function isFrameworkError(error: unknown): error is FrameworkError {
  return (
    error instanceof Error &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode < 500 &&
    "code" in error
  );
}

function frameworkFailure(error: FrameworkError): ApiError {
  if (error.validation !== undefined) {
    const causes = error.validation.map((fault) =>
      parameterCause(fault.instancePath, fault.message, fault.params),
    );
    const shown = causes.map((cause) => `${cause.field}: ${cause.message}`).join("; ");
    return new ApiError(400, `the query is not understood: ${shown}`, { causes });
  }
  const code = error.statusCode in REASONS ? (error.statusCode as ErrorCode) : 400;
  if (code === 413) return new ApiError(413, "the body is too large: send fewer manifests in one request");
  return new ApiError(code, error.message);
}

/** What Node's HTTP parser says of bytes that are no request. */
export function unparsedError(code = ""): ApiError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new ApiError(431, "the headers of the request are too large");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new ApiError(408, "the request did not come to its end in time");
    default:
      return new ApiError(400, `this is no HTTP request that can be understood (${code})`);
  }
}

function parameterCause(path: string, message = "is invalid", params: Record<string, unknown> = {}): Cause {
  const unknown = params.additionalProperty;
  if (typeof unknown === "string") {
    return { reason: "FieldUnknown", field: unknown, message: "is not a parameter of this route" };
  }
  const allowed = Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(", ")}` : "";
  return { reason: "FieldValueInvalid", field: path.replace(/^\//, ""), message: `${message}${allowed}` };
}

/** @param asked what the route of the request is about */
export function statusBodyOf(error: ApiError, asked: Partial<Subject> = {}): StatusBody {
  const { causes, reason, subject, retryAfterSeconds } = error.extras;
  const known = { ...asked, ...subject };
  const isManifest = error.code === 422 && known.kind === PLURALS.WebService.kind;
  const details = {
    ...known,
    ...(isManifest && { kind: "WebService" }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(causes !== undefined && causes.length > 0 && { causes: [...causes] }),
  };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: error.message,
    reason: reason ?? REASONS[error.code],
    code: error.code,
    ...(Object.keys(details).length > 0 && { details }),
  };
}
