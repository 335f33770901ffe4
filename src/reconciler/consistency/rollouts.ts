/**
 * What became of the rollouts of a service, by their rows and what a read shows. A row is there before the refresh that it
 * stands for, so that whatever happens to the call or to the process, the next read says how it stands. Pure.
 */
import type { Address } from "../../model/address.ts";
import { isRejected, type Rollout } from "../../model/ledger/rollout.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type {
  DesiredResource,
  Fields,
  Fleet,
  FleetInstance,
  ObservedResource,
  Refresh,
} from "../core/resource.ts";
import { isGivenUp, refreshPhase } from "../core/rollout/phase.ts";
import { stopRollouts } from "../core/rollout/suspended.ts";
import {
  isOfOthers,
  isSameVersion,
  rolledVersion,
  runsVersion,
  templateField,
  templateWanted,
  type WantedTemplate,
  withPolicy,
} from "../core/rollout/wanted.ts";

export interface RolloutsInput {
  readonly kindNamed: KindNamed;
  /** What the spec asks for. */
  readonly desired: readonly DesiredResource[];
  readonly current: ReadonlyMap<Address, ObservedResource>;
  /** As they were written down last. */
  readonly rows: readonly Rollout[];
  /** Value of the annotation by which a person asks for another try. */
  readonly requested: string | undefined;
  readonly nowMs: number;
}

/** All rows as they are now; one that has not changed is the same object. */
export function rolloutsAfter(input: RolloutsInput): readonly Rollout[] {
  const { desired, current, kindNamed, rows } = input;
  return desired
    .filter((group) => templateField(kindNamed, group) !== undefined)
    .reduce((known, group) => {
      const now = current.get(group.address);
      const wanted = templateWanted(input, group);
      return now?.fleet === undefined || wanted === undefined
        ? known
        : ofGroup(input, known, { group, now, fleet: now.fleet, wanted });
    }, rows);
}

/**
 * Whether a group is on its way to a version by a refresh of ours, be that wanted any more or not: a read that did not
 * show it may have shown the group as the spec has it by now. Then nobody else has moved it.
 */
export function isOwnRefresh(
  { kindNamed, current, rows }: Pick<RolloutsInput, "kindNamed" | "current" | "rows">,
  address: Address,
  field: string,
): boolean {
  const group = current.get(address);
  const refresh = group?.fleet?.refresh;
  if (group === undefined || refresh === undefined || field !== templateField(kindNamed, group)) return false;
  return rows.some(
    (row) => row.address === address && row.generation !== undefined && isOf(row, refresh, row.to),
  );
}

interface Scene {
  readonly group: DesiredResource;
  readonly now: ObservedResource;
  readonly fleet: Fleet;
  readonly wanted: WantedTemplate;
}

function ofGroup(input: RolloutsInput, known: readonly Rollout[], scene: Scene): readonly Rollout[] {
  const found = foundIn(input, known, scene);
  const all = found === undefined ? known : [...known.filter((row) => !isOfOne(row, found)), found];
  return all.map((row) =>
    row.address === scene.group.address ? asked(input, scene, settled(input, scene, row)) : row,
  );
}

function isOfOne(one: Rollout, other: Rollout): boolean {
  return one.address === other.address && one.digest === other.digest;
}

/** A refresh to what is wanted that no row stands for: with the database lost, or begun by somebody else. */
function foundIn(
  { nowMs }: RolloutsInput,
  rows: readonly Rollout[],
  { group, fleet, wanted }: Scene,
): Rollout | undefined {
  const { refresh, template: from } = fleet;
  const { version: to, digest, template } = wanted;
  if (refresh === undefined || to === undefined || !isSameVersion(refresh.template, to)) return undefined;
  // It leads nowhere new: what it replaces is as before.
  if (isSameVersion(from, to)) return undefined;
  const row = rows.find((one) => one.address === group.address && one.digest === digest);
  const isNew = row === undefined && (isGivenUp(refresh) || refreshPhase(refresh) !== "over");
  const isAgain =
    row !== undefined &&
    (row.state === "Succeeded" || row.state === "Stopped") &&
    refreshPhase(refresh) === "active" &&
    refresh.id !== row.refreshId &&
    refresh.id !== row.refreshBefore;
  if (!isNew && !isAgain) return undefined;
  return {
    address: group.address,
    digest,
    state: "Running",
    begunAtMs: refresh.startedAtMs ?? nowMs,
    ...(from === undefined ? {} : { from: withPolicy(rolledVersion(from, template), fleet.policy) }),
    to: withPolicy(to, refresh.policy),
    ...(refresh.id === undefined ? {} : { refreshId: refresh.id }),
    ...(row?.askedBy === undefined ? {} : { askedBy: row.askedBy }),
  };
}

