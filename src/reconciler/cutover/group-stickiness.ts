/**
 * Group stickiness while an action has more target groups than the spec asks for. AWS takes a target group whose targets
 * are sticky beside another one only in an action with group stickiness ("You must enable group stickiness on a rule if
 * you enabled target stickiness on one of its target groups": InvalidConfigurationRequest;
 * github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2734).
 */
import type { Value } from "../../model/value.ts";
import type { Fields } from "../core/resource.ts";
import type { CutoverState } from "./target-group-readiness.ts";

/**
 * What an action to these target groups needs beside them: the stickiness that it is known to have had, or else that of
 * the targets. Whether they are sticky, or are to be, is all the same: AWS may hear of it sooner or later.
 * @param before what the action was, as last applied and as AWS has it
 */
export function groupStickiness(
  state: CutoverState,
  arns: readonly string[],
  before: readonly Value[],
): Fields {
  const seconds = arns.flatMap((arn) => stickySecondsOf(state, arn));
  if (arns.length < 2 || seconds.length === 0) return {};
  const [earlier] = before.flatMap((action) => secondsIn(action) ?? []);
  return { stickinessSeconds: earlier ?? Math.max(...seconds) };
}

function stickySecondsOf({ kindNamed, desired, current, observation }: CutoverState, arn: string): number[] {
  const there = observation.resources.filter(({ id }) => id === arn);
  const wanted = desired.filter(({ address }) => current.get(address)?.id === arn);
  return [...wanted, ...there].flatMap(
    ({ kind, fields }) => kindNamed(kind).traits.stickySeconds?.(fields) ?? [],
  );
}

function secondsIn(action: Value): number | undefined {
  if (action === null || typeof action !== "object" || Array.isArray(action)) return undefined;
  return action.stickinessSeconds === undefined ? undefined : Number(action.stickinessSeconds);
}
