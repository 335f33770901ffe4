/**
 * The record of what was applied to a resource goes with the resource: where that has another address from now on, or its
 * former one again, its record stands there. See core/renames.ts.
 */
import { type Address, surplusAddress } from "../model/address.ts";
import type { AppliedResource } from "../ports.ts";
import { UNKNOWN } from "./consistency/drift.ts";
import type { Observation } from "./core/observation.ts";
import type { DesiredResource, Fields, ObservedResource } from "./core/resource.ts";

/** The record of something that is the same resource in AWS and has another address in the spec. */
export interface MovedRecord {
  readonly from: Address;
  readonly row: AppliedResource;
}

/**
 * Records that stand where their resource is not, and are wanted where it is.
 * @param indeterminate addresses with a call of ours whose effect is not known → until when it was under way
 */
export function movedRecords(
  rows: ReadonlyMap<Address, AppliedResource>,
  desired: readonly Pick<DesiredResource, "address" | "name">[],
  current: ReadonlyMap<Address, Pick<ObservedResource, "id" | "kind">>,
  indeterminate: ReadonlyMap<Address, number>,
): MovedRecord[] {
  const meant = new Set([...current.values()].map(({ id }) => id));
  const wanted = new Set(desired.map(({ address }) => address));
  const left = [...rows.values()].filter(
    ({ address, id }) => !wanted.has(address) || current.get(address)?.id !== id,
  );
  return desired.flatMap(({ address, name }): MovedRecord[] => {
    const now = current.get(address);
    if (now === undefined) return [];
    // It was to be replaced, and is not any more.
    const kept = rows.get(surplusAddress(now.id));
    if (kept === undefined && rows.get(address)?.name === name) return [];
    const row = kept ?? left.find(({ kind, id }) => kind === now.kind && id === now.id);
    if (row === undefined || row.address === address) return [];
    const known = (one: AppliedResource) => withoutUnanswered(one, indeterminate.get(one.address));
    const there = rows.get(address);
    // What was made in its place is what is to be replaced from now on, and has its record where that has it.
    const displaced =
      there?.id === undefined || meant.has(there.id)
        ? []
        : [{ from: address, row: { ...known(there), address: surplusAddress(there.id) } }];
    return [...displaced, { from: row.address, row: { ...known(row), address, name } }];
  });
}

/** The rows, with those that have moved where they stand now. */
export function withMoved(
  rows: ReadonlyMap<Address, AppliedResource>,
  moved: readonly MovedRecord[],
): ReadonlyMap<Address, AppliedResource> {
  const froms = new Set(moved.map(({ from }) => from));
  return new Map([
    ...[...rows].filter(([address]) => !froms.has(address)),
    ...moved.map(({ row }) => [row.address, row] as const),
  ]);
}

/**
 * The call was sent for the former address: at the new one nobody would know of it. It counts there as an answered one of
 * which nothing is known, and what it was to write shows for a while what it showed before, or not.
 */
function withoutUnanswered(row: AppliedResource, sentUntilMs: number | undefined): AppliedResource {
  if (sentUntilMs === undefined) return row;
  const written = Object.keys(row.unseen ?? {}).map((field) => [field, UNKNOWN] as const);
  return {
    ...row,
    fields: { ...row.fields, ...Object.fromEntries(written) },
    writtenAtMs: Math.max(row.writtenAtMs, sentUntilMs),
  };
}

/** What was applied to a resource of another name says nothing of this one. */
export function appliedFieldsOf(
  desired: readonly DesiredResource[],
  rows: ReadonlyMap<Address, AppliedResource>,
  { resources }: Observation,
): ReadonlyMap<Address, Fields> {
  const places = [
    ...desired,
    // What is to be replaced has its record at the address of its id.
    ...resources.map(({ id, name }) => ({ address: surplusAddress(id), name })),
  ];
  return new Map(
    places.flatMap(({ address, name }) => {
      const row = rows.get(address);
      return row?.name === name ? [[address, row.fields] as const] : [];
    }),
  );
}
