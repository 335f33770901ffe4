/**
 * What cannot succeed, whatever goes first: more is wanted in one place than AWS allows there. Said before the first call,
 * and what has no place is not tried. Pure.
 */
import { type Address, parentOf } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { type Action, heldBack, type Obstacle, type Plan } from "./actions.ts";
import type { Matching } from "./current-and-surplus.ts";
import type { KindNamed } from "./kind-rules.ts";
import { isComplete, type Observation } from "./observation.ts";
import { isOfRegion, type QuotaName, type Quotas, quotaText } from "./quotas.ts";
import type { DesiredResource, ObservedResource } from "./resource.ts";

export interface QuotaInput {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly matching: Matching;
  readonly quotas: Quotas;
}

/** More than AWS allows: in which place, and what of it has none. */
interface Excess {
  readonly quota: QuotaName;
  readonly without: readonly DesiredResource[];
  readonly message: string;
}

/** The plan with what has no place held back, and why. What AWS has not told is assumed, and does not hold anything back. */
export function heldByQuotas(plan: Plan, input: QuotaInput): Plan {
  const told = excessesIn(input).filter(({ quota }) => !input.quotas[quota].isAssumed);
  if (told.length === 0) return plan;
  const texts = new Map<Address, string>(
    told.flatMap(({ quota, without }) =>
      without.map(({ address }) => [address, quotaText(quota, input.quotas[quota])] as const),
    ),
  );
  const held = (action: Action): Action => {
    const quota = action.verb === "create" ? texts.get(action.address) : undefined;
    return quota === undefined ? action : heldBack(action, { because: "quota exceeded", quota });
  };
  return { actions: plan.actions.map(held), obstacles: [...plan.obstacles, ...told.map(obstacleOf)] };
}

/** What would be in the way if AWS allows no more than it does by default: for who asks before anything is done. */
export function assumedQuotaObstacles(input: QuotaInput): Obstacle[] {
  return excessesIn(input)
    .filter(({ quota }) => input.quotas[quota].isAssumed)
    .map(obstacleOf);
}

function obstacleOf({ without, message }: Excess): Obstacle {
  const [first] = without;
  if (first === undefined) throw new Error("an excess without anything that has no place");
  return { address: first.address, reason: "QuotaExceeded", message };
}

function excessesIn(input: QuotaInput): Excess[] {
  // What is not known may be in a place, or not.
  if (!isComplete(input.observation)) return [];
  const byPlace = Map.groupBy(
    input.desired.filter(({ kind }) => input.kindNamed(kind).quota !== undefined),
    ({ kind, address }) => `${kind} ${isRegional(input, kind) ? "" : rootAddress(address)}`,
  );
  return [...byPlace.values()].flatMap((wanted) => excessOf(input, wanted) ?? []);
}

function isRegional({ kindNamed }: QuotaInput, kind: KindName): boolean {
  const { quota } = kindNamed(kind);
  return quota !== undefined && isOfRegion(quota);
}

function excessOf(input: QuotaInput, wanted: readonly DesiredResource[]): Excess | undefined {
  const [first] = wanted;
  if (first === undefined) return undefined;
  const { quota, title } = input.kindNamed(first.kind);
  if (quota === undefined) return undefined;
  const { most } = input.quotas[quota];
  const others = othersIn(input, first, quota);
  if (others === undefined || wanted.length + others <= most) return undefined;
  const missing = wanted.filter(({ address }) => !input.matching.current.has(address));
  const without = missing.slice(Math.max(0, missing.length - (wanted.length + others - most)));
  if (without.length === 0) return undefined;
  const beside = others === 0 ? "" : ` beside ${others} that others have there`;
  return {
    quota,
    without,
    message:
      `The spec asks for ${wanted.length} (${title})${beside}, and ${quotaText(quota, input.quotas[quota])} is less: ` +
      `${without.length === 1 ? "one has" : `${without.length} have`} no place. Ask AWS for more, or the spec for less.`,
  };
}

/** How many there are that are not ours and stay; `undefined` where nobody has counted them. */
function othersIn(
  { kindNamed, observation: { resources }, matching, quotas }: QuotaInput,
  { kind, address }: DesiredResource,
  quota: QuotaName,
): number | undefined {
  const there = resources.filter((one) => one.kind === kind);
  if (isOfRegion(quota)) {
    const { used } = quotas[quota];
    return used === undefined ? undefined : Math.max(0, used - there.filter(({ owned }) => owned).length);
  }
  const root = matching.current.get(rootAddress(address))?.id;
  if (root === undefined) return 0;
  return there.filter(
    (one) => !one.owned && rootOf(resources, one) === root && kindNamed(one.kind).quota === quota,
  ).length;
}

function rootAddress(address: Address): Address {
  const above = parentOf(address);
  return above === "" ? address : rootAddress(above);
}

function rootOf(resources: readonly ObservedResource[], { id, parent }: ObservedResource): string {
  const above = parent === undefined ? undefined : resources.find((other) => other.id === parent);
  return above === undefined ? (parent ?? id) : rootOf(resources, above);
}
