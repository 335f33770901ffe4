/** Checks of what a row holds: small functions that answer with a fault, or with nothing. */

import { isRecord } from "../model/value.ts";

/**
 * Answers what is wrong with `value`, as it follows the value's path: ` is not a text`, `[3].reason is missing`;
 * `undefined` when it is as promised. Paths are put together on the way out of a fault: nearly no value has one.
 */
export type Shape = (value: unknown) => string | undefined;

function kindOf(what: string, holds: (value: unknown) => boolean): Shape {
  return (value) => (holds(value) ? undefined : ` is not ${what}`);
}

export const text: Shape = kindOf("a text", (value) => typeof value === "string");
export const number: Shape = kindOf("a number", (value) => typeof value === "number");
export const truth: Shape = kindOf("true or false", (value) => typeof value === "boolean");
export const anyValue: Shape = (value) => (value === undefined ? " is missing" : undefined);

export function oneOf(...allowed: readonly string[]): Shape {
  return kindOf(
    `one of ${allowed.join(", ")}`,
    (value) => typeof value === "string" && allowed.includes(value),
  );
}

export function listOf(item: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return " is not a list";
    for (let index = 0; index < value.length; index += 1) {
      const fault = item(value[index]);
      if (fault !== undefined) return `[${index}]${fault}`;
    }
    return undefined;
  };
}

export function mapOf(item: Shape): Shape {
  return (value) => {
    if (!isRecord(value)) return " is not a map";
    for (const name of Object.keys(value)) {
      const fault = item(value[name]);
      if (fault !== undefined) return `.${name}${fault}`;
    }
    return undefined;
  };
}

/** A map with these members; members that are not named here are let be. */
export function record(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  const all = [
    ...Object.entries(required).map(([name, shape]) => ({ name, shape, isRequired: true })),
    ...Object.entries(optional).map(([name, shape]) => ({ name, shape, isRequired: false })),
  ];
  return (value) => {
    if (!isRecord(value)) return " is not a map";
    for (const { name, shape, isRequired } of all) {
      const member = value[name];
      if (member === undefined && !isRequired) continue;
      const fault = member === undefined ? " is missing" : shape(member);
      if (fault !== undefined) return `.${name}${fault}`;
    }
    return undefined;
  };
}
