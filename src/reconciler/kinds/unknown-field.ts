/** What is said of a field that the schema does not know: what was meant, or that it is AWS's and not supported yet. */
import type { Fault } from "../../model/errors.ts";
import type { KindName } from "../../model/kind-name.ts";
import { nearest } from "../../model/text/nearest.ts";
import { MEMBER_TABLES } from "./coverage/answer-members.ts";
import { AWS_MEMBERS } from "./coverage/aws-members.ts";
import { type FieldMeta, META } from "./field.ts";
import { memberPath } from "./field-path.ts";
import { webServiceSpecSchema } from "./web-service.ts";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly [META]?: FieldMeta;
}

/** Of docs/, and of the pages that the daemon serves: every member that the spec cannot hold. */
const NOT_SUPPORTED_PAGE = "not-supported-yet.md";
const NOT_SUPPORTED = `Holdfast does not support yet; take it out (docs/${NOT_SUPPORTED_PAGE} lists all of them)`;

/** The parts of a spec that have, in AWS, calls of their own for more than a spec can hold. */
const KIND_AT: Readonly<Record<string, KindName>> = {
  "spec.loadBalancer": "loadBalancer",
  "spec.loadBalancer.listeners[]": "listener",
  "spec.autoScalingGroups.<name>": "autoScalingGroup",
  "spec.autoScalingGroups.<name>.scalingPolicies.<name>": "scalingPolicy",
  "spec.autoScalingGroups.<name>.scheduledActions.<name>": "scheduledAction",
  "spec.autoScalingGroups.<name>.lifecycleHooks.<name>": "lifecycleHook",
  "spec.autoScalingGroups.<name>.notifications.<name>": "notification",
  "spec.autoScalingGroups.<name>.warmPool": "warmPool",
};

/** What holds for all parts of a service. */
const TOP = (webServiceSpecSchema as Node).properties ?? {};

/** @param schemaPath a JSON pointer to the schema of the map that the field stands in */
export function unknownField(path: string, name: string, schemaPath: string): Fault {
  const node = schemaAt(schemaPath);
  const known = Object.keys(node.properties ?? {});
  const at = memberPath(path, name);
  if (known.length === 0) {
    const allowed = Object.keys(node.patternProperties ?? {}).join(", ");
    return {
      path: at,
      message: `is not a name that is allowed here (${allowed})`,
      reason: "FieldValueInvalid",
    };
  }
  return { path: at, message: sentence(name, node, known, placeOf(schemaPath)), reason: "FieldUnknown" };
}

function sentence(name: string, node: Node, known: readonly string[], place: string): string {
  const here = fieldOfAws(name, node);
  if (here !== undefined) return `is not a known field: what AWS calls ${here.aws} is ${here.path} here`;
  const above = Object.entries(TOP).find(([, member]) => isSame(member[META]?.aws ?? "", name));
  if (above !== undefined) return `is not a known field: it is ${above[0]} at the top of the spec`;
  const [shape, members = ""] = AWS_MEMBERS[place] ?? [];
  if (shape !== undefined && members.split(" ").some((member) => isCalled(name, member))) {
    return `is a real member of AWS's ${shape} that ${NOT_SUPPORTED}`;
  }
  const own = ownCallsAt(place, name);
  if (own !== undefined) return `is AWS's ${own.what} (${own.write}), which ${NOT_SUPPORTED}`;
  const near = nearest(name, known);
  return near === undefined
    ? `is not a known field; known are ${known.join(", ")}`
    : `is not a known field; did you mean ${near}?`;
}

function ownCallsAt(place: string, name: string) {
  const kind = KIND_AT[place];
  const calls = kind === undefined ? {} : (MEMBER_TABLES[kind].ownCalls ?? {});
  return Object.entries(calls).find(([word]) => isSame(word, name))?.[1];
}

/** As AWS calls it, or as a spec would: `authenticateOidc` for `AuthenticateOidcConfig`. */
function isCalled(name: string, member: string): boolean {
  return isSame(member, name) || isSame(member.replace(/Config(uration)?$/, ""), name);
}

/** AWS's members begin with a capital, our fields with a small letter, and people write both. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The field, below the map, that stands for what AWS calls so: `healthCheck.path` for `HealthCheckPath`. */
function fieldOfAws(
  name: string,
  { properties = {} }: Node,
  above: readonly string[] = [],
): { aws: string; path: string } | undefined {
  for (const [field, member] of Object.entries(properties)) {
    const path = [...above, field];
    const aws = member[META]?.aws.split(".").at(-1) ?? "";
    const found = isSame(aws, name) ? { aws, path: path.join(".") } : fieldOfAws(name, member, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function stepsOf(schemaPath: string): string[] {
  const steps = schemaPath.split("/").slice(1);
  return steps.filter((step) => step !== "").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function schemaAt(schemaPath: string): Node {
  let node: unknown = webServiceSpecSchema;
  for (const step of stepsOf(schemaPath)) node = (node as Record<string, unknown>)[step];
  return (node ?? {}) as Node;
}

/** `spec.loadBalancer.listeners[].rules[]` of a pointer into the schema. */
function placeOf(schemaPath: string): string {
  const steps = stepsOf(schemaPath);
  let place = "spec";
  for (let index = 0; index < steps.length; index += 1) {
    if (steps[index] === "items") place += "[]";
    if (steps[index] === "properties") place += `.${steps[++index]}`;
    if (steps[index] === "patternProperties") {
      place += ".<name>";
      index += 1;
    }
  }
  return place;
}
