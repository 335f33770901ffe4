/** All kinds, each after those that it refers to. A new kind is one folder and one line here. */
import type { KindName } from "../../model/kind-name.ts";
import type { DesiredResource } from "../core/resource.ts";
import { alarm } from "./alarm/kind.ts";
import { autoScalingGroup } from "./auto-scaling-group/kind.ts";
import type { Kind, ServiceContext } from "./kind.ts";
import { launchTemplate } from "./launch-template/kind.ts";
import { lifecycleHook } from "./lifecycle-hook/kind.ts";
import { listener } from "./listener/kind.ts";
import { rule } from "./listener-rule/kind.ts";
import { loadBalancer } from "./load-balancer/kind.ts";
import { notification } from "./notification/kind.ts";
import { scalingPolicy } from "./scaling-policy/kind.ts";
import { scheduledAction } from "./scheduled-action/kind.ts";
import { targetGroup } from "./target-group/kind.ts";
import { warmPool } from "./warm-pool/kind.ts";

export const KINDS: readonly Kind[] = [
  loadBalancer,
  targetGroup,
  listener,
  rule,
  launchTemplate,
  autoScalingGroup,
  lifecycleHook,
  warmPool,
  scheduledAction,
  scalingPolicy,
  notification,
  alarm,
];

const BY_NAME: ReadonlyMap<KindName, Kind> = new Map(KINDS.map((kind) => [kind.name, kind]));

/** Everything that the spec asks for, in the order of the kinds. */
export function desiredOf(service: ServiceContext): DesiredResource[] {
  const byKind = new Map<KindName, readonly DesiredResource[]>();
  for (const kind of KINDS)
    byKind.set(
      kind.name,
      kind.desired(service, (name) => byKind.get(name) ?? []),
    );
  return [...byKind.values()].flat();
}

/** @throws when there is no such kind, which is a bug of ours */
export function kindNamed(name: KindName): Kind {
  const kind = BY_NAME.get(name);
  if (kind === undefined) throw new Error(`no kind is called ${name}`);
  return kind;
}
