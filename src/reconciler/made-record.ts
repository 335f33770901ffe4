/**
 * By what we know our own again: the row that is written with the answer of a create, and when a read shows something
 * where it is wanted, with our tag. It goes with a release, and when no list has shown the resource for a while.
 */
import type { ObjectKey } from "../model/object.ts";
import type { MadeResource, Store } from "../ports.ts";
import { CONFIRMATION_MS, isSettling } from "./consistency/drift.ts";
import type { Doable } from "./core/actions.ts";
import { isListed, type Observation } from "./core/observation.ts";
import type { DesiredResource, ObservedResource } from "./core/resource.ts";
import { kindNamed } from "./kinds/registry.ts";
import type { Pass } from "./pass.ts";

interface Writing {
  readonly store: Store;
  readonly service: ObjectKey;
  readonly nowMs: () => number;
}

/** After a call that AWS has answered, in one commit with the answer. What becomes another resource is that from now on. */
export function rememberMade(
  { store, service, nowMs }: Writing,
  action: Doable,
  desired: DesiredResource | undefined,
  resource: ObservedResource | undefined,
): void {
  if (action.verb === "release") store.removeMade(service, action);
  if (action.verb === "update" && action.renames === true) {
    const { kind, id, address, name } = action;
    const row = store.made(service).find((one) => one.kind === kind && one.id === id);
    if (row !== undefined) store.putMade(service, { ...row, address, name });
  }
  if (action.verb !== "create" || desired === undefined || resource === undefined) return;
  if (kindNamed(action.kind).idComesWithRead === true) return;
  store.putMade(service, madeOf(desired, resource, nowMs()));
}

function madeOf(
  { address, name, takesOver = [] }: DesiredResource,
  { kind, id }: ObservedResource,
  sinceMs: number,
): MadeResource {
  return { kind, id, name, address, sinceMs, takesOver };
}

/** After a read: what is wanted and there is ours from now on; what is nowhere to be seen is forgotten. */
export function rememberSeen(store: Store, pass: Pass, nowMs: number): void {
  const { service, compared, moved, observation } = pass;
  const rows = new Map(store.made(service.key).map((row) => [`${row.kind} ${row.id}`, row]));
  const rename = (
    row: MadeResource | undefined,
    { address, name }: Pick<MadeResource, "address" | "name">,
  ) => {
    if (row === undefined || (row.address === address && row.name === name)) return;
    const renamed = { ...row, address, name };
    store.putMade(service.key, renamed);
    rows.set(`${row.kind} ${row.id}`, renamed);
  };
  // Both records go with their resource, also where nothing is said of it because something else could not be read.
  for (const { row } of moved) rename(rows.get(`${row.kind} ${row.id}`), row);
  for (const { desired, observed } of compared.comparisons) {
    if (observed === undefined) continue;
    const row = rows.get(`${observed.kind} ${observed.id}`);
    if (row === undefined) store.putMade(service.key, madeOf(desired, observed, nowMs));
    else rename(row, desired);
  }
  // What was made before the clock went back was made by now at the latest.
  for (const row of rows.values())
    if (row.sinceMs > nowMs) store.putMade(service.key, { ...row, sinceMs: nowMs });
    else forgetIfGone(store, service.key, row, observation, nowMs);
}

/** One list may be old or cut short: two, some time apart, are believed. */
function forgetIfGone(
  store: Store,
  service: ObjectKey,
  row: MadeResource,
  observation: Observation,
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
  else if (nowMs - missingSinceMs >= CONFIRMATION_MS) store.removeMade(service, row);
}
