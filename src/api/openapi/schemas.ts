/** The components of the OpenAPI document: every object that goes in or out, with what its members mean. */
import { CONDITION_TYPES } from "../../model/conditions.ts";
import type { CoreEvent } from "../../model/events.ts";
import { type Attribution, CONFIDENCES, type Confidence } from "../../model/ledger/attribution.ts";
import type { Contest, DriftEvent } from "../../model/ledger/drift.ts";
import type { ObjectMeta } from "../../model/object.ts";
import type { PauseForAll } from "../../model/pause.ts";
import { CONDITION_REASONS } from "../../model/reasons.ts";
import { type Schema, toOpenApiSchema } from "./dialect.ts";
import { FREEZE_SCHEMAS } from "./freeze-schemas.ts";
import { IMPORT_SCHEMAS } from "./import-schemas.ts";
import { arrayOf, described, members, oneOf, text, texts, time, whole } from "./members.ts";
import { groupVersionKind, ref } from "./reference.ts";
import { PLAN, STATUS_SCHEMAS } from "./status-schemas.ts";
import { DECISION_SCHEMA, STEERING_SCHEMAS } from "./steering-schemas.ts";

type Kind = Parameters<typeof groupVersionKind>[0];

const ANY = { type: "object", additionalProperties: true };
/** Any JSON value: a schema without keywords. */
const VALUE = {};

const METADATA = members<ObjectMeta>({
  name: text("Unique in its namespace."),
  namespace: text("`default` where it is left out."),
  uid: text("Given by the server; another object of the same name has another one."),
  labels: texts("To be selected by."),
  annotations: texts("For people and programs; those of `holdfast.dev/` steer."),
  generation: whole("Moves only when `spec` does; starts at 1."),
  resourceVersion: text("Moves with every change; one number for all objects."),
  creationTimestamp: time("When it was created."),
  deletionTimestamp: time("When its deletion was asked for; it goes when its finalizers are gone."),
  finalizers: arrayOf(text(), "What must happen before it goes."),
});

const DRIFT_EVENT = members<Omit<DriftEvent, "apiVersion" | "kind" | "metadata">>({
  service: text("Name of the WebService, in the same namespace."),
  resource: text("Address of the resource in the spec, for example `targetGroups.web`."),
  resourceKind: text("Kind of the AWS resource."),
  resourceName: text("Its name in AWS."),
  arn: text("Its ARN, where it has one."),
  field: text("What moved, as a path within the resource; empty when the whole resource is missing."),
  change: oneOf(["Modified", "Missing"], "Whether a field moved, or the resource is gone."),
  desired: described(VALUE, "What the spec wants; a digest where it is secret; null when absent."),
  before: described(VALUE, "What was last applied."),
  after: described(VALUE, "What AWS held when it was last seen."),
  state: oneOf(
    ["Open", "Corrected", "Reverted", "Superseded"],
    "`Corrected` by a call of Holdfast, `Reverted` by somebody else, `Superseded` by another spec.",
  ),
  firstSeenTime: time("When a read first showed it."),
  lastSeenTime: time("When a read last showed it; while nothing of it moves, to five minutes."),
  afterSinceTime: time("Since when AWS held `after`, where that has moved meanwhile."),
  rightSinceTime: time("When a read first showed it right, not after a call of ours; a second read decides."),
  closedTime: time(
    "When a read showed that AWS holds the desired value again, or since when that no longer counts.",
  ),
  timeToRepairSeconds: described(
    { type: "number" },
    "From first seen to put right, by whomever; absent where the spec has moved on instead.",
  ),
  attempts: whole("How many corrections were sent, those that AWS refused included."),
  correction: described(
    members<NonNullable<DriftEvent["correction"]>>({
      operation: text("IAM action of the call."),
      requestId: text("AWS's id of the request."),
      time: time("When it was made."),
    }),
    "The call that put it right.",
  ),
  contest: described(
    members<Contest>({
      corrections: whole("How many corrections in a row did not last."),
      since: time("When it was first seen before those."),
      values: arrayOf(VALUE, "What AWS held instead: a few different values, newest first."),
      times: arrayOf(time(), "When it was put right, newest first; the last few."),
      waitSeconds: whole("How long the next correction waits."),
    }),
    "Why it is put right later, or not: it keeps coming back.",
  ),
  decision: described(DECISION_SCHEMA, "What a person has decided of it."),
  attribution: described(
    members<Attribution>({
      confidence: oneOf(
        Object.keys(CONFIDENCES) as Confidence[],
        Object.entries(CONFIDENCES)
          .map(([word, meaning]) => `\`${word}\`: ${meaning}`)
          .join(" "),
      ),
      principal: text("ARN of the user or role, or the name of the AWS service that made the call."),
      session: text("Name of the role's session."),
      sourceIpAddress: text("Address, or the name of the AWS service that the call came through."),
      userAgent: text("Program that made the call."),
      eventId: text("CloudTrail's id of the record."),
      eventName: text("Operation, for example `ModifyTargetGroup`."),
      eventTime: time("When AWS had completed the request."),
      from: oneOf(["event", "lookup"], "Whether it came through the queue, or CloudTrail was asked for it."),
    }),
    "Who did it, as CloudTrail recorded it; absent where no record says so.",
  ),
});

