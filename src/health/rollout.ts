/** A rollout whose instances do not become healthy: the condition says what changed, what serves, and the way back. */

import type { Verdict } from "../model/conditions.ts";
import type { GroupFact, InstanceFact, RolloutFact, TierFacts } from "../model/health.ts";
import type { Evidence } from "../model/ledger/rollout.ts";
import { namesAndMore } from "../model/text/names-and-more.ts";
import { timeOfDay } from "../model/time.ts";
import { verdictOf } from "./instance-verdict.ts";
import { launchFailure } from "./launches.ts";
import { isUnhealthy } from "./replacement.ts";
import { changesIn, lostInRollout } from "./rollout-facts.ts";
import { sizeText, unitsIn } from "./units.ts";

/** So long without progress, and AWS gives an instance refresh up: what is seen of it; it documents no figure. */
const PATIENCE_MS = 3_600_000;
/** Alarms named in a sentence. */
const NAMED_ALARMS = 3;

/**
 * `undefined` as long as one new instance serves, or none has failed yet: one that starts may need its time. After the
 * first that was given up, or that fails beyond its grace period, the others have the same image.
 */
export function rolloutFault(group: GroupFact, tier: TierFacts): Verdict | undefined {
  const { rollout } = group;
  if (rollout === undefined) return undefined;
  const lives = group.instances.map((instance) => ({ instance, ...verdictOf(instance, group, tier) }));
  const newcomers = lives.filter(
    ({ instance, phase }) => instance.isOfRollout === true && phase !== "leaving",
  );
  if (newcomers.some(({ serving }) => serving !== "no")) return undefined;
  const failing = newcomers.filter(({ phase }) => phase === "failing");
  const launch = launchFailure(group, rollout.startedAtMs);
  if (failing.length + lostInRollout(group) === 0 && launch === undefined) return undefined;
  const served = lives.filter((one) => one.serving === "yes").map(({ instance }) => instance);
  const serving = unitsIn(group, served) ?? "?";
  const wanted = sizeText(group.desiredCapacity, group);
  const whose =
    rollout.generation === undefined ? "The rollout" : `The rollout of generation ${rollout.generation}`;
  const changes = changesIn(rollout);
  const message = [
    `${whose} to ${group.key} fails${changes === undefined ? "" : `: it changes ${changes}`}`,
    launch === undefined
      ? `No instance that it brings becomes healthy${whyOf(rollout, failing)}; ${serving} of ${wanted} serve, all from before`
      : `No instance that it brings can be launched (${launch}); ${serving} of ${wanted} serve, all from before`,
    `${endOf(rollout)}${afterwards(rollout)}`,
    wayBack(group, rollout),
  ];
  return { type: "Healthy", status: "False", reason: "RolloutFailing", message: `${message.join(". ")}.` };
}

/** As it was seen first: between two that fail nobody does, and what is said stays the same. */
function whyOf({ seen = [] }: RolloutFact, failing: readonly { readonly instance: InstanceFact }[]): string {
  const [why] = [...seen, ...failing.flatMap(({ instance }) => failuresOf(instance)).map((one) => one.why)];
  return why === undefined ? "" : `: ${why}`;
}

function endOf({ startedAtMs, percentageComplete, stoppedBy = [] }: RolloutFact): string {
  const isUntouched = percentageComplete === undefined || percentageComplete === 0;
  const orSooner =
    stoppedBy.length === 0 ? "" : `, or as soon as ${namesAndMore(stoppedBy, NAMED_ALARMS)} rings`;
  if (startedAtMs === undefined || !isUntouched)
    return `AWS gives it up about an hour after its last progress${orSooner}`;
  const at = timeOfDay(startedAtMs + PATIENCE_MS);
  return `AWS gives it up after about an hour without progress, around ${at}${orSooner}`;
}

function afterwards({ undoneBy }: RolloutFact): string {
  switch (undoneBy) {
    case undefined:
      return "";
    case "nobody":
      return "; nothing brings back what ran before then (instanceRefresh.autoRollback is false)";
    case "AWS":
    case "Holdfast":
      return `; then ${undoneBy} brings back what ran before`;
  }
}

function wayBack({ key }: GroupFact, { changes }: RolloutFact): string {
  const [first] = changes;
  const isOne = changes.length === 1 && typeof first?.from === "string" && !first.from.startsWith("sha256:");
  const what = isOne ? `${first.field}: ${first.from}` : "what it was before";
  return `To go back, set spec.${key}.launchTemplate to ${what}: the refresh is stopped, and the new instances are replaced`;
}

/**
 * What is seen of the instances that a rollout brings while they fail: which ones, by which check, with which message. Those
 * within their grace period are among them: an alarm may end it before that is over.
 */
export function rolloutEvidence(group: GroupFact, tier: TierFacts): Evidence[] {
  const { rollout } = group;
  if (rollout === undefined) return [];
  const failing = group.instances.filter((instance) => {
    const { phase, serving } = verdictOf(instance, group, tier);
    return instance.isOfRollout === true && phase !== "leaving" && serving === "no";
  });
  const byWhy = Map.groupBy(failing.flatMap(failuresOf), ({ why }) => why);
  const seen = [...byWhy].map(([why, all]) => ({ why, instances: all.map(({ id }) => id).sort() }));
  const launch = launchFailure(group, rollout.startedAtMs);
  return launch === undefined
    ? seen
    : [...seen, { why: `no instance could be launched: ${launch}`, instances: [] }];
}

/** Those that were slow, and serve: what was seen of them before is held against nobody. */
export function recoveredIn(group: GroupFact, tier: TierFacts): ReadonlySet<string> {
  const serving = group.instances.filter((instance) => verdictOf(instance, group, tier).serving === "yes");
  return new Set(serving.map(({ instanceId }) => instanceId));
}

function failuresOf({ instanceId: id, targets = [], ec2 }: InstanceFact): { id: string; why: string }[] {
  const failed = targets.filter(isUnhealthy).map(({ targetGroup, reason, description }) => {
    const said = [reason, description].filter((text) => text !== undefined).join(": ");
    return { id, why: `unhealthy in ${targetGroup}${said === "" ? "" : ` (${said})`}` };
  });
  const checks = Object.entries({ system: ec2?.systemStatus, instance: ec2?.instanceStatus })
    .filter(([, state]) => state === "impaired")
    .map(([check]) => ({ id, why: `EC2's ${check} status check is impaired` }));
  return [...failed, ...checks];
}
