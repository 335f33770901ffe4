/**
 * The one place where what differs is told apart from what is acted on. What is left to others is wanted as it is: it
 * differs in nothing, no cutover fights it, and every call that replaces a whole object carries it.
 */
import type { Address } from "../../model/address.ts";
import { isSecretDigest } from "../../model/secrets.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import { differencesOf } from "./diff.ts";
import { type DriftRules, type Spoken, spokenOf } from "./drift-rules.ts";
import type { KindNamed, KindRules } from "./kind-rules.ts";
import { OWN_TAGS } from "./names.ts";
import {
  addressesIn,
  type Lookup,
  type Reference,
  referencesIn,
  refTo,
  resolved,
  resolvedFields,
} from "./references.ts";
import type { DesiredResource, Difference, Fields, ObservedResource } from "./resource.ts";
import { tagField } from "./tags.ts";

/** A field that others have, at the moment or for good. */
export interface LeftField {
  readonly field: string;
  /** Only what is to be reported is recorded as drift. */
  readonly isReported: boolean;
  /** What leaves it to them: a rule of the spec, or what others have set up in AWS. */
  readonly by: string;
  /** What the spec asks for; undefined where it asks for nothing, or waits for another resource. */
  readonly wanted: Value | undefined;
  /** What AWS has, or had when it was last seen. */
  readonly live: Value | undefined;
}

/** What is remembered of a resource, under whatever name it had. */
interface LeftRecord {
  readonly fields: Fields;
  /** Field → last live value of what was left to others; siblings by reference. */
  readonly left?: Fields;
}

export interface LeftInput {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly current: ReadonlyMap<Address, ObservedResource>;
  /** Address → fields last applied to what stands there. */
  readonly applied: ReadonlyMap<Address, Fields>;
  readonly records: ReadonlyMap<Address, LeftRecord>;
  readonly rules: DriftRules;
  /** Whether a difference is a write of ours that AWS has taken and no read has shown: nobody has moved it. */
  readonly isUnseen: (address: Address, field: string, wanted: Value) => boolean;
  /** Whether a person wants what is only reported put right this once. */
  readonly isToBeCorrected?: (address: Address, field: string) => boolean;
}

export interface LeftToOthers {
  /** With live values in place of what is left to others. */
  readonly desired: readonly DesiredResource[];
  readonly left: ReadonlyMap<Address, readonly LeftField[]>;
}

export function leftToOthers(input: LeftInput): LeftToOthers {
  const { desired, current } = input;
  const left = new Map<Address, readonly LeftField[]>();
  const lookup: Lookup = (address, attribute) => current.get(address)?.attributes[attribute];
  const settled = desired.map((resource) => {
    const there = current.get(resource.address);
    const isThere = there !== undefined && there.lifecycle !== "deleting";
    const fields = isThere ? leftOf(input, resource, there, lookup) : carriedInto(input, resource, lookup);
    if (fields.length === 0) return resource;
    left.set(resource.address, fields);
    return withLive(resource, fields, there);
  });
  return { desired: settled.map((resource) => followingOthers(input, resource, left, lookup)), left };
}

function withLive(
  resource: DesiredResource,
  left: readonly LeftField[],
  there: ObservedResource | undefined,
): DesiredResource {
  const fields = { ...resource.fields };
  for (const { field, live } of left) {
    if (live === undefined) delete fields[field];
    else fields[field] = live;
  }
  const secrets = { ...there?.secrets, ...resource.secrets };
  return { ...resource, fields, ...(Object.keys(secrets).length === 0 ? {} : { secrets }) };
}

function leftOf(
  input: LeftInput,
  resource: DesiredResource,
  there: ObservedResource,
  lookup: Lookup,
): LeftField[] {
  const { rules } = input;
  if (rules.policy === "Correct" && rules.rules.length === 0 && there.keptBy === undefined) return [];
  const { address, kind: kindName } = resource;
  const kind = input.kindNamed(kindName);
  const record = input.applied.get(address);
  const { fields, waiting } = resolvedFields(resource.fields, lookup);
  const differences = new Map(
    differencesOf(kind, fields, there.fields, record, waiting).map((item) => [item.field, item]),
  );
  const found = [...new Set([...Object.keys(resource.fields), ...differences.keys()])].flatMap((field) => {
    if (!canBeLeft(kind, field)) return [];
    const spoken = spokenOf(rules, address, namesOf(kind, field));
    const one = { field, wanted: fields[field], live: there.fields[field] };
    if (spoken.policy === "Ignore") return [{ ...one, by: spoken.by, isReported: false }];
    const difference = differences.get(field);
    if (difference === undefined || isEdit(input, address, difference, fields)) return [];
    if (spoken.policy === "Report") {
      if (input.isToBeCorrected?.(address, field) === true) return [];
      return [{ ...one, by: spoken.by, isReported: true }];
    }
    const keeper = there.keptBy?.[field];
    return keeper === undefined ? [] : [{ ...one, by: keeper, isReported: false }];
  });
  return withAuthor(kind, resource, there, found);
}

