/** What goes, and when: nothing that is still used, nothing whose replacement has not proved itself, nothing of others. */
import type { Doubt } from "../consistency/stale-lists.ts";
import type { Matching } from "./match.ts";
import { TAG_OWNER, TAG_RESOURCE } from "./names.ts";
import type { Action, KindRules, Observation, ObservedResource, Obstacle } from "./resource.ts";
import { notEnoughHealthyTargets, type Succession } from "../cutover/target-group-readiness.ts";

export interface RemovalInput {
  readonly kindNamed: (name: string) => KindRules;
  readonly observation: Observation;
  readonly matching: Matching;
  readonly successions: readonly Succession[];
  /** Addresses of the target groups on trial. */
  readonly onTrial: ReadonlySet<string>;
  /** What is still to be made or changed. */
  readonly pending: readonly Action[];
  readonly obstacles: readonly Obstacle[];
  readonly failed: ReadonlySet<string>;
  /** Something of ours that a list lacks. */
  readonly doubts?: readonly Doubt[];
  readonly goal: "Converge" | "Delete" | "Retain";
  /** The spec says that deletion protection is off; that it says nothing is not enough. */
  readonly isUnprotected?: boolean;
}

const PROTECTED = "attributes.deletion_protection.enabled";

export function removalsOf(input: RemovalInput): { actions: Action[]; obstacles: Obstacle[] } {
  const { orphans } = input.matching;
  if (input.goal === "Retain")
    return { actions: orphans.flatMap((orphan) => release(input, orphan)), obstacles: [] };
  const guarded = orphans.filter((orphan) => orphan.fields[PROTECTED] === "true");
  if (input.isUnprotected && guarded.length > 0)
    return { actions: guarded.flatMap((orphan) => unprotection(input, orphan)), obstacles: [] };
  const obstacles = guarded.map(deletionProtected);
  // A service that may not go whole does not go in parts.
  if (input.goal === "Delete" && guarded.length > 0) return { actions: [], obstacles };
  const actions = orphans
    .filter((orphan) => !guarded.includes(orphan) && !input.failed.has(addressOf(orphan)))
    .filter((orphan) => !goesWithItsParent(orphan, orphans))
    .map((orphan) => removal(input, orphan));
  return { actions, obstacles };
}

function addressOf(orphan: ObservedResource): string {
  return `orphan ${orphan.id}`;
}

function goesWithItsParent(orphan: ObservedResource, orphans: readonly ObservedResource[]): boolean {
  return orphan.parent !== undefined && orphans.some((other) => other.id === orphan.parent);
}

function deletionProtected(orphan: ObservedResource): Obstacle {
  return {
    key: orphan.key ?? orphan.id,
    reason: "DeletionProtected",
    message:
      `Load balancer ${orphan.name} has deletion protection. To let it go, set ` +
      `spec.loadBalancer.attributes["deletion_protection.enabled"] to false (or switch it off in AWS).`,
  };
}

/** What is no longer compared with the spec is still ours to unlock when the spec says so. */
function unprotection(input: RemovalInput, orphan: ObservedResource): Action[] {
  if (input.failed.has(addressOf(orphan))) return [];
  const differences = [{ field: PROTECTED, desired: "false", observed: "true" }];
  const desired = { key: orphan.key ?? orphan.id, kind: orphan.kind, name: orphan.name, fields: {} };
  return [
    {
      verb: "update",
      key: addressOf(orphan),
      kind: orphan.kind,
      name: orphan.name,
      id: orphan.id,
      reason: "the spec no longer asks for deletion protection",
      differences,
      calls: input.kindNamed(orphan.kind).update({ desired, fields: {}, observed: orphan, differences }),
      blockedBy: [],
    },
  ];
}

function removal(input: RemovalInput, orphan: ObservedResource): Action {
  const kind = input.kindNamed(orphan.kind);
  const blockedBy = [...reasonsToWait(input, orphan)];
  const calls = blockedBy.length > 0 ? [] : kind.remove(orphan);
  return {
    verb: "delete",
    key: addressOf(orphan),
    kind: orphan.kind,
    name: orphan.name,
    id: orphan.id,
    reason: input.goal === "Delete" ? "the service is being deleted" : "the spec does not ask for it",
    differences: [],
    calls,
    blockedBy: calls.length > 0 ? [] : blockedBy.length > 0 ? blockedBy : [`AWS is removing ${orphan.name}`],
  };
}

function* reasonsToWait(input: RemovalInput, orphan: ObservedResource): Generator<string> {
  const { observation, matching, goal } = input;
  // What could not be read might use it.
  for (const kind of observation.unknownKinds.keys()) yield `the ${kind} list could not be read`;
  if (observation.unreadable.size > 0) yield "a resource could not be read";
  for (const user of observation.resources) {
    if (user.id !== orphan.id && user.parent !== orphan.id && user.refersTo.includes(orphan.id)) {
      yield `${user.name} still uses it`;
    }
  }
  for (const doubt of input.doubts ?? [])
    yield `the ${doubt.kind} list lacks ${doubt.name}; a second read decides`;
  if (goal !== "Converge") return;
  const { family } = input.kindNamed(orphan.kind);
  for (const action of input.pending) {
    if (input.kindNamed(action.kind).family === family) yield `${action.key} comes first`;
  }
  if (input.obstacles.length + input.failed.size > 0) yield "something that is wanted could not be done";
  if (orphan.kind !== "loadBalancer") return;
  const successor = orphan.key === undefined ? undefined : matching.current.get(orphan.key);
  if (successor !== undefined && successor.lifecycle !== "ready") yield `${successor.name} is not active yet`;
  for (const succession of input.successions) {
    const isWaiting = succession.successor === undefined || input.onTrial.has(succession.key);
    if (!succession.isProven && isWaiting) yield notEnoughHealthyTargets(succession.key);
  }
}

/** Takes our tags away: from then on it is nobody's business of ours. */
function release(input: RemovalInput, orphan: ObservedResource): Action[] {
  const carried = [TAG_OWNER, TAG_RESOURCE].filter((tag) => orphan.fields[`tags.${tag}`] !== undefined);
  const calls = carried.length === 0 ? [] : (input.kindNamed(orphan.kind).tag?.(orphan, {}, carried) ?? []);
  if (calls.length === 0 || input.failed.has(addressOf(orphan))) return [];
  return [
    {
      verb: "release",
      key: addressOf(orphan),
      kind: orphan.kind,
      name: orphan.name,
      id: orphan.id,
      reason: "the service is deleted with deletionPolicy Retain",
      differences: [],
      calls,
      blockedBy: [],
    },
  ];
}
