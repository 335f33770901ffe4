/**
 * Values of a seed file that are not written out. Wherever a value may stand in an input, it may be
 * - `{ from: lb.LoadBalancers[0].LoadBalancerArn }`: a member of the answer of the earlier call that is named `lb`;
 *   with `after: loadbalancer/`, what follows that text in it;
 * - `{ base64: "…" }`: the text in base64, as AWS wants user data;
 * - `{ join: [a, b] }`: texts, one after the other.
 * AWS's own members all begin with a capital letter, so that none of these is one of them.
 */

/** The names of the calls that come before. */
export type EarlierAnswers = Pick<ReadonlySet<string>, "has">;

const FORMS: Readonly<Record<string, readonly string[]>> = {
  from: ["from", "after"],
  base64: ["base64"],
  join: ["join"],
};
const REFERENCE = /^([A-Za-z][A-Za-z0-9_-]*)((?:\.[A-Za-z0-9]+|\[\d{1,6}\])+)$/;

/** What is wrong with how the values are written, and where; `undefined` when nothing is. */
export function checkValues(value: unknown, named: EarlierAnswers, path = "input"): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const form = formOf(value);
  if (form !== undefined) return checkForm(form, value as Record<string, unknown>, named, path);
  for (const [name, member] of Object.entries(value)) {
    const inside = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    const wrong = checkValues(member, named, inside);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function formOf(value: object): string | undefined {
  if (Array.isArray(value)) return undefined;
  return Object.keys(FORMS).find((form) => Object.hasOwn(value, form));
}

function checkForm(
  form: string,
  value: Readonly<Record<string, unknown>>,
  named: EarlierAnswers,
  path: string,
): string | undefined {
  const stranger = Object.keys(value).find((name) => !FORMS[form]?.includes(name));
  if (stranger !== undefined) return `${path}: \`${stranger}\` cannot stand beside \`${form}\``;
  if (form === "join") {
    if (!Array.isArray(value.join)) return `${path}: \`join\` is a list of texts`;
    return checkValues(value.join, named, `${path}.join`);
  }
  if (form === "base64") {
    return typeof value.base64 === "string" ? undefined : `${path}: \`base64\` is a text`;
  }
  const [, answer] = (typeof value.from === "string" && REFERENCE.exec(value.from)) || [];
  if (answer === undefined) {
    return `${path}: \`from\` is a member of an earlier answer, such as lb.LoadBalancers[0].LoadBalancerArn`;
  }
  if (!named.has(answer)) return `${path}: no call before this one is named ${answer}`;
  const { after } = value;
  const isText = after === undefined || (typeof after === "string" && after !== "");
  return isText ? undefined : `${path}: \`after\` is a text`;
}

/** A reference that leads nowhere. The message says which, and where. */
export class BadReference extends Error {}

/**
 * The value that is sent to AWS, out of one that {@link checkValues} finds no fault with.
 * @throws BadReference
 */
export function resolved(value: unknown, answers: ReadonlyMap<string, object>, path = "input"): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => resolved(item, answers, `${path}[${index}]`));
  const { from, after, base64, join } = value as Record<string, unknown>;
  if (typeof from === "string") return referred(from, after as string | undefined, answers, path);
  if (typeof base64 === "string") return Buffer.from(base64).toString("base64");
  if (Array.isArray(join)) {
    return join.map((item, index) => String(resolved(item, answers, `${path}.join[${index}]`))).join("");
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, resolved(member, answers, `${path}.${name}`)]),
  );
}

function referred(
  from: string,
  after: string | undefined,
  answers: ReadonlyMap<string, object>,
  path: string,
): unknown {
  const [, name = "", steps = ""] = REFERENCE.exec(from) ?? [];
  let value: unknown = answers.get(name);
  for (const [step] of steps.matchAll(/[A-Za-z0-9]+/g)) {
    const holds = typeof value === "object" && value !== null && Object.hasOwn(value, step);
    if (!holds) throw new BadReference(`${path}: the answer has no ${from}`);
    value = (value as Record<string, unknown>)[step];
  }
  if (value === undefined) throw new BadReference(`${path}: the answer has no ${from}`);
  if (after === undefined) return value;
  const at = typeof value === "string" ? value.indexOf(after) : -1;
  if (at < 0) throw new BadReference(`${path}: there is no "${after}" in ${from}`);
  return (value as string).slice(at + after.length);
}