/** As a read shows it. */
function settled(input: RolloutsInput, scene: Scene, row: Rollout): Rollout {
  if (isRejected(row) && isOfOthers(row, scene.fleet, scene.wanted)) return ended(input, row, "Stopped");
  // Nothing has failed any more of what was to be brought back to everybody, and has been.
  if (isRejected(row) && isSameVersion(row.from, row.to) && isAsBefore(scene, row))
    return ended(input, row, "Succeeded");
  // Somebody has brought it to everybody since: by a database that this one is an older copy of, or by hand.
  if (isRejected(row) && scene.fleet.instances.some(isServing) && isEverywhere(scene, row.to))
    return ended(input, row, "Succeeded");
  const { refresh } = scene.fleet;
  switch (row.state) {
    case "Succeeded":
    case "Stopped":
    case "RolledBack":
      return row;
    case "RollbackFailed":
      return isAsBefore(scene, row) ? ended(input, row, "RolledBack") : row;
    case "Running":
      return refresh !== undefined && isOf(row, refresh, row.to)
        ? afterRefresh(input, scene, row, refresh)
        : withoutRefresh(input, scene, row);
    case "Failed":
    case "RollingBack": {
      if (refresh !== undefined && row.isBack !== true && isOf(row, refresh, row.to))
        return afterRefresh(input, scene, row, refresh);
      if (refresh !== undefined && row.isBack === true && isOf(row, refresh, row.from))
        return afterBack(input, row, refresh);
      return isAsBefore(scene, row) ? ended(input, row, "RolledBack") : row;
    }
  }
}

/** Whether it is the refresh that a row stands for. Which one that is is known once a read has shown it. */
function isOf(row: Rollout, refresh: Refresh, to: Rollout["from"]): boolean {
  if (!isSameVersion(refresh.template, to)) return false;
  return row.refreshId === undefined ? refresh.id !== row.refreshBefore : refresh.id === row.refreshId;
}

function afterRefresh(input: RolloutsInput, scene: Scene, row: Rollout, refresh: Refresh): Rollout {
  const next: Rollout = { ...row, ...seenOf(refresh) };
  if (isGivenUp(refresh) || refresh.status === "RollbackInProgress") {
    // Nobody was replaced while AWS was kept from it, and nothing was seen to be wrong.
    const isUntried =
      stopRollouts(scene.fleet.suspendedProcesses).length > 0 && (row.evidence ?? []).length === 0;
    if (isUntried && row.state === "Running") return ended(input, next, "Stopped");
  }
  switch (refresh.status) {
    case "Successful":
      return ended(input, next, "Succeeded");
    case "Cancelled":
      return ended(input, next, row.state === "Running" ? "Stopped" : "Failed");
    case "RollbackInProgress":
      return failed(input, scene, next, "RollingBack");
    case "RollbackSuccessful":
      return ended(input, failed(input, scene, next, "RolledBack"), "RolledBack");
    case "RollbackFailed":
      return ended(input, failed(input, scene, next, "RollbackFailed"), "RollbackFailed");
    case "Failed": {
      const end = ended(input, failed(input, scene, next, "Failed"), "Failed");
      return isAsBefore(scene, end) ? { ...end, state: "RolledBack" } : end;
    }
    default:
      return isSame(next, row) ? row : next;
  }
}

/** A refresh of ours that brings back what ran before. */
function afterBack(input: RolloutsInput, row: Rollout, refresh: Refresh): Rollout {
  const { percentageComplete: _way, ...rest } = row;
  const next: Rollout = { ...rest, ...(refresh.id === undefined ? {} : { refreshId: refresh.id }) };
  if (refresh.status === "Successful") return ended(input, next, "RolledBack");
  if (isGivenUp(refresh)) return ended(input, next, "RollbackFailed");
  if (refresh.status === "Cancelled") {
    const { isBack: _back, refreshId: _id, ...again } = next;
    return { ...again, state: "Failed", ...(refresh.id === undefined ? {} : { refreshBefore: refresh.id }) };
  }
  return isSame(next, row) ? row : next;
}

