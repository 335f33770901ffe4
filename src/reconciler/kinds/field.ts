/**
 * The annotation that makes the schema the registry: for each field its AWS name, how it changes and who owns it.
 * Comparison, calls, plan text, the coverage test and the field reference in the docs are derived from it.
 */
import { capitalised, decapitalised } from "../../model/text/first-letter.ts";
import type { Value } from "../../model/value.ts";
import type { OperationName } from "../../ports.ts";
import { setOf, sortedSet } from "../core/references.ts";
import type { Fields } from "../core/resource.ts";

/**
 * - `enforce`: kept as declared.
 * - `initial`: used when the resource is made, then left to AWS.
 * - `structure`: a map or list of other resources.
 * - `identity`: the name by which AWS knows it, and by which it is matched; never compared.
 */
type FieldOwner = "enforce" | "initial" | "structure" | "identity";

export interface FieldMeta {
  /** AWS's name in the API, as a path: `Matcher.HttpCode`. */
  readonly aws: string;
  /** The call that changes it in place; `replace`: a new resource takes over from the old one. */
  readonly change: OperationName | "replace" | "never";
  readonly owner?: FieldOwner;
  /** The order of its items means nothing. */
  readonly set?: true;
  /** A list of records, whose members AWS spells with a capital: they are turned on the way in and out. */
  readonly records?: true;
  /** Compared, stored and shown as a digest. */
  readonly secret?: true;
  /**
   * What it means when AWS's answer leaves the member out: the default that its reference documents. The reference calls
   * nearly every member of an answer optional.
   */
  readonly absent?: Value;
}

/** Name of the annotation in the JSON Schema. */
export const META = "x-holdfast";

/** Options for a TypeBox constructor: `Type.Integer({ ...aws("Port", "replace"), minimum: 1 })`. */
export function aws(
  name: string,
  change: FieldMeta["change"],
  more: Omit<FieldMeta, "aws" | "change"> = {},
): { [META]: FieldMeta } {
  return { [META]: { aws: name, change, ...more } };
}

/** Name of the annotation of a part that is compared with what it is a part of: see {@link absentAs}. */
export const ABSENT = "x-holdfast-absent";

/** {@link FieldMeta.absent} for a part of a field: what AWS takes it for when it is not given. */
export function absentAs(value: Value): { [ABSENT]: Value } {
  return { [ABSENT]: value };
}

/** A JSON Schema, as far as the registry reads it. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly [META]?: FieldMeta;
}

export interface FieldInfo extends FieldMeta {
  /** Path in the spec of the resource, and the name of the field: `healthCheck.path`. */
  readonly path: string;
}

/** The annotated leaves of a resource's schema, in its order. Maps and lists of other resources are not entered. */
export function fieldsOf(schema: object, path: readonly string[] = []): FieldInfo[] {
  const { properties = {} } = schema as SchemaNode;
  return Object.entries(properties).flatMap(([name, member]) => {
    const meta = member[META];
    if (meta === undefined) return fieldsOf(member, [...path, name]);
    const isOfItsOwn = meta.owner === "structure" || meta.owner === "identity";
    return isOfItsOwn ? [] : [{ ...meta, path: [...path, name].join(".") }];
  });
}

/** The fields that a spec declares, for the leaves whose comparison needs no code of their own. */
export function fieldsFromSpec(infos: readonly FieldInfo[], spec: unknown): Fields {
  const fields: Fields = {};
  for (const info of infos) {
    const value = memberAt(spec, info.path);
    if (value !== undefined) fields[info.path] = info.set ? setOf(value as Value[]) : (value as Value);
  }
  return fields;
}

/** The same leaves read from AWS's answer. What AWS left out has the default that it documents, if any. */
export function fieldsFromAws(infos: readonly FieldInfo[], answer: unknown): Fields {
  return { ...absentFields(infos), ...statedFields(infos, answer) };
}

/** What AWS's answer means without a word of them. */
export function absentFields(infos: readonly FieldInfo[]): Fields {
  return Object.fromEntries(
    infos.flatMap(({ path, absent }) => (absent === undefined ? [] : [[path, absent] as const])),
  );
}

/** The leaves that AWS's answer states. */
export function statedFields(infos: readonly FieldInfo[], answer: unknown): Fields {
  const fields: Fields = {};
  for (const info of infos) {
    const value = memberAt(answer, info.aws);
    if (value === undefined || value === null) continue;
    if (info.records) fields[info.path] = renamed(value, decapitalised);
    else fields[info.path] = info.set ? sortedSet(value as Value[]) : (value as Value);
  }
  return fields;
}

/** The part of an AWS input that carries these fields under AWS's names. */
export function inputFrom(infos: readonly FieldInfo[], fields: Fields): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const info of infos) {
    const value = fields[info.path];
    if (value !== undefined)
      setMember(input, info.aws.split("."), info.records ? renamed(value, capitalised) : value);
  }
  return input;
}

/** Records under names that are spelt otherwise, those within them too; without members that are undefined. */
function renamed(value: unknown, nameOf: (name: string) => string): Value {
  if (Array.isArray(value)) return value.map((item) => renamed(item, nameOf));
  if (value === null || typeof value !== "object") return value as Value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .map(([name, member]) => [nameOf(name), renamed(member, nameOf)]),
  );
}

function memberAt(value: unknown, path: string): unknown {
  let member = value;
  for (const name of path.split(".")) {
    if (member === null || typeof member !== "object") return undefined;
    member = (member as Record<string, unknown>)[name];
  }
  return member;
}

/** Sets what stands at a path, with the maps on the way to it. */
export function setMember(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = (target[name] ?? {}) as Record<string, unknown>;
  target[name] = inner;
  setMember(inner, rest, value);
}
