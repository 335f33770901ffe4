/**
 * By what we know our own again: the row that is written with the answer of a create, and when a read shows something
 * where it is wanted, with our tag. It goes with a release, and when no list has shown the resource for a while. A service
 * that is only observed writes down what it sees where it is wanted, and no more follows from that.
 */
import { surplusAddress } from "../model/address.ts";
import { isOnlyObserved, type ObjectKey } from "../model/object.ts";
import type { MadeResource, Origin, Store } from "../ports.ts";
import { CONFIRMATION_MS, isSettling } from "./consistency/drift.ts";
import type { Doable } from "./core/actions.ts";
import { isOurs } from "./core/belonging/mandate.ts";
import { keyOf } from "./core/belonging/ownership.ts";
import { foreignAmong } from "./core/foreign-fields.ts";
import { isListed } from "./core/observation.ts";
import type { DesiredResource, ObservedResource } from "./core/resource.ts";
import { kindNamed } from "./kinds/registry.ts";
import type { Pass } from "./pass.ts";

interface Writing {
  readonly store: Store;
  readonly service: ObjectKey;
  readonly generation: number;
  readonly nowMs: () => number;
}

/** After a call that AWS has answered, in one commit with the answer. What becomes another resource is that from now on. */
export function rememberMade(
  { store, service, generation, nowMs }: Writing,
  action: Doable,
  desired: DesiredResource | undefined,
  resource: ObservedResource | undefined,
): void {
  const rowOf = (one: Pick<MadeResource, "kind" | "id">) =>
    store.made(service).find((row) => keyOf(row) === keyOf(one));
  switch (action.verb) {
    case "adopt": {
      const row = rowOf(action);
      if (row !== undefined && resource !== undefined)
        store.putMade(service, asAdopted(row, resource, generation, nowMs()));
      return;
    }
    case "release": {
      const row = rowOf(action);
      if (row !== undefined && action.isObserved === true)
        store.putMade(service, asObserved(row, resource, nowMs()));
      else store.removeMade(service, action);
      return;
    }
    case "create":
      if (desired === undefined || resource === undefined) return;
      if (kindNamed(action.kind).idComesWithRead === true) return;
      store.putMade(service, madeOf(desired, resource, nowMs(), "made", store.made(service)));
      return;
    case "update": {
      if (action.renames !== true) return;
      const { address, name } = action;
      const row = rowOf(action);
      if (row !== undefined) store.putMade(service, { ...row, address, name });
      return;
    }
    case "reorder":
    case "delete":
  }
}

/** The row of what is taken over, from now on. */
export function asAdopted(
  row: MadeResource,
  resource: ObservedResource,
  adoptedIn: number,
  sinceMs: number,
): MadeResource {
  const { inherited: _former, ...rest } = row;
  return { ...rest, origin: "adopted", adoptedIn, sinceMs, ...inheritedFrom(resource) };
}

function asObserved(
  row: MadeResource,
  resource: ObservedResource | undefined,
  sinceMs: number,
): MadeResource {
  const { inherited: _former, missingSinceMs: _missing, adoptedIn: _generation, ...rest } = row;
  return { ...rest, origin: "observed", sinceMs, ...(resource === undefined ? {} : inheritedFrom(resource)) };
}

/** The row of what a call has made, or a read has shown. */
export function madeOf(
  desired: DesiredResource,
  resource: ObservedResource,
  sinceMs: number,
  origin: Origin,
  rows: readonly MadeResource[],
): MadeResource {
  const { address, name, takesOver = [] } = desired;
  const { kind, id } = resource;
  return {
    kind,
    id,
    origin,
    name,
    address,
    sinceMs,
    takesOver,
    ...inheritance(desired, resource, origin, rows),
  };
}

/** What is made anew in the place of what was taken over brings along what that had. */
function inheritance(
  { address, name, isPinned }: DesiredResource,
  resource: ObservedResource,
  origin: Origin,
  rows: readonly MadeResource[],
): Pick<MadeResource, "inherited"> {
  if (origin === "observed") return inheritedFrom(resource);
  const former = rows.find(
    (row) => row.kind === resource.kind && row.address === address && row.name === name,
  );
  // The database that knew what it was taken over with is lost.
  if (former === undefined && isPinned === true) return inheritedFrom(resource);
  const members = former?.inherited?.members;
  return members === undefined || Object.keys(members).length === 0 ? {} : { inherited: { members } };
}

