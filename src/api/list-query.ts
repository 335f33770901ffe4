import type { ListQuery } from "../model/fleet/list-query.ts";
import type { ObjectKind, ObjectOfKind } from "../ports.ts";
import { ApiError } from "./error.ts";
import { timeIn } from "./past/times.ts";
import { asObject, type Resource } from "./resources.ts";
import { type FieldTerm, parseFieldSelector, parseLabelSelector } from "./selectors.ts";

/** The query parameters of a list or watch, as the route's schema lets them through. */
export interface ReadParameters {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  watch?: string;
  resourceVersion?: string;
  resourceVersionMatch?: "Exact" | "NotOlderThan";
  timeoutSeconds?: number;
  allowWatchBookmarks?: string;
  sendInitialEvents?: string;
  includeObject?: "None" | "Metadata" | "Object" | "";
  /** Of drift events. */
  since?: string;
  until?: string;
  format?: string;
}

const FLAG = { type: "string", enum: ["1", "true", "True", "0", "false", "False", ""] };
/** Of kubectl and client libraries; they change nothing here. */
const HARMLESS = { pretty: { type: "string" }, timeout: { type: "string" } };
const INCLUDE_OBJECT = {
  includeObject: {
    type: "string",
    enum: ["None", "Metadata", "Object", ""],
    description: "What a row of a Table carries of its object",
  },
};

/** Schema of the parameters of every list; a misspelt one is an error, not a list of everything. */
export const READ_PARAMETERS = {
  type: "object",
  additionalProperties: false,
  properties: {
    labelSelector: {
      type: "string",
      maxLength: 4096,
      description: "Equality and set-based, for example `team=a,tier in (x,y)`",
    },
    fieldSelector: { type: "string", maxLength: 4096, description: "For example `metadata.name=web-api`" },
    limit: { type: "integer", minimum: 0, maximum: 100_000, description: "Items on a page" },
    continue: { type: "string", maxLength: 4096, description: "The token of the page before" },
    watch: { ...FLAG, description: "`1`: changes as they happen, one JSON object a line" },
    resourceVersion: { type: "string", pattern: "^[0-9]{0,15}$", description: "Where a watch begins" },
    resourceVersionMatch: { type: "string", enum: ["Exact", "NotOlderThan"] },
    timeoutSeconds: { type: "integer", minimum: 0, maximum: 86_400, description: "When a watch ends" },
    allowWatchBookmarks: { ...FLAG, description: "Also send the version now and then" },
    sendInitialEvents: { ...FLAG, description: "Begin a watch with what there is" },
    ...INCLUDE_OBJECT,
    ...HARMLESS,
  },
} as const;

/** Of the drift ledger: the others, and these. */
export const LEDGER_PARAMETERS = {
  ...READ_PARAMETERS,
  properties: {
    ...READ_PARAMETERS.properties,
    fieldSelector: {
      ...READ_PARAMETERS.properties.fieldSelector,
      description:
        "`service`, `resource`, `resourceKind`, `field`, `change`, `state`, `metadata.name`, `metadata.namespace`; for example `state=Open,resourceKind=alarm`",
    },
    since: { type: "string", maxLength: 40, description: "First seen at this time (ISO 8601) or later" },
    until: { type: "string", maxLength: 40, description: "First seen before this time" },
    format: {
      type: "string",
      enum: ["json", "ndjson", "csv", ""],
      description:
        "`ndjson`, `csv`: an export, one event a line; goes before `Accept: application/x-ndjson` and `text/csv`",
    },
  },
} as const;

export const GET_PARAMETERS = {
  type: "object",
  additionalProperties: false,
  properties: {
    resourceVersion: { type: "string", pattern: "^[0-9]{0,15}$" },
    ...INCLUDE_OBJECT,
    ...HARMLESS,
  },
} as const;

/** Schema of the parameters of every write. */
export const WRITE_PARAMETERS = {
  type: "object",
  additionalProperties: false,
  properties: {
    dryRun: { type: "string", enum: ["All", ""], description: "`All`: answer with the plan, store nothing" },
    fieldManager: { type: "string" },
    fieldValidation: {
      type: "string",
      enum: ["Strict", "Warn", "Ignore", ""],
      description: "Unknown fields are always refused",
    },
    ...HARMLESS,
  },
} as const;

/** Of a patch: who sends it in a form that is not taken here must hear of that, and not of its parameters. */
export const PATCH_PARAMETERS = {
  ...WRITE_PARAMETERS,
  properties: { ...WRITE_PARAMETERS.properties, force: FLAG },
} as const;

export function isSet(flag: string | undefined): boolean {
  return flag === "1" || flag?.toLowerCase() === "true";
}

/** Which objects are meant: what the store can select by, and a test for the rest. */
export interface Selection<K extends ObjectKind> {
  query: ListQuery;
  test(object: ObjectOfKind[K]): boolean;
}

/** @throws ApiError 400 when a selector is not understood */
export function selectionOf<K extends ObjectKind>(
  resource: Resource<K>,
  parameters: ReadParameters,
  namespace: string | undefined,
): Selection<K> {
  const labelText = parameters.labelSelector ?? "";
  const matchesLabels = parseLabelSelector(labelText);
  const terms = parseFieldSelector(parameters.fieldSelector ?? "", Object.keys(resource.fields));
  const matchesTerm = (object: ObjectOfKind[K], { field, value, equal }: FieldTerm) =>
    (resource.fields[field]?.(object) === value) === equal;
  const since = parameters.since ? timeIn("since", parameters.since) : undefined;
  const until = parameters.until ? timeIn("until", parameters.until) : undefined;
  const isWithin = (seen: string | undefined) =>
    seen === undefined || ((since === undefined || seen >= since) && (until === undefined || seen < until));
  const test = (object: ObjectOfKind[K]) =>
    isWithin(resource.timeOf?.(object)) &&
    matchesLabels(object.metadata.labels ?? {}) &&
    terms.every((term) => matchesTerm(object, term));
  const query: ListQuery = {
    ...(namespace !== undefined && { namespace }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
  for (const { field, value, equal } of terms) {
    const stored = resource.stored[field];
    if (stored !== undefined && equal) query[stored] = value;
  }
  const hasTest = labelText !== "" || terms.length > 0;
  return {
    query: hasTest ? { ...query, matches: (object) => test(asObject<K>(object)) } : query,
    test: (object) => (namespace === undefined || object.metadata.namespace === namespace) && test(object),
  };
}

/** What contradicts itself, or asks for a past that is not kept. */
export function checkVersionParameters(parameters: ReadParameters, current: string): void {
  const { resourceVersion = "", resourceVersionMatch } = parameters;
  const watching = isSet(parameters.watch);
  if (isSet(parameters.sendInitialEvents) && (!watching || resourceVersionMatch !== "NotOlderThan")) {
    throw new ApiError(422, "sendInitialEvents is for a watch, with resourceVersionMatch=NotOlderThan");
  }
  if (resourceVersionMatch !== undefined && watching && !isSet(parameters.sendInitialEvents)) {
    throw new ApiError(422, "resourceVersionMatch is for a list, or for a watch with sendInitialEvents=true");
  }
  if (resourceVersionMatch === "Exact" && resourceVersion !== current) {
    throw new ApiError(
      410,
      `only the present version, ${current}, can be listed, not ${resourceVersion || "none"}`,
    );
  }
  if (Number(resourceVersion) > Number(current)) {
    throw new ApiError(
      410,
      `resourceVersion ${resourceVersion} has not been reached; the present one is ${current}: list anew`,
    );
  }
}
