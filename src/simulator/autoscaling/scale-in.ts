/** Which instance goes when a group shrinks. Pure. */
import type { TemplateChoice } from "./launch-source.ts";
import type { Group, Member } from "./state.ts";

/**
 * The next instance to terminate, or nothing when all are protected. The zones' balance comes before every
 * policy. autoscaling/termination-zone-first, autoscaling/termination-default
 *
 * @param random uniform in [0, 1), for a draw
 * @param alignment how well an instance fits the allocation strategies; the least goes first
 */
export function nextToTerminate(
  group: Pick<Group, "terminationPolicies" | "template">,
  members: readonly Member[],
  nowMs: number,
  random: () => number,
  alignment: (member: Member) => number = () => 0,
): Member | undefined {
  const eligible = members.filter((member) => !member.protectedFromScaleIn);
  let candidates = inFullestZones(members, eligible);
  for (const policy of expanded(group.terminationPolicies)) {
    candidates = best(candidates, rankOf(policy, group.template, nowMs, alignment));
  }
  return candidates[Math.floor(random() * candidates.length)];
}

/** Members of the zones that have most instances and at least one that may go. */
function inFullestZones(all: readonly Member[], eligible: readonly Member[]): Member[] {
  const counts = new Map<string, number>();
  for (const member of all) {
    counts.set(member.availabilityZone, (counts.get(member.availabilityZone) ?? 0) + 1);
  }
  return best(eligible, (member) => -(counts.get(member.availabilityZone) ?? 0));
}

function expanded(policies: readonly string[]): string[] {
  return policies.flatMap((policy) =>
    policy === "Default"
      ? ["AllocationStrategy", "OldestLaunchTemplate", "ClosestToNextInstanceHour"]
      : [policy],
  );
}

function rankOf(
  policy: string,
  template: TemplateChoice,
  nowMs: number,
  alignment: (member: Member) => number,
): (member: Member) => number {
  switch (policy) {
    case "OldestInstance":
      return (member) => member.launchedAtMs;
    case "NewestInstance":
      return (member) => -member.launchedAtMs;
    case "OldestLaunchTemplate":
      // Another template than the group's goes first, then the lowest version of the group's own.
      return (member) => (member.from?.id === template.id ? member.from.version : -1);
    case "ClosestToNextInstanceHour":
      return (member) => 3_600_000 - ((nowMs - member.launchedAtMs) % 3_600_000);
    case "AllocationStrategy":
      return alignment;
    default:
      // OldestLaunchConfiguration: there are none here.
      return () => 0;
  }
}

/** All members of the least rank. */
function best(members: readonly Member[], rank: (member: Member) => number): Member[] {
  let least = Number.POSITIVE_INFINITY;
  for (const member of members) least = Math.min(least, rank(member));
  return members.filter((member) => rank(member) === least);
}
