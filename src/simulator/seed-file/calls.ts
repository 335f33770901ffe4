/**
 * A seed file as its author writes it: a list of AWS calls that are made in the account at the start, in order.
 * Here its shape is checked; what a call may say is for the account to judge.
 */
import { LIMITS } from "../../model/limits.ts";
import { nearest } from "../../model/text/nearest.ts";
import { WIRE_SERVICES } from "../wire/schemas.ts";
import { checkValues, type EarlierAnswers } from "./values.ts";

export interface SeedCall {
  /** From 1. */
  readonly number: number;
  /** As IAM names it: `elasticloadbalancing:CreateLoadBalancer`. */
  readonly call: string;
  /** With references to earlier answers still in it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** What later calls call its answer. */
  readonly as: string | undefined;
}

/** Why a seed file cannot be used, in one line; of a call, which one it is and what AWS says. */
export class SeedFault extends Error {}

const FIELDS = ["call", "input", "as"];
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/**
 * @param documents the documents of the YAML file
 * @throws SeedFault about the first thing that is wrong
 */
export function seedCalls(documents: readonly unknown[]): SeedCall[] {
  const [list] = documents;
  if (documents.length > 1 || !Array.isArray(list)) {
    throw new SeedFault("it is one list of calls, each with `call`, `input` and perhaps `as`");
  }
  if (list.length > LIMITS.simulatorSeedCalls) {
    throw new SeedFault(`it holds ${list.length} calls, and at most ${LIMITS.simulatorSeedCalls} are made`);
  }
  const named = new Set<string>();
  return list.map((item, index) => {
    const call = seedCall(item, index + 1, named);
    if (call.as !== undefined) named.add(call.as);
    return call;
  });
}

function seedCall(item: unknown, number: number, named: EarlierAnswers): SeedCall {
  const fault = (what: string) => new SeedFault(`call ${number}: ${what}`);
  if (!isMap(item)) throw fault("it is a map with `call`, `input` and perhaps `as`");
  const unknown = Object.keys(item).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw fault(`there is no \`${unknown}\`; a call has ${FIELDS.join(", ")}`);
  const { call, input = {}, as } = item;
  if (typeof call !== "string" || !/^[a-z0-9]+:[A-Za-z0-9]+$/.test(call)) {
    throw fault("`call` is an operation as IAM names it, such as elasticloadbalancing:CreateLoadBalancer");
  }
  const prefix = `call ${number}, ${call}: `;
  const [service = ""] = call.split(":");
  const services = WIRE_SERVICES.map(({ name }) => name);
  if (!services.some((name) => name === service)) {
    const meant = nearest(service, services);
    const advice = meant === undefined ? `they are ${services.join(", ")}` : `did you mean ${meant}?`;
    throw new SeedFault(`${prefix}the account has no service ${service}; ${advice}`);
  }
  if (!isMap(input)) throw new SeedFault(`${prefix}\`input\` is a map of AWS's parameters`);
  if (as !== undefined && (typeof as !== "string" || !NAME.test(as))) {
    throw new SeedFault(`${prefix}\`as\` is a name of letters, digits, - and _ that begins with a letter`);
  }
  if (as !== undefined && named.has(as))
    throw new SeedFault(`${prefix}an earlier call is named ${as} already`);
  const wrong = checkValues(input, named);
  if (wrong !== undefined) throw new SeedFault(`${prefix}${wrong}`);
  return { number, call, input, as };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
