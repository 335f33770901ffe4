/**
 * The policy of a queue: who may send to it that is no principal of the account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** Who asks to do what: `service` is a service's principal; absent, it is a principal of the account. */
export interface PolicyRequest {
  readonly service?: string;
  readonly action: string;
  readonly resource: string;
  /** By the name of the key in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

/** `undefined` for what is no policy. */
export function parsePolicy(text: string): readonly Statement[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isMap(value)) return undefined;
    const statements = listOf(value.Statement);
    const isWhole = statements.every(
      (one) => isMap(one) && /^(Allow|Deny)$/.test(String(one.Effect)) && one.Principal !== undefined,
    );
    return isWhole && statements.length > 0 ? (statements as Statement[]) : undefined;
  } catch {
    return undefined;
  }
}

/** What the policy says of the request: a denial is stronger than anything that allows it. */
export function verdictOf(policy: string | undefined, request: PolicyRequest): "allow" | "deny" | "nothing" {
  const meant = (policy === undefined ? [] : (parsePolicy(policy) ?? [])).filter((one) =>
    speaksOf(one, request),
  );
  if (meant.some(({ Effect }) => Effect === "Deny")) return "deny";
  return meant.length > 0 ? "allow" : "nothing";
}

function speaksOf(statement: Statement, request: PolicyRequest): boolean {
  return (
    namesPrincipal(statement.Principal, request.service) &&
    texts(statement.Action).some((one) => isLike(request.action, one, true)) &&
    texts(statement.Resource).some((one) => isLike(request.resource, one)) &&
    holds(statement.Condition, request.context)
  );
}

function namesPrincipal(principal: unknown, service: string | undefined): boolean {
  if (principal === "*") return true;
  if (!isMap(principal)) return false;
  const isAnybody = texts(principal.AWS).includes("*");
  return service === undefined ? isAnybody : isAnybody || texts(principal.Service).includes(service);
}

/** Every operator and every key of it has to hold; a key holds with one of its values. */
function holds(condition: unknown, context: PolicyRequest["context"]): boolean {
  if (condition === undefined) return true;
  if (!isMap(condition)) return false;
  return Object.entries(condition).every(
    ([operator, keys]) =>
      isMap(keys) &&
      Object.entries(keys).every(([key, values]) =>
        test(operator, context[key.toLowerCase()], texts(values)),
      ),
  );
}

function test(operator: string, value: string | undefined, allowed: readonly string[]): boolean {
  const [, name = "", ifExists] = /^(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (value === undefined) return ifExists !== undefined || /Not(Equals|Like)/.test(name);
  switch (name) {
    case "StringEquals":
      return allowed.includes(value);
    case "StringNotEquals":
      return !allowed.includes(value);
    case "StringEqualsIgnoreCase":
      return allowed.some((one) => one.toLowerCase() === value.toLowerCase());
    case "StringLike":
    case "ArnLike":
    case "ArnEquals":
      return allowed.some((one) => isLike(value, one));
    case "StringNotLike":
    case "ArnNotLike":
    case "ArnNotEquals":
      return !allowed.some((one) => isLike(value, one));
    case "Bool":
      return allowed.includes(value);
    default:
      // What is not understood lets nobody in.
      return false;
  }
}

function isLike(value: string, pattern: string, ignoresCase = false): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, ignoresCase ? "is" : "s").test(value);
}

function texts(value: unknown): readonly string[] {
  return listOf(value).filter((one) => typeof one === "string");
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
