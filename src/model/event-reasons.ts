/** Reasons of events, beside those of conditions: see reasons.ts. */
import { NOTHING, type ReasonEntry } from "./reason-entry.ts";

/** Reason of events alone. */
interface EventEntry extends ReasonEntry {
  readonly type: "Normal" | "Warning";
}

/** Of events, beside the reasons of conditions. */
export const EVENT = {
  Edited: {
    type: "Normal",
    meaning: "Somebody changed the service through the API; the message says who, and what",
    remedy: NOTHING,
  },
  Approved: {
    type: "Normal",
    meaning:
      "Somebody approved a plan that had waited for it; the message names its digest, and who it was where tokens are demanded",
    remedy: NOTHING,
  },
  EpochConfirmed: {
    type: "Normal",
    meaning:
      "Somebody confirmed that this database may write to the service although AWS carries the epoch that the message names",
    remedy: NOTHING,
  },
  FreezeLifted: {
    type: "Normal",
    meaning: "Somebody lifted the freeze of deletions of a kind; the message says who",
    remedy: NOTHING,
  },
  DeletionRequested: {
    type: "Normal",
    meaning: "Somebody asked for the deletion of the service; the message says who",
    remedy: NOTHING,
  },
  Created: {
    type: "Normal",
    meaning: "A resource was made; the message says which, and why",
    remedy: NOTHING,
  },
  Updated: {
    type: "Normal",
    meaning: "A resource was changed; the message says which, and why",
    remedy: NOTHING,
  },
  Reordered: {
    type: "Normal",
    meaning: "The rules of a listener were put in order; the message says which listener's",
    remedy: NOTHING,
  },
  Interrupted: {
    type: "Warning",
    meaning:
      "A change was stopped between its calls, by a pause or the daemon's end; the message says which calls were made and which not",
    remedy: "Nothing, or [unpause](#pausing): the next pass reads what is there, and goes on",
  },
  Deleted: {
    type: "Normal",
    meaning: "A resource was removed; the message says which, and why. It also ends a deletion",
    remedy: NOTHING,
  },
  Adopted: {
    type: "Normal",
    meaning: "A resource that ran before was taken over: it carries our tags; the message says which",
    remedy: NOTHING,
  },
  Released: {
    type: "Normal",
    meaning: "A resource was given up, and left in AWS; the message says which, and why",
    remedy: NOTHING,
  },
  UpdateAvailable: {
    type: "Normal",
    meaning:
      "A lookup of the spec would find something else now; the message says which, what it stands for, and what it would stand for. Nothing was changed",
    remedy: "[Ask for the lookups again](#lookups) when you want it, or give the id",
  },
  LookupFollowed: {
    type: "Normal",
    meaning:
      "A newer image was found by a lookup with `follow`, and a revision was made of it; the message says which",
    remedy: NOTHING,
  },
  LookupsResolved: {
    type: "Normal",
    meaning:
      "The lookups of the spec were asked for again, and stand for something else now; the message says which",
    remedy: NOTHING,
  },
  DriftDetected: {
    type: "Warning",
    meaning: "Somebody moved a field or removed a resource",
    remedy:
      "Find who: CloudTrail knows, and [tells it by itself](events.md#who-did-it) where it is let. See [the drift ledger](#the-drift-ledger)",
  },
  DriftAttributed: {
    type: "Normal",
    meaning:
      "AWS's records say who moved what had drifted; the message says with which call, and how sure that is",
    remedy: "See [who did it](events.md#who-did-it)",
  },
  DriftCorrected: { type: "Normal", meaning: "What had drifted was put right by us", remedy: NOTHING },
  DriftReverted: {
    type: "Normal",
    meaning: "What had drifted was put right by somebody else",
    remedy: NOTHING,
  },
  DriftSuperseded: { type: "Normal", meaning: "What had drifted was overtaken by the spec", remedy: NOTHING },
  DriftAccepted: {
    type: "Normal",
    meaning: "A person has made what AWS holds what is wanted; the message says who, of what, and why",
    remedy: NOTHING,
  },
  CorrectionRequested: {
    type: "Normal",
    meaning:
      "A person wants drift put right by the next pass, whatever it would wait for; the message says who, and why",
    remedy: NOTHING,
  },
  DriftIgnored: {
    type: "Normal",
    meaning: "A person leaves a field or a resource to others from now on; the message says who, and why",
    remedy: "A rule of `spec.drift.rules` says so: take it out to have it back",
  },
  RolledBack: {
    type: "Normal",
    meaning: "A person has made an earlier revision what is wanted; the message says who, which, and why",
    remedy: NOTHING,
  },
  UnownedResource: {
    type: "Warning",
    meaning: "Somebody put something on a resource of ours",
    remedy: "Nothing for Holdfast's sake: it is left alone. `status.unowned` lists it",
  },
  PausedForAll: { type: "Warning", meaning: "All were paused", remedy: "[Lift it](#pausing-everything)" },
  ResumedForAll: { type: "Normal", meaning: "The pause for all was lifted", remedy: NOTHING },
  NotReady: { type: "Warning", meaning: "The service is ready no more", remedy: "See the conditions" },
} as const satisfies Record<string, EventEntry>;
