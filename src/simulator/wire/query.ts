/**
 * Requests in the AWS Query protocol and EC2's variant of it: a form whose dotted keys spell a tree.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, …/aws-ec2-query-protocol.html
 */
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../account/aws-error.ts";
import { traitsOf } from "./schemas.ts";

/** More keys than any real request has; deeper than any schema is. */
const MOST_KEYS = 20_000;
const MOST_DEPTH = 40;

export interface FormNode {
  text?: string;
  children?: Map<string, FormNode>;
}

/** @throws AwsError for a form that no client sends */
export function parseForm(body: string): FormNode {
  const root: FormNode = {};
  let keys = 0;
  for (const [key, text] of new URLSearchParams(body)) {
    keys += 1;
    const parts = key.split(".");
    if (keys > MOST_KEYS || parts.length > MOST_DEPTH) throw malformed("the request has too many parameters");
    let node = root;
    for (const part of parts) {
      node.children ??= new Map();
      const child = node.children.get(part) ?? {};
      node.children.set(part, child);
      node = child;
    }
    node.text = text;
  }
  return root;
}

/** The value of a node in the shape of the schema; parameters that the schema lacks are ignored, as AWS does. */
export function fromForm(schema: NormalizedSchema, node: FormNode, isEc2: boolean): unknown {
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema()) return structFrom(schema, node, isEc2);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const isFlat = isEc2 || traitsOf(schema).xmlFlattened !== undefined;
    const holder = isFlat ? node : node.children?.get(traitsOf(item).xmlName ?? "member");
    return numbered(holder).map((child) => fromForm(item, child, isEc2));
  }
  if (schema.isMapSchema()) return mapFrom(schema, node, isEc2);
  return scalarFrom(schema, node.text ?? "");
}

function structFrom(schema: NormalizedSchema, node: FormNode, isEc2: boolean): Record<string, unknown> {
  const struct: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children?.get(isEc2 ? ec2Key(name, member) : (traitsOf(member).xmlName ?? name));
    if (child !== undefined) struct[name] = fromForm(member, child, isEc2);
  }
  return struct;
}

function ec2Key(name: string, member: NormalizedSchema): string {
  const { ec2QueryName, xmlName } = traitsOf(member);
  if (ec2QueryName !== undefined) return ec2QueryName;
  const plain = xmlName ?? name;
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function mapFrom(schema: NormalizedSchema, node: FormNode, isEc2: boolean): Record<string, unknown> {
  const value = schema.getValueSchema();
  const keyName = traitsOf(schema.getKeySchema()).xmlName ?? "key";
  const valueName = traitsOf(value).xmlName ?? "value";
  const holder = traitsOf(schema).xmlFlattened === undefined ? node.children?.get("entry") : node;
  return Object.fromEntries(
    numbered(holder).map((entry) => [
      entry.children?.get(keyName)?.text ?? "",
      fromForm(value, entry.children?.get(valueName) ?? {}, isEc2),
    ]),
  );
}

function numbered(node: FormNode | undefined): FormNode[] {
  return [...(node?.children ?? [])]
    .filter(([key]) => /^\d{1,9}$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function scalarFrom(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) {
    if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
    throw malformed(`'${text}' is not a boolean`);
  }
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (text.trim() === "" || Number.isNaN(number)) throw malformed(`'${text}' is not a number`);
    return number;
  }
  if (schema.isTimestampSchema()) {
    const date = /^-?\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
    if (Number.isNaN(date.getTime())) throw malformed(`'${text}' is not a timestamp`);
    return date;
  }
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, "base64"));
  return text;
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedInput", message);
}
