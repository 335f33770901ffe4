/** Two revisions, field by field. Pure. */
import { isSameLookup, type ResolvedLookup } from "../../model/lookups.ts";
import type { Revision, RevisionDifference } from "../../model/revision.ts";
import { isRecord, type Value, valuesEqual } from "../../model/value.ts";

type Side = Pick<Revision, "spec" | "lookups">;

/** By what an item of a list is the same one in two specs. */
const KEYS: Readonly<Record<string, string>> = { listeners: "port", rules: "name" };

/**
 * @param withoutSecrets shows a spec with digests in place of its secrets: what is told are those, and what is compared is
 * what they stand for
 */
export function differencesBetween(
  before: Side,
  after: Side,
  withoutSecrets: (spec: Record<string, unknown>) => Record<string, unknown>,
): RevisionDifference[] {
  return [
    ...differing(
      "spec",
      { is: before.spec, shown: withoutSecrets(before.spec) },
      { is: after.spec, shown: withoutSecrets(after.spec) },
    ),
    ...lookupDifferences(before.lookups, after.lookups),
  ];
}

/** A value, and how it is told. */
interface Told {
  readonly is: unknown;
  readonly shown: unknown;
}

function differing(path: string, before: Told, after: Told): RevisionDifference[] {
  if (valuesEqual(before.is as Value | undefined, after.is as Value | undefined)) return [];
  const [old, next] = [before.shown, after.shown];
  if (isRecord(old) && isRecord(next) && isRecord(before.is) && isRecord(after.is)) {
    const names = [...new Set([...Object.keys(before.is), ...Object.keys(after.is)])];
    return names.flatMap((name) =>
      differing(memberPath(path, name), memberOf(before, name), memberOf(after, name)),
    );
  }
  const key = KEYS[path.slice(path.lastIndexOf(".") + 1)];
  if (key !== undefined && Array.isArray(old) && Array.isArray(next)) {
    const [ones, others] = [itemsOf(before, key), itemsOf(after, key)];
    const keys = [...new Set([...ones.keys(), ...others.keys()])];
    return keys.flatMap((name) =>
      differing(`${path}[${key}=${name}]`, ones.get(name) ?? NOTHING, others.get(name) ?? NOTHING),
    );
  }
  return [
    {
      path,
      change: before.is === undefined ? "added" : after.is === undefined ? "removed" : "changed",
      ...(before.is === undefined ? {} : { before: old as Value }),
      ...(after.is === undefined ? {} : { after: next as Value }),
    },
  ];
}

const NOTHING: Told = { is: undefined, shown: undefined };

function memberOf({ is, shown }: Told, name: string): Told {
  const of = (value: unknown) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  return { is: of(is), shown: of(shown) };
}

function itemsOf({ is, shown }: Told, key: string): Map<string, Told> {
  const [items, told] = [is, shown] as [unknown[], unknown[]];
  return new Map(
    items.map((item, index) => [
      String(isRecord(item) ? item[key] : index),
      { is: item, shown: told[index] },
    ]),
  );
}

function memberPath(path: string, name: string): string {
  return /[.[\]]/.test(name) ? `${path}[${JSON.stringify(name)}]` : `${path}.${name}`;
}

/** What is looked up alike, and stood for something else. */
function lookupDifferences(
  before: readonly ResolvedLookup[],
  after: readonly ResolvedLookup[],
): RevisionDifference[] {
  return after.flatMap((lookup): RevisionDifference[] => {
    const same = before.filter((one) => isSameLookup(one, lookup));
    const known = same.find(({ path }) => path === lookup.path) ?? same[0];
    if (known === undefined || valuesEqual(known.value, lookup.value)) return [];
    return [
      { path: lookup.path, change: "changed", before: known.value, after: lookup.value, isLookup: true },
    ];
  });
}
