/** What stands in a spec where it has a lookup. */
import { isSameLookup, type LookupKind, type ResolvedLookup } from "../../../model/lookups.ts";
import { canonicalJson, isRecord } from "../../../model/value.ts";
import { type Lookup, lookupsIn, valueAt, withValues } from "./places.ts";

/**
 * The spec with what its lookups stand for.
 * @throws Error for one that nothing is known of: it is resolved before it is stored
 */
export function resolvedSpec(schema: object, spec: unknown, resolved: readonly ResolvedLookup[]): unknown {
  return withValues(
    spec,
    lookupsIn(schema, spec).map((lookup) => {
      const known = answerFor(lookup, resolved);
      if (known === undefined) throw new Error(`the lookup at ${lookup.path} was never resolved`);
      return { steps: lookup.steps, value: known.value };
    }),
  );
}

/** What is known of a lookup, at its own place before others. */
function answerFor(lookup: Lookup, resolved: readonly ResolvedLookup[]): ResolvedLookup | undefined {
  const same = resolved.filter((one) => isSameLookup(one, lookup));
  return same.find(({ path }) => path === lookup.path) ?? same[0];
}

/**
 * The spec as far as it can be judged before AWS is asked: where nothing is known of a lookup, what the stored spec has at
 * its place, and otherwise what any answer would look like.
 */
export function presumedSpec(
  spec: unknown,
  lookups: readonly Lookup[],
  known: readonly ResolvedLookup[],
  stored: unknown,
): unknown {
  const region = isRecord(spec) && typeof spec.region === "string" ? spec.region : "";
  const distinct = [...new Set(lookups.map(({ asked }) => canonicalJson(asked)))];
  return withValues(
    spec,
    lookups.map((lookup) => {
      const { steps, kind, asked } = lookup;
      const before = valueAt(stored, steps);
      const isOfPlace = Array.isArray(before) || typeof before === "string";
      const standIn = STAND_INS[kind](region, distinct.indexOf(canonicalJson(asked)));
      return { steps, value: answerFor(lookup, known)?.value ?? (isOfPlace ? before : standIn) };
    }),
  );
}

/** Lookups that ask for the same are the same; two that do not are taken to find two things. */
const STAND_INS: Readonly<Record<LookupKind, (region: string, index: number) => string | string[]>> = {
  image: () => "ami-lookup",
  vpc: () => "vpc-lookup",
  subnets: (_region, index) => [`subnet-lookup${index}a`, `subnet-lookup${index}b`],
  securityGroups: () => ["sg-lookup"],
  certificate: (region, index) => `arn:aws:acm:${region}:000000000000:certificate/lookup-${index}`,
  instanceProfile: () => "arn:aws:iam::000000000000:instance-profile/lookup",
  topic: (region, index) => `arn:aws:sns:${region}:000000000000:lookup-${index}`,
};
