/**
 * The input of a call out of a document that a person wrote, as strict as AWS's clients are before they send one:
 * a parameter that the operation does not have, or that has another type, is refused with its place.
 */
import type { NormalizedSchema } from "@smithy/core/schema";
import { nearest } from "../../model/text/nearest.ts";
import { AwsError } from "../account/aws-error.ts";
import type { ServiceName } from "../services.ts";
import { missingError, operationOf } from "./http.ts";
import { fromTree } from "./json-cbor.ts";
import { missingMember, WIRE_SERVICES } from "./schemas.ts";

/** @throws AwsError as the account answers it over the wire, or `ParamValidation` as a client says it */
export function documentInput(name: ServiceName, operationName: string, document: unknown): object {
  const service = WIRE_SERVICES.find((one) => one.name === name)!;
  const { input: schema } = operationOf(service, operationName);
  const misfit = misfitOf(schema, document, "input");
  if (misfit !== undefined) throw new AwsError("ParamValidation", misfit);
  const input = (fromTree("json", schema, document) ?? {}) as object;
  const missing = missingMember(schema, input);
  if (missing !== undefined) throw missingError(service, missing);
  return input;
}

function misfitOf(schema: NormalizedSchema, value: unknown, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (schema.isUnitSchema() || schema.isStructSchema()) return misfitInStructure(schema, value, path);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return `${path} is a list`;
    return first(
      value.map((item, index) => [`${path}[${index}]`, item]),
      (at, item) => misfitOf(schema.getValueSchema(), item, at),
    );
  }
  if (schema.isMapSchema()) {
    if (!isMap(value)) return `${path} is a map`;
    return first(Object.entries(value), (key, item) =>
      misfitOf(schema.getValueSchema(), item, `${path}.${key}`),
    );
  }
  return misfitOfScalar(schema, value, path);
}

function misfitInStructure(schema: NormalizedSchema, value: unknown, path: string): string | undefined {
  if (!isMap(value)) return `${path} is a map`;
  const members = new Map(schema.isUnitSchema() ? [] : schema.structIterator());
  return first(Object.entries(value), (name, item) => {
    const member = members.get(name);
    if (member !== undefined) return misfitOf(member, item, `${path}.${name}`);
    const meant = nearest(name, [...members.keys()]);
    const advice =
      meant === undefined ? `they are ${[...members.keys()].join(", ")}` : `did you mean ${meant}?`;
    return `${path} has no parameter ${name}; ${members.size === 0 ? "it has none" : advice}`;
  });
}

function misfitOfScalar(schema: NormalizedSchema, value: unknown, path: string): string | undefined {
  if (schema.isBooleanSchema()) return typeof value === "boolean" ? undefined : `${path} is true or false`;
  if (schema.isNumericSchema()) return typeof value === "number" ? undefined : `${path} is a number`;
  if (schema.isTimestampSchema()) {
    const isTime = typeof value === "string" && !Number.isNaN(Date.parse(value));
    return isTime ? undefined : `${path} is a time, such as "2026-01-31T12:00:00Z"`;
  }
  if (typeof value === "string") return undefined;
  return `${path} is a text${typeof value === "object" ? "" : `; put ${value} in quotes`}`;
}

function first<T>(
  entries: readonly (readonly [string, T])[],
  ask: (name: string, item: T) => string | undefined,
): string | undefined {
  for (const [name, item] of entries) {
    const answer = ask(name, item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
