import type { Draft } from "../../reconciler/world.ts";

/** One way to break one rule of admission, and what is just inside of it. */
export interface Row {
  /** Where the fault is told, below `spec`. */
  readonly at: string;
  /**
   * What the account says no to: the id of its refusal, or its words where it has none. A rule of Holdfast's own has
   * nothing of the kind.
   */
  readonly refusal: string | RegExp | "ours";
  readonly broken: (spec: Draft) => void;
  readonly inside: (spec: Draft) => void;
  /** The product has no form for a call like this: only the contract's own case of the refusal shows it. */
  readonly isFormless: boolean;
}

interface More {
  /** The field that is given, where the fault is told of another one. */
  readonly set?: string;
  /** What stands beside it. */
  readonly beside?: Readonly<Record<string, unknown>>;
  readonly isFormless?: boolean;
}

/** `bad` breaks the rule and `good` is just inside of it; `undefined` takes the field out. */
export function row(
  at: string,
  refusal: Row["refusal"],
  bad: unknown,
  good: unknown,
  { set = at, beside = {}, isFormless = false }: More = {},
): Row {
  const change = (value: unknown) => (spec: Draft) => {
    for (const [path, other] of Object.entries(beside)) put(spec, path, other);
    put(spec, set, value);
  };
  return { at, refusal, broken: change(bad), inside: change(good), isFormless };
}

/** A row whose call the product has no form for. */
export function formless(one: Row): Row {
  return { ...one, isFormless: true };
}

/** A number or a length that has bounds: both of them. */
export function bounds(
  at: string,
  refusal: Row["refusal"],
  least: number,
  most: number,
  more: More = {},
): Row[] {
  return [row(at, refusal, least - 1, least, more), row(at, refusal, most + 1, most, more)];
}

/** Gives a field of a spec a value: `loadBalancer.listeners[1].port`, `attributes["a.b"]`. */
function put(spec: object, path: string, value: unknown): void {
  const steps = [...path.matchAll(/\["([^"]+)"\]|[^.[\]]+/g)].map(([step, quoted]) => quoted ?? step);
  const last = steps.pop()!;
  const parent = steps.reduce<Record<string, unknown>>(
    (node, step) => {
      node[step] ??= {};
      return node[step] as Record<string, unknown>;
    },
    spec as Record<string, unknown>,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = structuredClone(value);
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const long = (length: number): string => "x".repeat(length);

/** So many members by name. */
export const many = <T>(count: number, value: T): Record<string, T> =>
  Object.fromEntries(times(count, (index) => [`k${index}`, value]));