const EVENT = members<Omit<CoreEvent, "apiVersion" | "kind" | "metadata">>({
  involvedObject: described(
    members<CoreEvent["involvedObject"]>({
      apiVersion: text(),
      kind: text(),
      namespace: text(),
      name: text(),
      uid: text(),
    }),
    "The object to which it happened.",
  ),
  type: oneOf(["Normal", "Warning"], "Whether a person should look at it."),
  reason: text("What happened, as one word; the words stand in docs/operations.md."),
  message: text("What happened, in a sentence."),
  count: whole("How often within an hour."),
  firstTimestamp: time("When it first happened."),
  lastTimestamp: time("When it last happened."),
  source: described(members<CoreEvent["source"]>({ component: text() }), "Who says so."),
});

const CONDITION = {
  ...members({
    type: oneOf(CONDITION_TYPES, "What it is about."),
    status: oneOf(["True", "False", "Unknown"], "Whether it holds; `Unknown` where it could not be read."),
    reason: oneOf(CONDITION_REASONS, "Why, as one word for programs."),
    message: text("Why, for people."),
    observedGeneration: whole("The generation of the spec that it speaks of."),
    lastTransitionTime: time("When `status` last moved."),
  }),
  required: ["type", "status", "reason", "message", "observedGeneration", "lastTransitionTime"],
};

const STATUS = {
  type: "object",
  required: ["kind", "apiVersion", "status", "message", "code"],
  properties: {
    kind: oneOf(["Status"]),
    apiVersion: text(),
    metadata: ANY,
    status: oneOf(["Success", "Failure"]),
    message: text("For people."),
    reason: text("For programs, in one word."),
    code: whole("The HTTP status."),
    details: members({
      name: text("Name of the object that was asked for."),
      kind: text("Plural of its resource; its kind where a manifest is invalid."),
      group: text("Group of its API."),
      uid: text("Its uid."),
      retryAfterSeconds: whole("When to try again."),
      causes: arrayOf(
        members({
          reason: text("Kind of the fault."),
          message: text("What is wrong, what was given, what is allowed."),
          field: text("Path of the field."),
        }),
        "Every fault at once.",
      ),
    }),
  },
};

const PAUSED = described({ type: "boolean" }, "Whether all services are paused: looked at, and not written.");
const PAUSE_REASON = text("Why, for whoever wonders; at most 300 characters.");

/** @param specSchema JSON Schema of `spec` of a WebService */
export function componentSchemas(specSchema: object): Schema {
  return {
    Any: ANY,
    ObjectMeta: METADATA,
    WebService: object("WebService", "One web tier in AWS: what is wanted, and what was last seen.", {
      spec: described(ref("WebServiceSpec"), "What is wanted."),
      status: described(ref("WebServiceStatus"), "What was last seen; written by the server."),
    }),
    WebServiceSpec: toOpenApiSchema(specSchema),
    ...STATUS_SCHEMAS,
    ...IMPORT_SCHEMAS,
    ...STEERING_SCHEMAS,
    ...FREEZE_SCHEMAS,
    Condition: CONDITION,
    WebServiceList: list("WebService"),
    WebServicePlan: {
      type: "object",
      description: "What would be done for a WebService, by a fresh look at AWS.",
      required: ["apiVersion", "kind", "metadata", "digest", "rows", "summary"],
      properties: {
        apiVersion: text("Group and version of the API."),
        kind: oneOf(["WebServicePlan"]),
        metadata: members({
          name: text("Whose it is."),
          namespace: text("Its namespace."),
          uid: text("Its uid."),
          generation: whole("The generation of its spec."),
        }),
        ...PLAN.properties,
      },
    },
    DriftEvent: object(
      "DriftEvent",
      "One field or resource of AWS that moved although the spec did not.",
      DRIFT_EVENT.properties,
    ),
    DriftEventList: list("DriftEvent"),
    Event: object("Event", "What happened to an object.", EVENT.properties),
    EventList: list("Event"),
    Namespace: object("Namespace", "Where names are unique. Nobody makes it: each that is named is there.", {
      spec: ANY,
      status: members({ phase: oneOf(["Active"]) }),
    }),
    NamespaceList: list("Namespace"),
    Patch: {
      anyOf: [ANY, { type: "array", items: ANY }],
      description: "A merge patch, or a list of JSON patch operations",
    },
    DeleteOptions: ANY,
    PauseRequest: {
      ...members<{ paused: boolean; reason?: string }>({ paused: PAUSED, reason: PAUSE_REASON }),
      required: ["paused"],
    },
    Pause: members<PauseForAll & { apiVersion: string; kind: string; paused: boolean }>({
      apiVersion: text("Group and version of the API."),
      kind: oneOf(["Pause"]),
      paused: PAUSED,
      actor: text("Who has paused them; the name of the token."),
      reason: PAUSE_REASON,
      since: time("Since when they are paused."),
    }),
    Status: STATUS,
  };
}

function object(kind: Kind, description: string, properties: Schema): Schema {
  return {
    type: "object",
    description,
    required: ["apiVersion", "kind", "metadata"],
    properties: {
      apiVersion: text("Group and version of the API."),
      kind: oneOf([kind]),
      metadata: described(ref("ObjectMeta"), "Name, labels, and what the server keeps of it."),
      ...properties,
    },
    "x-kubernetes-group-version-kind": [groupVersionKind(kind)],
  };
}

function list(kind: Kind): Schema {
  return {
    type: "object",
    required: ["apiVersion", "kind", "metadata", "items"],
    properties: {
      apiVersion: text(),
      kind: text(`\`${kind}List\`; \`List\` in the answer of POST /specs.`),
      metadata: members({
        resourceVersion: text("A watch may start from it."),
        continue: text("Where the next page begins."),
        remainingItemCount: whole("How many more there are, where that is known."),
      }),
      items: arrayOf(ref(kind)),
    },
  };
}
