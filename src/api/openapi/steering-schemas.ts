/** What goes into the routes by which people steer, and what comes out: revisions, rollback, decisions on drift. */
import type { DriftDecision } from "../../model/ledger/drift.ts";
import type { ResolvedLookup } from "../../model/lookups.ts";
import type { RevisionDifference } from "../../model/revision.ts";
import type { DriftDecided } from "../steering/decision.ts";
import type { RevisionDiffView, RevisionView } from "../steering/revisions.ts";
import type { RolledBack } from "../steering/rollback.ts";
import type { Schema } from "./dialect.ts";
import { arrayOf, described, members, oneOf, text, time, truth, whole } from "./members.ts";
import { ref } from "./reference.ts";

const VALUE = {};
const REASON = text("Why, for the revision, the event and the log.");
const VERB = oneOf(["accept", "correct", "ignore"], "What was decided.");

export const DECISION_SCHEMA = members<DriftDecision>({
  verb: VERB,
  actor: text("Name of the token, where tokens are demanded."),
  reason: text("Why, in the words of whoever decided."),
  time: time("When."),
});

const LOOKUP = members<ResolvedLookup>({
  path: text("Field path."),
  kind: text("What is looked up."),
  asked: described(VALUE, "The lookup as the spec has it."),
  within: text("The Region that it was asked in, and the VPC where that decides."),
  value: described(VALUE, "What stood in its place: an id or an ARN, or several."),
  detail: text("What AWS said of it."),
  resolvedAt: time("When AWS was asked."),
});

const DIFFERENCES = arrayOf(
  members<RevisionDifference>({
    path: text("Field path; a listener by its port, a rule by its name: `listeners[port=443].sslPolicy`."),
    change: oneOf(["added", "removed", "changed"]),
    before: described(VALUE, "Absent where it is added; a digest of a secret."),
    after: described(VALUE, "Absent where it is removed; a digest of a secret."),
    isLookup: truth("The spec looks the same up, and it stood for something else."),
  }),
  "Field by field.",
);

const HEAD = {
  apiVersion: text(),
  service: text("Name of the WebService."),
  namespace: text(),
};

const REVISION = members<RevisionView>({
  ...HEAD,
  kind: oneOf(["Revision"]),
  generation: whole("Generation of the spec."),
  time: time("When it was made."),
  actor: text("Who made it, where tokens are demanded; `holdfast` where an image was followed."),
  cause: text("Why: the annotation `holdfast.dev/change-cause` of the write, or what was done."),
  isCurrent: truth("Whether it is what is wanted now."),
});

export const STEERING_SCHEMAS: Schema = {
  Revision: {
    ...REVISION,
    properties: {
      ...REVISION.properties,
      spec: described(ref("WebServiceSpec"), "What was wanted; not in a list."),
      lookups: arrayOf(LOOKUP, "What its lookups stood for; not in a list."),
    },
  },
  RevisionList: members({
    apiVersion: text(),
    kind: oneOf(["RevisionList"]),
    metadata: members({ resourceVersion: text() }),
    items: arrayOf(ref("Revision"), "Those that are kept, newest first."),
  }),
  RevisionDiff: members<RevisionDiffView>({
    ...HEAD,
    kind: oneOf(["RevisionDiff"]),
    from: whole("The generation before."),
    to: whole("The generation after."),
    differences: DIFFERENCES,
  }),
  RollbackRequest: {
    type: "object",
    required: ["generation"],
    additionalProperties: false,
    properties: {
      generation: whole("The generation to go back to."),
      reason: REASON,
      resourceVersion: text("Precondition: the stored one."),
    },
  },
  Rollback: members<RolledBack>({
    apiVersion: text(),
    kind: oneOf(["Rollback"]),
    to: whole("The generation that was gone back to."),
    isRevised: truth("Whether there was anything to change."),
    kept: arrayOf(
      members<RolledBack["kept"][number]>({
        path: text("Field path."),
        value: described(VALUE, "What it is, and stays; null where it is not given."),
        was: described(VALUE, "What the earlier revision has."),
      }),
      "What a rollback never changes, where the earlier revision has something else.",
    ),
    differences: DIFFERENCES,
    object: described(
      ref("WebService"),
      "The service by now; with `dryRun=All`, with its plan in `status.plan`.",
    ),
  }),
  DriftReason: { type: "object", additionalProperties: false, properties: { reason: REASON } },
  DriftSelection: {
    type: "object",
    description: "Which drift is meant; everything that is open where nothing is named.",
    additionalProperties: false,
    properties: {
      resource: text("Address of the resource in the spec, for example `targetGroups.web`."),
      field: text("One field of it, as drift events name it."),
      reason: REASON,
    },
  },
  DriftDecision: members<DriftDecided>({
    ...HEAD,
    kind: oneOf(["DriftDecision"]),
    verb: VERB,
    generation: whole("The generation of the spec by now."),
    isRevised: truth("Whether a revision was made of it."),
    isDecidedBefore: truth("The event had been decided so before, and nothing was done now."),
    isDryRun: truth("Nothing was stored: the rest of the answer is as it would be."),
    differences: DIFFERENCES,
    events: arrayOf(ref("DriftEvent"), "The events that it was decided of."),
    object: described(
      ref("WebService"),
      "With `dryRun=All`: the service as it would be, with the plan that would follow in `status.plan`.",
    ),
  }),
};
