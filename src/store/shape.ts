/** Checks of what a row holds: small functions that answer with a fault, or with nothing. */

/** Answers what is wrong with `value`, naming `path`; `undefined` when it is as promised. */
export type Shape = (value: unknown, path: string) => string | undefined;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(what: string, holds: (value: unknown) => boolean): Shape {
  return (value, path) => (holds(value) ? undefined : `${path} is not ${what}`);
}

export const text: Shape = kindOf("a text", (value) => typeof value === "string");
export const number: Shape = kindOf("a number", (value) => typeof value === "number");
export const truth: Shape = kindOf("true or false", (value) => typeof value === "boolean");
export const anyValue: Shape = (value, path) => (value === undefined ? `${path} is missing` : undefined);

export function oneOf(...allowed: readonly string[]): Shape {
  return kindOf(
    `one of ${allowed.join(", ")}`,
    (value) => typeof value === "string" && allowed.includes(value),
  );
}

export function listOf(item: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return `${path} is not a list`;
    for (const [index, member] of value.entries()) {
      const fault = item(member, `${path}[${index}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

export function mapOf(item: Shape): Shape {
  return (value, path) => {
    if (!isRecord(value)) return `${path} is not a map`;
    for (const [name, member] of Object.entries(value)) {
      const fault = item(member, `${path}.${name}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** A map with these members; members that are not named here are let be. */
export function record(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  return (value, path) => {
    if (!isRecord(value)) return `${path} is not a map`;
    for (const [name, shape] of Object.entries(required)) {
      const fault =
        value[name] === undefined ? `${path}.${name} is missing` : shape(value[name], `${path}.${name}`);
      if (fault !== undefined) return fault;
    }
    for (const [name, shape] of Object.entries(optional)) {
      const fault = value[name] === undefined ? undefined : shape(value[name], `${path}.${name}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}
