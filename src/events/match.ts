/** Which services an event is about, by the ids and names of what they have made or look at. */
import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import type { MadeHolder } from "../ports.ts";
import type { Hint } from "./hint.ts";

/** All by which the resources of an event may be known: what it names, and what those stand below. */
export function idsIn({ subjects, mentions }: Pick<Hint, "subjects" | "mentions">): readonly string[] {
  const named = [
    ...subjects.flatMap(({ id, within }) => (within === undefined ? [id] : [id, within])),
    ...mentions,
  ];
  return [...new Set(named.flatMap((id) => [id, ...idsAbove(id)]))].slice(0, LIMITS.eventNames);
}

/** The load balancer of a listener, and both of a rule: their ARNs say them. An Auto Scaling group in the ARN of what sits on it. */
function idsAbove(arn: string): string[] {
  const [, start, kind, path = ""] = /^(arn:[^/]+):(listener|listener-rule)\/(.+)$/.exec(arn) ?? [];
  if (start !== undefined && kind !== undefined) {
    const steps = path.split("/");
    const loadBalancer = `${start}:loadbalancer/${steps.slice(0, 3).join("/")}`;
    return kind === "listener"
      ? [loadBalancer]
      : [`${start}:listener/${steps.slice(0, 4).join("/")}`, loadBalancer];
  }
  const [, group] = /:autoScalingGroupName\/([^:]+)/.exec(arn) ?? [];
  return group === undefined ? [] : [group];
}

/** @param holders who has made something under one of {@link idsIn} @param ofInstance whose instance it is */
export function matchOf(
  hint: Hint,
  holders: readonly MadeHolder[],
  ofInstance: (id: string) => ObjectKey | undefined,
): ObjectKey[] {
  const kindOf = new Map(hint.subjects.map(({ id, kind }) => [id, kind]));
  const held = holders
    // A name is one of its kind alone: an alarm may be called as a group is.
    .filter(({ id, name, kind }) => {
      const meant = kindOf.get(name) ?? kindOf.get(id);
      return meant === undefined || meant === kind || kind === "autoScalingGroup";
    })
    .map(({ service }) => service);
  const instances = hint.instances.map(ofInstance).filter((key) => key !== undefined);
  return [...new Map([...held, ...instances].map((key) => [textOfKey(key), key])).values()];
}
