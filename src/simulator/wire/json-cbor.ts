/**
 * Requests and answers in AWS JSON 1.0 and Smithy RPC v2 CBOR: the same tree, differing in how a few scalars look.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html, https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
import { cbor, dateToTag } from "@smithy/core/cbor";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../account/aws-error.ts";

export type TreeProtocol = "json" | "cbor";

/** @throws AwsError SerializationException */
export function parseTree(protocol: TreeProtocol, body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return protocol === "cbor" ? cbor.deserialize(body) : JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request body cannot be read");
  }
}

export function printTree(protocol: TreeProtocol, tree: unknown): Uint8Array {
  return protocol === "cbor" ? cbor.serialize(tree) : Buffer.from(JSON.stringify(tree));
}

/** The SDK's value out of a parsed tree. @throws AwsError when a part is of another type than the schema's */
export function fromTree(protocol: TreeProtocol, schema: NormalizedSchema, tree: unknown): unknown {
  if (tree === undefined || tree === null) return undefined;
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema()) {
    const struct: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const value = fromTree(
        protocol,
        member,
        Object.hasOwn(object(tree), name) ? object(tree)[name] : undefined,
      );
      if (value !== undefined) struct[name] = value;
    }
    return struct;
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(tree)) throw mismatch("a list");
    return tree.map((item) => fromTree(protocol, schema.getValueSchema(), item));
  }
  if (schema.isMapSchema()) {
    const entries = Object.entries(object(tree));
    return Object.fromEntries(
      entries.map(([key, item]) => [key, fromTree(protocol, schema.getValueSchema(), item)]),
    );
  }
  return scalarFrom(schema, tree);
}

function scalarFrom(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) {
    const seconds = secondsOf(value);
    if (Number.isNaN(seconds)) throw mismatch("a timestamp");
    return new Date(Math.round(seconds * 1000));
  }
  if (schema.isBlobSchema()) {
    if (value instanceof Uint8Array) return value;
    if (typeof value === "string") return new Uint8Array(Buffer.from(value, "base64"));
    throw mismatch("binary data");
  }
  if (schema.isBooleanSchema()) {
    if (typeof value === "boolean") return value;
    throw mismatch("a boolean");
  }
  if (schema.isNumericSchema()) {
    const number = typeof value === "bigint" || typeof value === "string" ? Number(value) : value;
    if (typeof number === "number" && (value === "NaN" || !Number.isNaN(number))) return number;
    throw mismatch("a number");
  }
  if (schema.isStringSchema() && typeof value !== "string") throw mismatch("a string");
  return value;
}

function secondsOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (value instanceof Date) return value.getTime() / 1000;
  // CBOR's tag 1: seconds since 1970.
  if (typeof value === "object" && value !== null && "value" in value) return Number(value.value);
  return typeof value === "string" ? Date.parse(value) / 1000 : Number.NaN;
}

/** A tree that can be printed, out of the SDK's value. */
export function toTree(protocol: TreeProtocol, schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema()) {
    const tree: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const item = toTree(protocol, member, object(value)[name]);
      if (item !== undefined) tree[name] = item;
    }
    return tree;
  }
  if (schema.isListSchema()) {
    return (value as unknown[]).map((item) => toTree(protocol, schema.getValueSchema(), item));
  }
  if (schema.isMapSchema()) {
    const entries = Object.entries(object(value));
    return Object.fromEntries(
      entries.map(([key, item]) => [key, toTree(protocol, schema.getValueSchema(), item)]),
    );
  }
  if (schema.isTimestampSchema()) {
    return protocol === "cbor" ? dateToTag(value as Date) : (value as Date).getTime() / 1000;
  }
  if (protocol === "cbor") return value;
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString("base64");
  if (schema.isNumericSchema() && !Number.isFinite(value)) return String(value);
  return value;
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw mismatch("a structure");
}

function mismatch(expected: string): AwsError {
  return new AwsError(
    "SerializationException",
    `The request body has another type where ${expected} is expected`,
  );
}
