/**
 * What is secret in a rule. In comparable shape it is a digest, on both sides, so that it reaches neither plan nor ledger,
 * row, event or log; the calls alone carry what stands behind it.
 */
import { SECRET_ACTION_TEXTS, secretDigest } from "../../../model/secrets.ts";
import type { Value } from "../../../model/value.ts";
import { sortedSet } from "../../core/references.ts";
import type { DesiredResource, Fields } from "../../core/resource.ts";
import { asRecord, asRecords, optionalText, text } from "../field-values.ts";
import { present } from "../required.ts";

/** `secret` of the rule in the spec; absent: the values of headers, and nothing else. */
export type RuleSecrecy = boolean | undefined;

/** The parts of a rule that may hold secrets. */
type Parts = { readonly conditions: Value; readonly action: Value };

/** The parts with digests in place of what is secret, and what stands behind each. */
export function hidden(
  parts: Parts,
  secrecy: RuleSecrecy,
): { readonly parts: Parts; readonly secrets: Record<string, string> } {
  const secrets: Record<string, string> = {};
  const digestOf = (secret: string): string => {
    const digest = secretDigest(secret);
    secrets[digest] = secret;
    return digest;
  };
  return {
    parts: {
      conditions: conditionsWith(parts.conditions, secrecy, digestOf),
      action: actionWith(parts.action, secrecy, digestOf),
    },
    secrets,
  };
}

/** The parts among the fields of a desired rule, as AWS is to have them. */
export function revealed({ secrets = {}, settings }: DesiredResource, fields: Fields): Parts {
  const secrecy = secrecyOf(settings);
  const secretOf = (digest: string): string => present(secrets[digest], "the secret behind its digest");
  return {
    conditions: conditionsWith(present(fields.conditions, "its conditions"), secrecy, secretOf),
    action: actionWith(present(fields.action, "its action"), secrecy, secretOf),
  };
}

/** As `settings` of a desired rule, and back. */
export function settingsOf(secrecy: RuleSecrecy): Fields {
  return secrecy === undefined ? {} : { secret: secrecy };
}

export function secrecyOf(settings: Fields | undefined): RuleSecrecy {
  return typeof settings?.secret === "boolean" ? settings.secret : undefined;
}

type Change = (text: string) => string;

function conditionsWith(conditions: Value, secrecy: RuleSecrecy, change: Change): Value {
  const changed = asRecords(conditions, "conditions").map((condition): Value => {
    const isSecret = secrecy ?? text(condition, "field") === "http-header";
    return isSecret ? { ...condition, ...textsChanged(condition, change) } : condition;
  });
  return sortedSet(changed);
}

/** What it compares with: its values, and its regular expressions. */
function textsChanged(condition: Fields, change: Change): Fields {
  return Object.fromEntries(
    ["values", "regexValues"].flatMap((name) => {
      const list = condition[name];
      return Array.isArray(list) ? [[name, sortedSet(list.map((value) => textsWith(value, change)))]] : [];
    }),
  );
}

/** A value, or a pair of a key and a value. */
function textsWith(value: Value, change: Change): Value {
  if (typeof value === "string") return change(value);
  const pair = asRecord(value, "values");
  return Object.fromEntries(Object.keys(pair).map((name) => [name, change(text(pair, name))]));
}

function actionWith(action: Value, secrecy: RuleSecrecy, change: Change): Value {
  if (secrecy !== true) return action;
  const fields = asRecord(action, "action");
  const texts = SECRET_ACTION_TEXTS.flatMap((name) => {
    const value = optionalText(fields, name);
    return value === undefined ? [] : [[name, change(value)] as const];
  });
  return { ...fields, ...Object.fromEntries(texts) };
}