/** The group names it, and all of its instances run it. */
function isEverywhere({ fleet, now }: Scene, version: Rollout["to"]): boolean {
  return (
    now.lifecycle === "ready" &&
    isSameVersion(fleet.template, version) &&
    fleet.instances.every((instance) => runsVersion(instance, version))
  );
}

function isServing({ lifecycleState }: FleetInstance): boolean {
  return lifecycleState === "InService";
}

/** It was to be begun, and no refresh of it is there (yet, or any more). */
function withoutRefresh(input: RolloutsInput, scene: Scene, row: Rollout): Rollout {
  const { fleet, wanted } = scene;
  if (isEverywhere(scene, row.to)) return ended(input, row, "Succeeded");
  const isUnwanted = wanted.digest !== row.digest && refreshPhase(fleet.refresh) !== "active";
  return isUnwanted ? ended(input, row, "Stopped") : row;
}

function seenOf({ id, percentageComplete, reason }: Refresh): Partial<Rollout> {
  return {
    ...(id === undefined ? {} : { refreshId: id }),
    ...(percentageComplete === undefined ? {} : { percentageComplete }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function ended({ nowMs }: RolloutsInput, row: Rollout, state: Rollout["state"]): Rollout {
  return { ...row, state, endedAtMs: row.state === state ? (row.endedAtMs ?? nowMs) : nowMs };
}

/** Its content is rejected from here on. */
function failed(
  { requested }: RolloutsInput,
  { fleet }: Scene,
  row: Rollout,
  state: Rollout["state"],
): Rollout {
  if (isRejected(row)) return row.state === state ? row : { ...row, state };
  const { preferences } = fleet.refresh ?? {};
  const isWaiting = fleet.instances.some(
    (instance) =>
      !runsVersion(instance, row.to) &&
      ((instance.protectedFromScaleIn && preferences?.scaleInProtectedInstances === "Wait") ||
        (instance.lifecycleState.includes("Standby") && preferences?.standbyInstances === "Wait")),
  );
  return {
    ...row,
    state,
    ...(requested === undefined ? {} : { askedBy: requested }),
    ...(isWaiting && preferences !== undefined ? { preferences: { ...preferences } } : {}),
  };
}

/** The group names what ran before, and so do all of its instances. */
function isAsBefore({ fleet, now }: Scene, { from }: Rollout): boolean {
  return (
    from !== undefined &&
    now.lifecycle === "ready" &&
    isSameVersion(fleet.template, from) &&
    fleet.instances.every(
      (instance) =>
        instance.lifecycleState.startsWith("Terminating") ||
        instance.template === undefined ||
        runsVersion(instance, from),
    )
  );
}

/** Rejected no more where a person has asked for another try, or has said what becomes of those that AWS waited for. */
function asked({ requested }: RolloutsInput, { group, fleet, wanted }: Scene, row: Rollout): Rollout {
  if (!isRejected(row) || row.digest !== wanted.digest) return row;
  const isRequested = requested !== undefined && requested !== row.askedBy;
  if (!isRequested && !isToldOtherwise(row, group.settings ?? {})) return row;
  const { refreshId, isBack: _back, evidence: _seen, preferences: _told, ...rest } = row;
  const before = fleet.refresh?.id ?? refreshId;
  return {
    ...rest,
    state: "Stopped",
    ...(requested === undefined ? {} : { askedBy: requested }),
    ...(before === undefined ? {} : { refreshBefore: before }),
  };
}

/** What AWS does about instances that it does not replace of its own accord when it is told nothing. */
const WAIT = "Wait";

function isToldOtherwise({ preferences }: Rollout, settings: Fields): boolean {
  return (
    preferences !== undefined &&
    Object.entries(preferences).some(([setting, told]) => (settings[setting] ?? WAIT) !== told)
  );
}

function isSame(one: Rollout, other: Rollout): boolean {
  return (
    one.refreshId === other.refreshId &&
    one.percentageComplete === other.percentageComplete &&
    one.reason === other.reason
  );
}
