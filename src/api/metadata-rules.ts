/** Kubernetes's rules for names, labels and annotations. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
import type { Fault } from "../model/errors.ts";

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const ANNOTATION_BYTES = 262_144;

function isDnsLabel(value: string): boolean {
  return DNS_LABEL.test(value);
}

/** What is wrong with the name of an object or a namespace. */
export function nameFault(path: string, value: unknown): Fault | undefined {
  if (value === undefined || value === null || value === "") {
    return { path, message: "is required", reason: "FieldValueRequired" };
  }
  if (typeof value !== "string") return wrong(path, `must be a text, not ${textOf(value)}`);
  if (isDnsLabel(value)) return undefined;
  return wrong(
    path,
    `is ${textOf(value)}; it must have 1 to 63 characters, lower-case letters, digits and "-", and begin and end with a letter or digit`,
  );
}

export function labelFaults(path: string, labels: Record<string, unknown>): Fault[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const at = `${path}.${key}`;
    const faults = keyFaults(at, key);
    if (typeof value !== "string")
      return [...faults, wrong(at, `must be a text; write "${String(value)}" in quotes`)];
    if (value === "" || QUALIFIED_NAME.test(value)) return faults;
    return [
      ...faults,
      wrong(
        at,
        `is ${textOf(value)}; a label has at most 63 letters, digits, "-", "_" and ".", and begins and ends with a letter or digit`,
      ),
    ];
  });
}

export function annotationFaults(path: string, annotations: Record<string, unknown>): Fault[] {
  const faults = Object.entries(annotations).flatMap(([key, value]) => {
    const at = `${path}.${key}`;
    const faults = keyFaults(at, key);
    return typeof value === "string"
      ? faults
      : [...faults, wrong(at, `must be a text; write "${String(value)}" in quotes`)];
  });
  const bytes = Buffer.byteLength(JSON.stringify(annotations));
  return bytes <= ANNOTATION_BYTES
    ? faults
    : [...faults, wrong(path, `hold ${bytes} bytes together; ${ANNOTATION_BYTES} are allowed`)];
}

/** A key is a name, or a DNS subdomain, "/" and a name. */
export function isQualifiedKey(key: string): boolean {
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (prefix !== undefined && (prefix.length > 253 || !DNS_SUBDOMAIN.test(prefix))) return false;
  return QUALIFIED_NAME.test(key.slice(slash + 1));
}

function keyFaults(path: string, key: string): Fault[] {
  if (isQualifiedKey(key)) return [];
  return [
    wrong(
      path,
      `has the key ${textOf(key)}; a key has at most 63 letters, digits, "-", "_" and ".", with an optional DNS prefix and "/" before it`,
    ),
  ];
}

function wrong(path: string, message: string): Fault {
  return { path, message, reason: "FieldValueInvalid" };
}

/** A value as it is shown in a message: short, and on one line. */
export function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}