/** What the spec cannot hold of it, as it is now. */
function inheritedFrom({
  fields,
  templateVersions,
  attributes,
}: ObservedResource): Pick<MadeResource, "inherited"> {
  const members = foreignAmong(fields);
  const version = templateVersions === undefined ? undefined : attributes.version;
  if (version === undefined && Object.keys(members).length === 0) return {};
  return { inherited: { members, ...(version === undefined ? {} : { version }) } };
}

/** After a read: what is wanted and there is known from now on; what is nowhere to be seen is forgotten. */
export function rememberSeen(store: Store, pass: Pass, nowMs: number): void {
  const { service, compared, moved, observation, indeterminate } = pass;
  const isObserved = isOnlyObserved(pass.object);
  // Who has decided to manage it meanwhile has seen what was written down before, and not what this pass has come upon.
  const isManagedByNow = isObserved && !isOnlyObserved(store.get(service.key) ?? pass.object);
  const rows = new Map(store.made(service.key).map((row) => [keyOf(row), row]));
  const put = (row: MadeResource) => {
    store.putMade(service.key, row);
    rows.set(keyOf(row), row);
  };
  const rename = (
    row: MadeResource | undefined,
    { address, name }: Pick<MadeResource, "address" | "name">,
  ) => {
    if (row !== undefined && (row.address !== address || row.name !== name)) put({ ...row, address, name });
  };
  // Both records go with their resource, also where nothing is said of it because something else could not be read.
  // What has lost its place keeps that here: what stands in it is to be replaced.
  for (const { row } of moved)
    if (row.id !== undefined && row.address !== surplusAddress(row.id))
      rename(rows.get(`${row.kind} ${row.id}`), row);
  for (const { desired, observed } of compared.comparisons) {
    if (observed === undefined) continue;
    const row = rows.get(keyOf(observed));
    const { address, name } = desired;
    const isSeenOnly = isObserved || observed.isBorrowed === true;
    if (row === undefined && isManagedByNow) continue;
    if (row === undefined)
      put(madeOf(desired, observed, nowMs, isSeenOnly ? "observed" : "made", [...rows.values()]));
    else rename(row, desired);
    // Our tags are on it: a call of ours put them there, whose answer was lost, or whoever hands it over.
    const isTakenOver = !isSeenOnly && observed.isToBeAdopted !== true;
    // The service has gone back to being observed meanwhile: what that call put there is to be released.
    const isToBeReleased = isObserved && observed.claim !== undefined && indeterminate.has(address);
    if (row?.origin === "observed" && (isTakenOver || isToBeReleased))
      put(asAdopted({ ...row, address, name }, observed, pass.object.metadata.generation, nowMs));
  }
  const meant = new Set([...compared.matching.current.values()].map(keyOf));
  const shown = new Set(observation.resources.map(keyOf));
  // What was made before the clock went back was made by now at the latest.
  for (const row of rows.values()) {
    if (row.sinceMs > nowMs) store.putMade(service.key, { ...row, sinceMs: nowMs });
    // It was seen where it was wanted, and that holds as long as it is wanted there.
    else if (!isOurs(row) && shown.has(keyOf(row)) && !meant.has(keyOf(row)))
      store.removeMade(service.key, row);
    else forgetIfGone(store, pass, row, nowMs);
  }
}

/** One list may be old or cut short: two, some time apart, are believed. */
function forgetIfGone(
  store: Store,
  { service: { key: service }, observation, desired }: Pass,
  row: MadeResource,
  nowMs: number,
): void {
  const { kind, id, missingSinceMs } = row;
  const isThere =
    observation.resources.some((resource) => resource.kind === kind && resource.id === id) ||
    observation.unreadable.some((item) => item.id === id);
  if (isThere) {
    const { missingSinceMs: _over, ...rest } = row;
    if (missingSinceMs !== undefined) store.putMade(service, rest);
    return;
  }
  if (!isListed(observation, kind) || isSettling(row.sinceMs, nowMs)) return;
  if (missingSinceMs === undefined || missingSinceMs > nowMs)
    store.putMade(service, { ...row, missingSinceMs: nowMs });
  else if (nowMs - missingSinceMs >= CONFIRMATION_MS && !isAwaitedAnew(store.made(service), row, desired))
    store.removeMade(service, row);
}

/** It is to be made anew, with what the spec cannot say and only its row knows. */
function isAwaitedAnew(
  rows: readonly MadeResource[],
  { kind, id, address, name, inherited }: MadeResource,
  desired: readonly DesiredResource[],
): boolean {
  if (inherited === undefined || Object.keys(inherited.members).length === 0) return false;
  const isWanted = desired.some((one) => one.address === address && one.name === name);
  return isWanted && !rows.some((row) => row.kind === kind && row.address === address && row.id !== id);
}
