/** Whether new instances come, and in AWS's words why not. */
import type { ActivityFact, GroupFact, InstanceFact, TierFacts } from "../model/health.ts";
import { verdictOf } from "./instance-verdict.ts";
import { obstacleToLaunch } from "./replacement.ts";
import { unitsIn, unitsLacking } from "./units.ts";

/** AWS's words of an activity that launches: `Launching a new EC2 instance`. */
const LAUNCHING = /^Launching/;
const CONCLUDED = ["Successful", "Failed", "Cancelled"];
const STATUS_REASON = /Status Reason:\s*(.+)$/s;

export type Launches =
  /** So many instances are on their way. */
  | { readonly are: "starting"; readonly count: number }
  | { readonly are: "suspended"; readonly obstacle: string }
  | { readonly are: "failing"; readonly reason: string }
  /** The group wants so many units more than it has, and nothing says why it has not launched them. */
  | { readonly are: "to come"; readonly count: number; readonly isUnexplained: boolean }
  | { readonly are: "not wanted" };

/** What becomes of the instances that a group lacks. @param lacking so many units have to come for it to have enough */
export function launchesOf(group: GroupFact, tier: TierFacts, lacking: number): Launches {
  const starting = group.instances.filter((instance) => isStarting(instance, group, tier));
  const count = starting.length;
  // What is not known to be too few may be enough.
  const isEnough = (unitsIn(group, starting) ?? lacking) >= lacking;
  if (isEnough && count > 0) return { are: "starting", count };
  const wanted = unitsLacking(group);
  const obstacle = obstacleToLaunch(group);
  if (wanted > 0 && obstacle !== undefined) return { are: "suspended", obstacle };
  const reason = wanted > 0 ? launchFailure(group) : undefined;
  if (reason !== undefined) return { are: "failing", reason };
  if (count > 0) return { are: "starting", count };
  return wanted > 0
    ? { are: "to come", count: wanted, isUnexplained: group.activities === undefined }
    : { are: "not wanted" };
}

function isStarting(instance: InstanceFact, group: GroupFact, tier: TierFacts): boolean {
  return verdictOf(instance, group, tier).phase === "starting";
}

/** Why the last launch that is over failed; `undefined` when it did not. @param sinceMs earlier ones do not count */
export function launchFailure({ activities = [] }: GroupFact, sinceMs = 0): string | undefined {
  const [last] = activities
    .filter(({ description, status }) => LAUNCHING.test(description) && CONCLUDED.includes(status))
    .filter(({ timeMs }) => timeMs >= sinceMs)
    .sort((a, b) => b.timeMs - a.timeMs);
  return last?.status === "Failed" ? reasonOf(last) : undefined;
}

function reasonOf({ message, description }: ActivityFact): string {
  return (message ?? STATUS_REASON.exec(description)?.[1] ?? description).trim().replace(/\.$/, "");
}
