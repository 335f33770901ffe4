/** Which instances are as a launch source would have them. autoscaling/refresh-matching */
import type { LaunchSource, TemplateChoice } from "../launch-source.ts";
import type { Group, Member, State } from "../state.ts";
import { poolsOf } from "./pools.ts";

/** Tells of an instance whether it has the template version of the source, and one of its types. */
export function matcherOf(state: State, group: Group, source: LaunchSource): (member: Member) => boolean {
  const target = versionOf(state, source.template);
  if (source.mixed === undefined) return (member) => hasVersion(member, target);
  return (member) => {
    try {
      const place = { market: member.market, zone: member.availabilityZone };
      const pools = poolsOf(state, group, source, place, []);
      const own = pools.find((pool) => pool.instanceType === member.instanceType);
      return own !== undefined && hasVersion(member, versionOf(state, own.template));
    } catch {
      // A template that is gone matches nothing; the launches will say what is wrong.
      return false;
    }
  };
}

function versionOf(state: State, choice: TemplateChoice): { id: string; version: number } | undefined {
  try {
    return state.parts.ec2.templateVersion(choice);
  } catch {
    return undefined;
  }
}

function hasVersion({ from }: Member, wanted: { id: string; version: number } | undefined): boolean {
  return from !== undefined && from.id === wanted?.id && from.version === wanted.version;
}
