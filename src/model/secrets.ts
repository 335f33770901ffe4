/** What of a spec nobody is shown, and what is shown in its place. */

import { hash } from "node:crypto";
import { isRecord, type Value, valuesEqual } from "./value.ts";

/** Fields whose value is a secret, at whatever depth. */
const SECRET_FIELD = /^userdata(base64)?$|secret|password|passphrase|privatekey|credential/i;
/** A condition on a header: what a proxy in front has to send is a password. Its name is none. */
const HEADER_CONDITION = "httpHeader";
/** Texts of an action that may hold a token, where a rule as a whole is secret. */
export const SECRET_ACTION_TEXTS: readonly string[] = ["messageBody", "host", "path", "query"];
const DIGEST = /^sha256:[0-9a-f]+$/;

/** What stands for a secret wherever it is compared, stored or shown: it tells that it has changed, and not what it is. */
export function secretDigest(secret: string): string {
  return `sha256:${hash("sha256", secret, "hex").slice(0, 16)}`;
}

/** Whether it stands for a secret. */
export function isSecretDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Whether two values are the same where in one of them some texts are told and in the other secret. */
export function isSameInSecret(one: Value, other: Value): boolean {
  if (valuesEqual(one, other)) return true;
  return (holdsDigest(one) || holdsDigest(other)) && valuesEqual(digested(one), digested(other));
}

function holdsDigest(value: Value): boolean {
  if (typeof value === "string") return isSecretDigest(value);
  return value !== null && typeof value === "object" && Object.values(value).some(holdsDigest);
}

/** Every text as its digest; lists in the order of those, for what is a set is ordered by what is told of it. */
function digested(value: Value): Value {
  if (typeof value === "string") return isSecretDigest(value) ? value : secretDigest(value);
  if (value === null || typeof value !== "object") return value;
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, digested(member)]));
  const texts = value.map((item) => JSON.stringify(digested(item)));
  return texts.sort();
}

/** Whether a path of a spec, or of a field, leads to a secret. */
export function isSecretPath(path: string): boolean {
  const names = path.split(/[.[\]]+/);
  return (
    names.some((name) => SECRET_FIELD.test(name)) ||
    (names.includes(HEADER_CONDITION) && !path.endsWith(".name"))
  );
}

/** A JSON value in which secrets are replaced by their digests; what is none and stands for one says only that. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRecord(value)) return value;
  if (isRule(value)) return withoutSecretsOfRule(value);
  return mapMembers(value, (name, member) => {
    // It says whether there are secrets, and is none.
    if (typeof member === "boolean" || member === null) return member;
    if (SECRET_FIELD.test(name)) return hiddenSecret(member);
    return name === HEADER_CONDITION ? withoutHeaderValues(member) : withoutSecrets(member);
  });
}

/**
 * A value that somebody has edited who was shown it without its secrets: what stands for one of them is that secret again,
 * wherever it stands by now.
 * @param original with its secrets, as `shown` is without
 * @param path of the value, for what is told of it
 * @returns also the paths of secrets that stand for none of the original's (`unknown`), and of those that everybody would be
 * shown where they stand by now (`exposed`)
 */
export function withSecretsOf(
  edited: unknown,
  { original, shown }: { original: unknown; shown: unknown },
  path: string,
): { value: unknown; unknown: string[]; exposed: string[] } {
  const secrets = new Map<string, unknown>();
  collectSecrets(original, shown, secrets, path);
  const unknown: string[] = [];
  const put = new Set<string>();
  const secretFor = (key: string, at: string): unknown => {
    put.add(at);
    return secrets.get(key);
  };
  const restored = (value: unknown, at: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => restored(item, `${at}[${index}]`));
    if (isRecord(value)) return mapMembers(value, (name, member) => restored(member, `${at}.${name}`));
    if (typeof value !== "string") return value;
    if (value === HIDDEN && secrets.has(at)) return secretFor(at, at);
    if (isSecretDigest(value) && secrets.has(value)) return secretFor(value, at);
    if ((value === HIDDEN || isSecretDigest(value)) && isSecretPath(at)) unknown.push(at);
    return value;
  };
  const value = restored(edited, path);
  return { value, unknown, exposed: shownAmong(put, value, withoutSecrets(value), path) };
}

/** Of some places, those whose value is shown as it is. */
function shownAmong(places: ReadonlySet<string>, value: unknown, shown: unknown, at: string): string[] {
  if (places.has(at)) return value === shown ? [at] : [];
  if (Array.isArray(value) && Array.isArray(shown))
    return value.flatMap((item, index) => shownAmong(places, item, shown[index], `${at}[${index}]`));
  if (!isRecord(value) || !isRecord(shown)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    shownAmong(places, member, shown[name], `${at}.${name}`),
  );
}

/** By its digest where it is a text, and else by its path. */
function collectSecrets(original: unknown, shown: unknown, into: Map<string, unknown>, at: string): void {
  if (typeof shown === "string" && original !== shown) {
    into.set(shown === HIDDEN ? at : shown, original);
  } else if (Array.isArray(original) && Array.isArray(shown)) {
    for (const [index, item] of original.entries())
      collectSecrets(item, shown[index], into, `${at}[${index}]`);
  } else if (isRecord(original) && isRecord(shown)) {
    for (const [name, member] of Object.entries(original))
      collectSecrets(member, shown[name], into, `${at}.${name}`);
  }
}

/** What is shown of a secret that is no text. */
const HIDDEN = "(hidden)";

/** What is shown of the value of a secret field. */
export function hiddenSecret(value: unknown): string {
  if (typeof value !== "string") return HIDDEN;
  return DIGEST.test(value) ? value : secretDigest(value);
}

function withoutHeaderValues(condition: unknown): unknown {
  if (!isRecord(condition)) return hiddenTexts(condition);
  return mapMembers(condition, (name, member) => (name === "name" ? member : hiddenTexts(member)));
}

type Json = Record<string, unknown>;

/** A listener rule says of itself what is secret in it. */
function isRule(value: Json): boolean {
  return typeof value.secret === "boolean" && Array.isArray(value.conditions);
}

function withoutSecretsOfRule({ secret, ...rule }: Json): Json {
  // Its conditions are open; what has the name of a secret is one all the same.
  if (secret === false) {
    const { conditions, ...rest } = rule;
    return { ...(withoutSecrets(rest) as Json), conditions, secret };
  }
  return {
    ...mapMembers(rule, (name, member) => {
      if (name === "conditions") return (member as unknown[]).map(hiddenCondition);
      return name === "action" ? hiddenAction(member) : withoutSecrets(member);
    }),
    secret,
  };
}

function hiddenCondition(condition: unknown): unknown {
  if (!isRecord(condition)) return hiddenTexts(condition);
  return mapMembers(condition, (name, member) =>
    name === HEADER_CONDITION ? withoutHeaderValues(member) : hiddenTexts(member),
  );
}

function hiddenAction(action: unknown): unknown {
  if (!isRecord(action)) return action;
  return mapMembers(action, (name, member) => {
    if (SECRET_FIELD.test(name)) return hiddenSecret(member);
    return SECRET_ACTION_TEXTS.includes(name) ? hiddenTexts(member) : hiddenAction(member);
  });
}

/** Texts of whatever depth; a key of a pair is as secret as its value. */
function hiddenTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hiddenTexts);
  if (isRecord(value)) return mapMembers(value, (_, member) => hiddenTexts(member));
  return typeof value === "string" ? hiddenSecret(value) : value;
}

function mapMembers(value: Json, of: (name: string, member: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, of(name, member)]));
}
