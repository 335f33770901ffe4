import type { Fault } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { API_VERSION, type ObjectKey } from "../model/object.ts";
import { nearest } from "../model/text/nearest.ts";
import { ApiError } from "./error.ts";
import { annotationFaults, labelFaults, nameFault, textOf } from "./metadata-rules.ts";

/** A manifest whose frame has been checked; what `spec` may hold is not the API's matter. */
export interface Incoming {
  key: ObjectKey;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: unknown;
  /** Preconditions. */
  resourceVersion?: string;
  uid?: string;
  finalizers?: string[];
}

/** What is wrong with what a user sent. */
export interface Refused {
  ok: false;
  faults: readonly Fault[];
  /** Of the object, where it can be told. */
  name?: string;
}

export type Reading = { ok: true; incoming: Incoming } | Refused;

/** What the URL says of the object; the manifest may repeat it but not contradict it. */
export interface Target {
  namespace?: string;
  name?: string;
}

const TOP_LEVEL = ["apiVersion", "kind", "metadata", "spec", "status"];
const STEERED = ["name", "namespace", "labels", "annotations", "resourceVersion", "uid", "finalizers"];
/** Written by the server; they come back when a user sends what was read, and are ignored. */
const IGNORED = [
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "managedFields",
  "selfLink",
];

/**
 * The checked manifest, or every fault of its frame, and of its spec as well, so that nobody has to come twice.
 * @throws ApiError 400 when it contradicts the URL
 */
export function readManifest(
  document: unknown,
  target: Target,
  specFaults: (spec: unknown) => readonly Fault[],
): Reading {
  if (!isMap(document)) return refused([wrong("", `a manifest must be a map, not ${textOf(document)}`)]);
  const tooLarge = sizeFaults(document);
  const faults = [...tooLarge, ...unknownFaults("", document, TOP_LEVEL), ...typeFaults(document)];
  const { metadata = {} } = document;
  if (!isMap(metadata)) {
    return refused([...faults, wrong("metadata", `must be a map, not ${textOf(metadata)}`)]);
  }
  checkTarget(metadata, target);
  const namespace = target.namespace ?? metadata.namespace ?? "default";
  const name = target.name ?? metadata.name;
  faults.push(...metadataFaults(metadata, namespace, name));
  if (document.spec === undefined) faults.push(required("spec"));
  if (faults.length > 0) {
    // What is too large is not looked into.
    const isReadable =
      tooLarge.length === 0 && typeFaults(document).length === 0 && document.spec !== undefined;
    return {
      ...refused(isReadable ? [...faults, ...specFaults(document.spec)] : faults),
      ...(typeof name === "string" && { name }),
    };
  }
  const { labels, annotations, resourceVersion, uid, finalizers } = metadata;
  const incoming: Incoming = {
    key: { namespace: String(namespace), name: String(name) },
    labels: (labels ?? {}) as Record<string, string>,
    annotations: (annotations ?? {}) as Record<string, string>,
    spec: document.spec,
    ...(typeof resourceVersion === "string" && resourceVersion !== "" && { resourceVersion }),
    ...(typeof uid === "string" && uid !== "" && { uid }),
    ...(Array.isArray(finalizers) && { finalizers: finalizers as string[] }),
  };
  return { ok: true, incoming };
}

function refused(faults: readonly Fault[]): Refused {
  return { ok: false, faults };
}

/** A name in the body that differs from the one in the URL is a mistake of the request, not of the object. */
function checkTarget(metadata: Record<string, unknown>, target: Target): void {
  for (const field of ["namespace", "name"] as const) {
    const wanted = target[field];
    const given = metadata[field];
    if (wanted === undefined || given === undefined || given === wanted) continue;
    throw new ApiError(400, `metadata.${field} is ${textOf(given)}, but the URL says "${wanted}"`);
  }
}

function typeFaults(document: Record<string, unknown>): Fault[] {
  return [
    ...constantFaults("apiVersion", document.apiVersion, API_VERSION),
    ...constantFaults("kind", document.kind, "WebService"),
  ];
}

function constantFaults(path: string, value: unknown, wanted: string): Fault[] {
  if (value === wanted) return [];
  if (value === undefined) return [required(path, `is required: "${wanted}"`)];
  return [
    { path, message: `is ${textOf(value)}; only "${wanted}" is known`, reason: "FieldValueNotSupported" },
  ];
}

function metadataFaults(metadata: Record<string, unknown>, namespace: unknown, name: unknown): Fault[] {
  const { generateName, ...others } = metadata;
  const faults = unknownFaults("metadata", others, [...STEERED, ...IGNORED]);
  if (generateName !== undefined) {
    faults.push({
      path: "metadata.generateName",
      message:
        "is not supported: the name of a WebService goes into the names of its AWS resources, so give metadata.name",
      reason: "FieldValueNotSupported",
    });
  }
  for (const fault of [nameFault("metadata.name", name), nameFault("metadata.namespace", namespace)]) {
    if (fault !== undefined) faults.push(fault);
  }
  for (const [field, check] of [
    ["labels", labelFaults],
    ["annotations", annotationFaults],
  ] as const) {
    const value = metadata[field] ?? {};
    const path = `metadata.${field}`;
    faults.push(
      ...(isMap(value) ? check(path, value) : [wrong(path, `must be a map, not ${textOf(value)}`)]),
    );
  }
  for (const field of ["resourceVersion", "uid"]) {
    const value = metadata[field] ?? "";
    if (typeof value !== "string")
      faults.push(wrong(`metadata.${field}`, `must be a text; write ${textOf(value)} in quotes`));
  }
  const { finalizers = [] } = metadata;
  if (
    finalizers !== null &&
    !(Array.isArray(finalizers) && finalizers.every((one) => typeof one === "string"))
  ) {
    faults.push(wrong("metadata.finalizers", "must be a list of texts"));
  }
  return faults;
}

function unknownFaults(path: string, value: Record<string, unknown>, known: readonly string[]): Fault[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      const hint = meant === undefined ? `known are ${known.join(", ")}` : `did you mean ${meant}?`;
      return {
        path: path === "" ? name : `${path}.${name}`,
        message: `is not a known field; ${hint}`,
        reason: "FieldUnknown",
      };
    });
}

function sizeFaults(document: Record<string, unknown>): Fault[] {
  const { nodes, depth } = measure(document);
  return [
    ...(nodes > LIMITS.manifestNodes
      ? [wrong("", `a manifest holds ${nodes} values; ${LIMITS.manifestNodes} are allowed`)]
      : []),
    ...(depth > LIMITS.manifestDepth
      ? [wrong("", `a manifest is nested ${depth} levels deep; ${LIMITS.manifestDepth} are allowed`)]
      : []),
  ];
}

/** Values in a value, itself included, and its levels. */
function measure(value: unknown): { nodes: number; depth: number } {
  if (typeof value !== "object" || value === null) return { nodes: 1, depth: 1 };
  let [nodes, depth] = [1, 0];
  for (const member of Object.values(value)) {
    const inner = measure(member);
    nodes += inner.nodes;
    depth = Math.max(depth, inner.depth);
  }
  return { nodes, depth: depth + 1 };
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(path: string, message: string): Fault {
  return { path, message, reason: "FieldValueInvalid" };
}

function required(path: string, message = "is required"): Fault {
  return { path, message, reason: "FieldValueRequired" };
}
