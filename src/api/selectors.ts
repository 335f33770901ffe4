/** Label and field selectors. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
import { ApiError } from "./error.ts";
import { isQualifiedKey, textOf } from "./metadata-rules.ts";

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

const SET_TERM = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY_TERM = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/;
const PRESENCE_TERM = /^(!?)\s*([^=!\s]+)$/;

/** @throws ApiError 400 that names the term which is not understood */
export function parseLabelSelector(text: string): LabelTest {
  const tests = termsOf(text).map(parseLabelTerm);
  return (labels) => tests.every((test) => test(labels));
}

/** Splits at commas that do not stand within parentheses. */
function termsOf(text: string): string[] {
  if (text.trim() === "") return [];
  return text.split(/,(?![^(]*\))/).map((term) => term.trim());
}

function parseLabelTerm(term: string): LabelTest {
  const set = SET_TERM.exec(term);
  if (set !== null) {
    const key = checkedKey(term, set[1]);
    const values = new Set((set[3] ?? "").split(",").map((value) => value.trim()));
    const wanted = set[2] === "in";
    return (labels) => {
      const value = own(labels, key);
      return value === undefined ? !wanted : values.has(value) === wanted;
    };
  }
  const equality = EQUALITY_TERM.exec(term);
  if (equality !== null) {
    const key = checkedKey(term, equality[1]);
    const wanted = equality[2] !== "!=";
    if (equality[3]?.includes("=")) throw notUnderstood("labelSelector", term);
    return (labels) => (own(labels, key) === equality[3]) === wanted;
  }
  const presence = PRESENCE_TERM.exec(term);
  if (presence === null) throw notUnderstood("labelSelector", term);
  const key = checkedKey(term, presence[2]);
  const wanted = presence[1] === "";
  return (labels) => (own(labels, key) !== undefined) === wanted;
}

function checkedKey(term: string, key = ""): string {
  if (!isQualifiedKey(key)) throw notUnderstood("labelSelector", term);
  return key;
}

function own(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function notUnderstood(parameter: string, term: string): ApiError {
  return new ApiError(400, `${parameter}: the term ${textOf(term)} is not understood`, {
    causes: [
      {
        reason: "FieldValueInvalid",
        field: parameter,
        message: `the term ${textOf(term)} is not understood`,
      },
    ],
  });
}

/** One demand on a field: its value is, or is not, this. */
export interface FieldTerm {
  field: string;
  value: string;
  equal: boolean;
}

/** @throws ApiError 400 that names the fields which can be selected by */
export function parseFieldSelector(text: string, known: readonly string[]): FieldTerm[] {
  return termsOf(text).map((term) => {
    const match = EQUALITY_TERM.exec(term);
    if (match === null) throw notUnderstood("fieldSelector", term);
    const [, field = "", operator, value = ""] = match;
    if (!known.includes(field)) {
      throw new ApiError(
        400,
        `fieldSelector: "${field}" cannot be selected by; known are ${known.join(", ")}`,
      );
    }
    return { field, value, equal: operator !== "!=" };
  });
}
