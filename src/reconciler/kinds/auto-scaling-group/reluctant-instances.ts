/**
 * Instances that an instance refresh does not replace of its own accord: AWS waits an hour for them, and then gives the
 * whole refresh up, unless it is told what to do
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html). What they are kept for only their
 * owner knows, so that nothing is chosen here.
 */
import type { Address } from "../../../model/address.ts";
import { namesAndMore } from "../../../model/text/names-and-more.ts";
import type { KindObstacle } from "../../core/kind-rules.ts";
import type { Fields, Fleet, FleetInstance, Refresh, TemplateVersion } from "../../core/resource.ts";
import { stopRollouts } from "../../core/rollout/suspended.ts";
import { runsVersion } from "../../core/rollout/wanted.ts";

/** What AWS does about them when it is told nothing. */
const WAIT = "Wait";
const MOST_NAMED = 5;

interface Reluctance {
  /** Member of `instanceRefresh`, which says what AWS is to do. */
  readonly setting: keyof NonNullable<Refresh["preferences"]>;
  readonly reason: "ProtectedInstances" | "StandbyInstances";
  readonly applies: (instance: FleetInstance) => boolean;
  readonly are: string;
  readonly choices: string;
  readonly instead: string;
}

const isLeaving = ({ lifecycleState }: FleetInstance) => lifecycleState.startsWith("Terminating");
const isOnStandby = ({ lifecycleState }: FleetInstance) =>
  lifecycleState === "Standby" || lifecycleState === "EnteringStandby";

const RELUCTANCES: readonly Reluctance[] = [
  {
    setting: "scaleInProtectedInstances",
    reason: "ProtectedInstances",
    applies: (instance) => instance.protectedFromScaleIn && !isOnStandby(instance) && !isLeaving(instance),
    are: "protected from scale-in",
    choices:
      "Refresh replaces them, Ignore leaves them at their version, Wait lets AWS wait for an hour and then give up",
    instead: "take their protection away",
  },
  {
    setting: "standbyInstances",
    reason: "StandbyInstances",
    applies: isOnStandby,
    are: "on standby",
    choices:
      "Terminate replaces them, Ignore leaves them at their version, Wait lets AWS wait for an hour and then give up",
    instead: "return them to service",
  },
];

/** Whether a rollout is to leave an instance at its version. @param settings `instanceRefresh` of the spec */
export function isPassedOver(instance: FleetInstance, settings: Fields): boolean {
  return RELUCTANCES.some(({ setting, applies }) => settings[setting] === "Ignore" && applies(instance));
}

/** Why a rollout is not begun: somebody has to say first what becomes of these. @param wanted absent while it is not known */
export function reluctanceObstacles(
  address: Address,
  { instances }: Pick<Fleet, "instances">,
  wanted: TemplateVersion | undefined,
  settings: Fields,
): KindObstacle[] {
  return RELUCTANCES.flatMap(({ setting, reason, applies, are, choices, instead }) => {
    const found = instances.filter(
      (instance) => applies(instance) && (wanted === undefined || !runsVersion(instance, wanted)),
    );
    if (found.length === 0 || settings[setting] !== undefined) return [];
    const message =
      `The rollout of the launch template is not begun, because AWS would wait an hour for what is ${are} ` +
      `(${named(found)}) and then give it up. Say what is to become of it in ` +
      `spec.${address}.instanceRefresh.${setting}: ${choices}. Or ${instead}.`;
    return [{ reason, field: "launchTemplate", message }];
  });
}

/**
 * Nor while AWS replaces nobody: it would give the rollout up after an hour, and a content would be rejected that nobody
 * has tried.
 */
export function suspensionObstacles(
  address: Address,
  { instances, pool }: Pick<Fleet, "instances" | "pool">,
  wanted: TemplateVersion | undefined,
  settings: Fields,
  suspended: readonly string[],
): KindObstacle[] {
  const stopping = stopRollouts(suspended);
  const isReplaced = (instance: FleetInstance) =>
    !isPassedOver(instance, settings) && !(wanted !== undefined && runsVersion(instance, wanted));
  if (stopping.length === 0 || ((pool?.size ?? 0) === 0 && !instances.some(isReplaced))) return [];
  const message =
    `The rollout of the launch template is not begun, because AWS replaces no instance while ${stopping.join(" and ")} ` +
    `of ${address} ${stopping.length === 1 ? "is" : "are"} suspended, and would give it up after an hour. ` +
    `Resume it: in spec.${address}.suspendedProcesses where it is declared, or in AWS.`;
  return [{ reason: "ProcessesSuspended", field: "launchTemplate", message }];
}

/** Those that AWS waits for in a refresh under way, in words; `undefined` when there are none. */
export function awaitedIn({ instances, refresh }: Pick<Fleet, "instances" | "refresh">): string | undefined {
  const { template, preferences } = refresh ?? {};
  const waits = RELUCTANCES.flatMap(({ setting, applies, are }) => {
    const found = instances.filter(
      (instance) => applies(instance) && (template === undefined || !runsVersion(instance, template)),
    );
    return found.length === 0 || preferences?.[setting] !== WAIT ? [] : [`${named(found)}, ${are}`];
  });
  return waits.length === 0 ? undefined : `AWS waits up to an hour for ${waits.join(" and for ")}`;
}

/** Always the same words for the same instances. */
function named(instances: readonly FleetInstance[]): string {
  return namesAndMore(instances.map(({ instanceId }) => instanceId).sort(), MOST_NAMED);
}
