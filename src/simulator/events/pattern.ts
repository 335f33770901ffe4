/**
 * Event patterns: what they may say, and which events match.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import { AwsError } from "../account/aws-error.ts";

export type EventPattern = Readonly<Record<string, unknown>>;

/** Characters: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_CHARACTERS = 2_048;
const COMPARISONS = ["<", "<=", "=", ">=", ">"];
const TEXT_OPERATORS = ["prefix", "suffix", "equals-ignore-case", "wildcard"];

/** events/pattern @throws AwsError InvalidEventPatternException */
export function parsePattern(text: string): EventPattern {
  if (text.length > MOST_CHARACTERS) throw invalid(`it has more than ${MOST_CHARACTERS} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("it is not JSON");
  }
  if (!isMap(value)) throw invalid("Filter is not an object");
  checkMap(value, "");
  return value;
}

function checkMap(pattern: EventPattern, path: string): void {
  if (Object.keys(pattern).length === 0)
    throw invalid(`Empty objects are not allowed at '${path || "the top"}'`);
  for (const [name, value] of Object.entries(pattern)) {
    const at = path === "" ? name : `${path}.${name}`;
    if (name === "$or") checkAlternatives(value, at);
    else if (isMap(value)) checkMap(value, at);
    else if (Array.isArray(value)) checkFilters(value, at);
    else throw invalid(`"${at}" must be an object or an array`);
  }
}

function checkAlternatives(value: unknown, at: string): void {
  const isList = Array.isArray(value) && value.length >= 2 && value.every(isMap);
  if (!isList) throw invalid(`"${at}" must be an array of at least two objects`);
  for (const one of value as EventPattern[]) checkMap(one, at);
}

function checkFilters(filters: readonly unknown[], at: string): void {
  if (filters.length === 0) throw invalid(`Empty arrays are not allowed at '${at}'`);
  for (const filter of filters) {
    if (Array.isArray(filter))
      throw invalid(`Match value must be String, number, true, false, or null at '${at}'`);
    if (isMap(filter)) checkOperator(filter, at);
  }
}

function checkOperator(filter: EventPattern, at: string): void {
  const [[operator, value] = ["", undefined], ...others] = Object.entries(filter);
  if (others.length > 0) throw invalid(`Only one key allowed in match expression at '${at}'`);
  switch (operator) {
    case "exists":
      if (typeof value !== "boolean") throw invalid("exists match pattern must be either true or false.");
      return;
    case "numeric":
      if (!isNumeric(value)) throw invalid("numeric match must be comparisons, each with a number");
      return;
    case "anything-but":
      if (!isAnythingBut(value)) throw invalid("anything-but takes texts, numbers, or one text operator");
      return;
    case "prefix":
    case "suffix":
      if (typeof value === "string" || isIgnoringCase(value)) return;
      throw invalid(`${operator} match pattern must be a string`);
    case "equals-ignore-case":
    case "wildcard":
      if (typeof value === "string") return;
      throw invalid(`${operator} match pattern must be a string`);
    default:
      throw invalid(`Unrecognized match type ${operator}`);
  }
}

function isNumeric(value: unknown): value is readonly (string | number)[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length % 2 === 0 &&
    value.every((one, index) =>
      index % 2 === 0 ? COMPARISONS.includes(one as string) : typeof one === "number",
    )
  );
}

function isAnythingBut(value: unknown): boolean {
  if (!isMap(value)) return listOf(value).every((one) => typeof one === "string" || typeof one === "number");
  const [[operator = "", operand] = [], ...others] = Object.entries(value);
  const isText = listOf(operand).every((one) => typeof one === "string");
  return others.length === 0 && TEXT_OPERATORS.includes(operator) && isText;
}

function isIgnoringCase(value: unknown): value is { "equals-ignore-case": string } {
  return isMap(value) && typeof value["equals-ignore-case"] === "string";
}

function invalid(reason: string): AwsError {
  return new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
}

/** Every member of the pattern has to match; of a list in it, one filter. events/matching */
export function matches(pattern: EventPattern, event: unknown): boolean {
  // Of a list of structures, one of them has to match as a whole.
  if (Array.isArray(event)) return event.some((one) => matches(pattern, one));
  const members = isMap(event) ? event : {};
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === "$or") return (wanted as EventPattern[]).some((one) => matches(one, event));
    const value = Object.hasOwn(members, name) ? members[name] : undefined;
    if (isMap(wanted)) return matches(wanted, value);
    return (wanted as unknown[]).some((filter) => passes(filter, value));
  });
}

function passes(filter: unknown, value: unknown): boolean {
  if (isMap(filter) && "exists" in filter) {
    // It speaks of leaves: a structure is none. events/exists
    const isLeaf = value !== undefined && !isMap(value);
    return filter.exists === isLeaf;
  }
  if (value === undefined || isMap(value)) return false;
  // Of a list in the event, one value is enough.
  return listOf(value).some((one) => (isMap(filter) ? operates(filter, one) : one === filter));
}

function operates(filter: EventPattern, value: unknown): boolean {
  const [[operator = "", operand] = []] = Object.entries(filter);
  switch (operator) {
    case "numeric":
      return typeof value === "number" && compares(operand as (string | number)[], value);
    case "anything-but": {
      if (!isMap(operand)) return !listOf(operand).includes(value);
      const [[name = "", refused] = []] = Object.entries(operand);
      return !listOf(refused).some((one) => isText(name, one, value));
    }
    default:
      return isText(operator, operand, value);
  }
}

function isText(operator: string, operand: unknown, value: unknown): boolean {
  if (typeof value !== "string") return false;
  if (isIgnoringCase(operand)) {
    return isText(operator, operand["equals-ignore-case"].toLowerCase(), value.toLowerCase());
  }
  const text = operand as string;
  switch (operator) {
    case "prefix":
      return value.startsWith(text);
    case "suffix":
      return value.endsWith(text);
    case "equals-ignore-case":
      return value.toLowerCase() === text.toLowerCase();
    default:
      return wildcardOf(text).test(value);
  }
}

function wildcardOf(text: string): RegExp {
  const parts = text.split(/(?<!\\)\*/).map((part) => part.replaceAll("\\*", "*"));
  return new RegExp(
    `^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`,
    "s",
  );
}

function compares(comparisons: readonly (string | number)[], value: number): boolean {
  return comparisons.every((operator, index) => {
    if (index % 2 === 1) return true;
    const bound = comparisons[index + 1] as number;
    switch (operator) {
      case "<":
        return value < bound;
      case "<=":
        return value <= bound;
      case "=":
        return value === bound;
      case ">=":
        return value >= bound;
      default:
        return value > bound;
    }
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isMap(value: unknown): value is EventPattern {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
