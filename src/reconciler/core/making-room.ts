/**
 * What is wanted is made before what is not wanted goes, so that there is no gap. Where AWS has no place for both, and
 * only there, what goes makes room: it becomes what is wanted, where AWS can change it in place, and goes first where it
 * cannot. AWS would refuse the other order for ever.
 */
import { type Address, parentOf, surplusAddress } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { type Action, type Create, type Delete, isDoable, type Update, type Wait } from "./actions.ts";
import type { Comparison } from "./compare.ts";
import type { Matching } from "./current-and-surplus.ts";
import { differencesOf } from "./diff.ts";
import type { HoldReason, Holds } from "./holds.ts";
import type { KindNamed, KindRules } from "./kind-rules.ts";
import { isComplete, type Observation } from "./observation.ts";
import { isOfRegion, type QuotaName, type Quotas, quotaText, saysFull } from "./quotas.ts";
import type { ObservedResource } from "./resource.ts";
import { isTag } from "./tags.ts";

export interface RoomInput {
  readonly kindNamed: KindNamed;
  readonly matching: Matching;
  readonly observation: Observation;
  readonly comparisons: readonly Comparison[];
  readonly holds: Holds;
  readonly quotas: Quotas;
  /** Address → AWS's error code: what it has refused to make in the round before, whatever the numbers say. */
  readonly refused: ReadonlyMap<Address, string>;
  /** Something of ours that a list lacks: then nobody can say what goes. */
  readonly isListShort: boolean;
  /** Why something that others take over from must not go yet, by its id. */
  readonly handover: (id: string) => readonly HoldReason[];
}

export interface Room {
  /** The actions, with what makes room in place of what has none. */
  readonly actions: readonly Action[];
  /** Ids of what goes, or becomes something else, for that. */
  readonly given: ReadonlySet<string>;
}

export function withRoom(input: RoomInput, actions: readonly Action[]): Room {
  // What is not known may be wanted, or use what would go.
  if (!isComplete(input.observation) || input.isListShort) return { actions, given: new Set() };
  const given = new Set<string>();
  const instead = new Map<Address, Action>();
  const departures: Delete[] = [];
  for (const place of placesIn(input, actions)) {
    const leavers = leaversOf(input, place);
    for (const comparison of placeless(input, place)) {
      const { address } = comparison.desired;
      const turned = becoming(input, place, comparison, leavers);
      const leaver = turned?.leaver ?? leavers[0];
      if (leaver === undefined) break;
      leavers.splice(leavers.indexOf(leaver), 1);
      const creation = place.creations.find((one) => one.address === address);
      const departure =
        turned === undefined ? leaving(fullText(input, place), place.kind, address, leaver) : undefined;
      if (turned !== undefined) instead.set(address, turned.update);
      else if (creation !== undefined) instead.set(address, waiting(fullText(input, place), creation));
      if (departure !== undefined) departures.push(departure);
      if (turned !== undefined || departure !== undefined) given.add(leaver.id);
    }
  }
  for (const { creation, leaver, why } of exclusionsIn(input, actions)) {
    const departure = leaving(why, input.kindNamed(leaver.kind), creation.address, leaver);
    if (instead.has(creation.address) || given.has(leaver.id) || departure === undefined) continue;
    instead.set(creation.address, waiting(why, creation));
    departures.push(departure);
    given.add(leaver.id);
  }
  const replaced = actions.map((action) => instead.get(action.address) ?? action);
  const added = [...instead.values()].filter((action) => !replaced.includes(action));
  return { actions: [...replaced, ...added, ...departures], given };
}

/** All of one kind below one root: what one quota counts. */
interface Place {
  readonly kind: KindRules;
  readonly quota: QuotaName;
  /** Undefined while it is not there: then nothing is below it. */
  readonly root: string | undefined;
  readonly creations: readonly Create[];
  readonly refused: readonly Address[];
}

const REGION = "the Region";

function placesIn(input: RoomInput, actions: readonly Action[]): Place[] {
  const creations = actions.filter(
    (action): action is Create => isDoable(action) && action.verb === "create",
  );
  const wanted = [
    ...creations,
    ...input.comparisons.flatMap(({ desired }) => (input.refused.has(desired.address) ? [desired] : [])),
  ];
  const places = new Map<
    string,
    { kind: KindName; quota: QuotaName; root: string | undefined; addresses: Address[] }
  >();
  for (const { address, kind } of wanted) {
    const { quota } = input.kindNamed(kind);
    if (quota === undefined) continue;
    const root = isOfRegion(quota) ? REGION : rootOfWanted(input.matching, address);
    const place = places.get(`${kind} ${root}`) ?? { kind, quota, root, addresses: [] };
    place.addresses.push(address);
    places.set(`${kind} ${root}`, place);
  }
  return [...places.values()].map(({ kind, quota, root, addresses }) => ({
    kind: input.kindNamed(kind),
    quota,
    root,
    creations: creations.filter((one) => addresses.includes(one.address)),
    refused: addresses.filter((address) => saysFull(quota, input.refused.get(address) ?? "")),
  }));
}

