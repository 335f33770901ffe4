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

/** Where AWS allows so many of a kind, and what the spec asks for there. */
interface Place {
  readonly quota: QuotaName;
  readonly kind: KindName;
  readonly title: string;
  /** What all of it stands below; empty: the Region. */
  readonly root: Address | "";
  readonly wanted: DesiredResource[];
}

/** More than AWS allows, and what of it has no place. */
interface Excess {
  readonly quota: QuotaName;
  readonly without: readonly DesiredResource[];
  readonly obstacle: Obstacle;
}

/** The plan with what has no place held back, and why. What AWS has not told is assumed, and does not hold anything back. */
export function heldByQuotas(plan: Plan, input: QuotaInput): Plan {
  const told = excessesIn(input).filter(({ quota }) => !input.quotas[quota].isAssumed);
  const texts = new Map<Address, string>(
    told.flatMap(({ quota, without }) =>
      without.map(({ address }) => [address, quotaText(quota, input.quotas[quota])] as const),
    ),
  );
  const held = (action: Action): Action => {
    const quota = action.verb === "create" ? texts.get(action.address) : undefined;
    return quota === undefined ? action : heldBack(action, { because: "quota exceeded", quota });
  };
  return {
    actions: plan.actions.map(held),
    obstacles: [...plan.obstacles, ...told.map(({ obstacle }) => obstacle)],
  };
}

/** What would be in the way if AWS allows no more than it does by default: for who asks before anything is done. */
export function assumedQuotaObstacles(input: QuotaInput): Obstacle[] {
  return excessesIn(input)
    .filter(({ quota }) => input.quotas[quota].isAssumed)
    .map(({ obstacle }) => obstacle);
}

function excessesIn(input: QuotaInput): Excess[] {
  // What is not known may be in a place, or not.
  if (!isComplete(input.observation)) return [];
  return placesIn(input).flatMap((place) => excessOf(input, place) ?? []);
}

function placesIn({ kindNamed, desired }: QuotaInput): Place[] {
  const places = new Map<string, Place>();
  for (const resource of desired) {
    const { kind } = resource;
    const { quota, title } = kindNamed(kind);
    if (quota === undefined) continue;
    const root = isOfRegion(quota) ? "" : rootAddress(resource.address);
    const key = `${quota} ${root}`;
    const place = places.get(key) ?? { quota, kind, title, root, wanted: [] };
    place.wanted.push(resource);
    places.set(key, place);
  }
  return [...places.values()];
}

function excessOf(input: QuotaInput, place: Place): Excess | undefined {
  const { quota, title, wanted } = place;
  const { most } = input.quotas[quota];
  const others = othersIn(input, place);
  if (others === undefined) return undefined;
  const tooMany = wanted.length + others - most;
  const missing = wanted.filter(({ address }) => !input.matching.current.has(address));
  const without = missing.slice(Math.max(0, missing.length - tooMany));
  const [first] = without;
  if (first === undefined) return undefined;
  const beside = others === 0 ? "" : ` beside ${others} that others have there`;
  const message =
    `The spec asks for ${wanted.length} (${title})${beside}, and ${quotaText(quota, input.quotas[quota])} is less: ` +
    `${without.length === 1 ? "one has" : `${without.length} have`} no place. Ask AWS for more, or the spec for less.`;
  return { quota, without, obstacle: { address: first.address, reason: "QuotaExceeded", message } };
}

/** How many there are that are not ours and stay; `undefined` where nobody has counted them. */
function othersIn(
  { observation: { resources }, matching, quotas }: QuotaInput,
  { quota, kind, root }: Place,
): number | undefined {
  const there = resources.filter((one) => one.kind === kind);
  if (root === "") {
    const { used } = quotas[quota];
    return used === undefined ? undefined : Math.max(0, used - there.filter(({ owned }) => owned).length);
  }
  const below = matching.current.get(root)?.id;
  return there.filter((one) => !one.owned && rootOf(resources, one) === below).length;
}

function rootAddress(address: Address): Address {
  const above = parentOf(address);
  return above === "" ? address : rootAddress(above);
}

function rootOf(resources: readonly ObservedResource[], { id, parent }: ObservedResource): string {
  const above = resources.find((other) => other.id === parent);
  return above === undefined ? (parent ?? id) : rootOf(resources, above);
}