/** Our tags say whose it is; what no call of ours can carry would be lost with the next one. */
export function canBeLeft(kind: KindRules, field: string): boolean {
  return !OWN_TAGS.some((name) => field === tagField(name)) && kind.isLost?.(field) !== true;
}

function namesOf(kind: KindRules, field: string): string[] {
  return [field, ...(kind.inSpec?.(field) ?? [])];
}

/**
 * Whether it is the spec that moved. Where nothing is known of what was applied (the database is lost), nobody knows
 * either; then it is left.
 */
function isEdit(
  { applied, isUnseen }: LeftInput,
  address: Address,
  { field, desired: wanted }: Difference,
  fields: Fields,
): boolean {
  const record = applied.get(address);
  if (record === undefined) return false;
  if (isUnseen(address, field, wanted)) return true;
  const last = record[field];
  // What the spec does not declare and nobody has ever written has come from somebody else.
  if (last === undefined) return fields[field] !== undefined;
  return !valuesEqual(last, wanted);
}

/** Whoever has what is left to them may have made it anew with it: that it is theirs is no difference then. */
function withAuthor(
  { authorField }: KindRules,
  { fields }: DesiredResource,
  there: ObservedResource,
  left: readonly LeftField[],
): LeftField[] {
  const isLeft = left.some(({ field }) => field === authorField);
  const [first] = left;
  if (authorField === undefined || first === undefined || isLeft) return [...left];
  return [
    ...left,
    {
      field: authorField,
      isReported: false,
      by: first.by,
      wanted: fields[authorField],
      live: there.fields[authorField],
    },
  ];
}

/**
 * What is made anew has what its predecessor had, unless the spec has moved since: also by no longer asking for what that
 * referred to, which is not there to be referred to again.
 */
function carriedInto(
  { kindNamed, rules, records, desired }: LeftInput,
  { address, kind: kindName, fields, secrets = {} }: DesiredResource,
  lookup: Lookup,
): LeftField[] {
  const record = records.get(address);
  if (record === undefined) return [];
  const kind = kindNamed(kindName);
  return Object.entries(record.left ?? {}).flatMap(([field, live]) => {
    const spoken: Spoken = spokenOf(rules, address, namesOf(kind, field));
    if (spoken.policy === "Correct" || isSecretUnknown(live, secrets)) return [];
    if (addressesIn(live).some((of) => desired.every((one) => one.address !== of))) return [];
    const asked = fields[field];
    const wanted = resolved(asked, lookup);
    // A reference to what is made anew as well says something else each time, and means the same.
    const isMoved = addressesIn(asked).length === 0 && !valuesEqual(wanted, record.fields[field]);
    if (spoken.policy === "Report" && isMoved) return [];
    return [{ field, by: spoken.by, isReported: spoken.policy === "Report", wanted, live }];
  });
}

/** Only the digest of a secret is remembered. */
function isSecretUnknown(value: Value, secrets: Readonly<Record<string, string>>): boolean {
  if (typeof value === "string") return isSecretDigest(value) && secrets[value] === undefined;
  return Object.values(value ?? {}).some((member) => isSecretUnknown(member, secrets));
}

/**
 * What others have made of a resource is theirs to roll out: what refers to it keeps what it has, until a write of ours
 * has made it ours again.
 */
function followingOthers(
  { kindNamed, current }: LeftInput,
  resource: DesiredResource,
  left: Map<Address, readonly LeftField[]>,
  lookup: Lookup,
): DesiredResource {
  const there = current.get(resource.address);
  if (there === undefined) return resource;
  const isOthers = ({ address, attribute }: Reference) => {
    const source = current.get(address);
    if (source === undefined) return false;
    const { authorField, volatileAttributes } = kindNamed(source.kind);
    const isMade = left
      .get(address)
      ?.some(({ field, wanted, live }) => field === authorField && !valuesEqual(wanted, live));
    return isMade === true && volatileAttributes?.includes(attribute) === true;
  };
  const followed = Object.entries(resource.fields).flatMap(([field, value]): LeftField[] => {
    const source = referencesIn(value).find(isOthers);
    const live = there.fields[field];
    if (source === undefined || live === undefined) return [];
    const wanted = resolved(value, lookup);
    if (valuesEqual(wanted, live)) return [];
    return [{ field, isReported: false, by: `what others have made of ${source.address}`, wanted, live }];
  });
  if (followed.length === 0) return resource;
  left.set(resource.address, [...(left.get(resource.address) ?? []), ...followed]);
  return withLive(resource, followed, there);
}

/** What is remembered of a live value: AWS's ids of siblings as references, for those may be made anew as well. */
export function withReferences(value: Value, current: ReadonlyMap<Address, ObservedResource>): Value {
  if (typeof value === "string") {
    const found = [...current].find(([, { attributes }]) => attributes.arn === value);
    return found === undefined ? value : refTo(found[0], "arn");
  }
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => withReferences(item, current));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withReferences(member, current)]),
  );
}
