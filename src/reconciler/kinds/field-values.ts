/**
 * Resolved fields as the types that their kind gives them. Comparison knows values only; where a call is made from them,
 * the schema or the kind's own `observed` has decided what they are. A value of another type is a bug of ours: all throw.
 */
import type { Value } from "../../model/value.ts";
import type { Fields } from "../core/resource.ts";

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : wrong(name, value);
}

export function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name);
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === "number" ? value : wrong(name, value);
}

export function optionalNumber(fields: Fields, name: string): number | undefined {
  return fields[name] === undefined ? undefined : number(fields, name);
}

export function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  return typeof value === "boolean" ? value : wrong(name, value);
}

/** One of the schema's choices. */
export function choice<T extends string>(fields: Fields, name: string, choices: readonly T[]): T {
  return oneOf(fields, name, choices) ?? wrong(name, fields[name]);
}

/** One of the schema's choices; `undefined` for what AWS has beside them. */
export function oneOf<T extends string>(fields: Fields, name: string, choices: readonly T[]): T | undefined {
  return choices.find((candidate) => candidate === fields[name]);
}

export function texts(fields: Fields, name: string): string[] {
  return asList(fields[name], name).map((item) => (typeof item === "string" ? item : wrong(name, item)));
}

/** Empty where there is none. */
export function textsIfAny(fields: Fields, name: string): string[] {
  return fields[name] === undefined ? [] : texts(fields, name);
}

export function record(fields: Fields, name: string): Fields {
  return asRecord(fields[name], name);
}

export function records(fields: Fields, name: string): Fields[] {
  return asRecords(fields[name], name);
}

export function asRecord(value: Value | undefined, name: string): Fields {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return wrong(name, value);
  return value;
}

export function asRecords(value: Value | undefined, name: string): Fields[] {
  return asList(value, name).map((item) => asRecord(item, name));
}

function asList(value: Value | undefined, name: string): Value[] {
  return Array.isArray(value) ? value : wrong(name, value);
}

/** Says what type was there and not the value, which may be a secret. */
function wrong(name: string, value: Value | undefined): never {
  throw new Error(
    `the field ${name} is ${value === null ? "null" : typeof value}, which its kind never makes it`,
  );
}