/** What is to be made, and what is ours, not wanted, and in its way: AWS takes one of the two at a time. */
function exclusionsIn(
  { kindNamed, matching, comparisons, holds }: RoomInput,
  actions: readonly Action[],
): { readonly creation: Create; readonly leaver: ObservedResource; readonly why: string }[] {
  const fieldsAt = new Map(comparisons.map(({ desired, fields }) => [desired.address, fields]));
  return actions.flatMap((creation) => {
    if (!isDoable(creation) || creation.verb !== "create") return [];
    const { address, kind } = creation;
    const root = rootOfWanted(matching, address);
    return matching.surplus
      .filter((one) => one.kind === kind && one.parent !== undefined && one.parent === root)
      .filter((one) => holds.on(surplusAddress(one.id)) === undefined)
      .flatMap((leaver) => {
        const why = kindNamed(kind).excludedBy?.(fieldsAt.get(address) ?? {}, leaver);
        return why === undefined ? [] : [{ creation, leaver, why }];
      });
  });
}

/** What is to be made, and for which there is no place. */
function placeless(input: RoomInput, { kind, quota, root, creations, refused }: Place): Comparison[] {
  const { resources } = input.observation;
  const there = resources.filter((one) => one.kind === kind.name && rootOf(resources, one) === root).length;
  const free = isOfRegion(quota) ? Number.POSITIVE_INFINITY : Math.max(0, input.quotas[quota].most - there);
  const without = creations.slice(refused.length > 0 ? 0 : free).map(({ address }) => address);
  const addresses = new Set([...refused, ...without]);
  return input.comparisons.filter(({ desired }) => addresses.has(desired.address));
}

/** What is ours, not wanted, and may go now; first what sends no requests to anybody. */
function leaversOf(input: RoomInput, { kind, quota, root }: Place): ObservedResource[] {
  const { matching, observation, holds } = input;
  const targetSets = new Set(
    observation.resources.flatMap(({ id, targetSet }) => (targetSet === undefined ? [] : [id])),
  );
  const harm = ({ refersTo }: ObservedResource) => (refersTo.some((id) => targetSets.has(id)) ? 1 : 0);
  return matching.surplus
    .filter((one) => one.kind === kind.name && one.lifecycle !== "deleting")
    .filter((one) => (isOfRegion(quota) ? isIdle(input, one) : rootOf(observation.resources, one) === root))
    .filter((one) => holds.on(surplusAddress(one.id)) === undefined)
    .sort((a, b) => harm(a) - harm(b));
}

/** Nobody uses it or is to take over from it. What serves does not go for want of room. */
function isIdle({ observation, handover }: RoomInput, { id }: ObservedResource): boolean {
  const isUsed = observation.resources.some(
    (user) => user.id !== id && user.parent !== id && user.refersTo.includes(id),
  );
  return !isUsed && handover(id).length === 0;
}

function rootOf(resources: readonly ObservedResource[], { id, parent }: ObservedResource): string {
  const above = resources.find((other) => other.id === parent);
  return above === undefined ? (parent ?? id) : rootOf(resources, above);
}

/** Id of the topmost resource that it is to sit on; `undefined` while that is not there. */
function rootOfWanted({ current }: Pick<Matching, "current">, address: Address): string | undefined {
  const above = parentOf(address);
  if (above === "") return undefined;
  return rootOfWanted({ current }, above) ?? current.get(above)?.id;
}

function fullText({ quotas }: RoomInput, { quota }: Place): string {
  return `${quotaText(quota, quotas[quota])} is full`;
}

/** The leaver that AWS can turn into what is wanted with the fewest changes. */
function becoming(
  input: RoomInput,
  place: Place,
  comparison: Comparison,
  leavers: readonly ObservedResource[],
): { readonly leaver: ObservedResource; readonly update: Update } | undefined {
  const { desired, fields } = comparison;
  const declared = Object.fromEntries(
    Object.entries(fields).filter(([field]) => desired.fields[field] !== undefined && !isTag(field)),
  );
  const [best] = leavers
    .flatMap((leaver) => {
      const differences = differencesOf(place.kind, declared, leaver.fields, undefined);
      const calls = place.kind.become?.({ desired, fields, observed: leaver, differences });
      return calls === undefined || calls.length === 0 ? [] : [{ leaver, differences, calls }];
    })
    .sort((a, b) => a.differences.length - b.differences.length);
  if (best === undefined) return undefined;
  const { leaver, differences, calls } = best;
  const { address, kind, name } = desired;
  const reason = `${fullText(input, place)}: ${leaver.name} becomes it`;
  return {
    leaver,
    update: { verb: "update", address, kind, name, id: leaver.id, reason, differences, calls, renames: true },
  };
}

function waiting(quota: string, { address, kind, name, reason }: Create): Wait {
  const until = [{ because: "no room", quota } as const];
  return { verb: "wait", to: "create", address, kind, name, reason, differences: [], until };
}

/** `undefined` while AWS is at work on that. */
function leaving(
  why: string,
  rules: KindRules,
  address: Address,
  leaver: ObservedResource,
): Delete | undefined {
  const { calls, isLast } = rules.remove(leaver, false);
  if (calls.length === 0) return undefined;
  const { id, kind, name } = leaver;
  const reason = `${why}: it makes room for ${address} first`;
  return { verb: "delete", address: surplusAddress(id), kind, name, id, reason, calls, isLast };
}
