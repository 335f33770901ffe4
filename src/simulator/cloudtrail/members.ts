/**
 * Inputs and outputs as CloudTrail writes them: members begin with a small letter, EC2's lists are sets of items, and
 * what is secret is hidden.
 */
import type { ServiceName } from "../services.ts";

type Tree = Readonly<Record<string, unknown>>;

const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";
/** EC2's word for the same: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/using-cloudtrail.html */
const REMOVED = "<sensitiveDataRemoved>";
/** cloudtrail/secrets */
const SECRETS: Readonly<Record<string, string>> = {
  UserData: REMOVED,
  KeyMaterial: REMOVED,
  ClientSecret: HIDDEN,
  PrivateKey: HIDDEN,
};

/** `null` for nothing. */
export function membersOf(
  service: ServiceName,
  operation: string,
  tree: object | undefined,
  isAnswer: boolean,
): unknown {
  if (tree === undefined || Object.keys(tree).length === 0) return null;
  const given = isSecretParameter(service, operation) ? { ...tree, ...hiddenValue(tree as Tree) } : tree;
  if (service !== "ec2") return lowered(given);
  return /LaunchTemplate/.test(operation)
    ? templateMembers(operation, given as Tree, isAnswer)
    : setsOf(given as Tree);
}

function isSecretParameter(service: ServiceName, operation: string): boolean {
  return service === "ssm" && operation === "PutParameter";
}

function hiddenValue(tree: Tree): Tree {
  return tree.Value === undefined ? {} : { Value: HIDDEN };
}

/** Operations on launch templates are written within an envelope, with AWS's own names. cloudtrail/launch-templates */
function templateMembers(operation: string, tree: Tree, isAnswer: boolean): object {
  const envelope = `${operation}${isAnswer ? "Response" : "Request"}`;
  return { [envelope]: isAnswer ? lowered(tree) : kept(tree) };
}

/** cloudtrail/member-names */
function lowered(value: unknown): unknown {
  return mapped(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
}

function kept(value: unknown): unknown {
  return mapped(value, (name) => name);
}

function mapped(value: unknown, nameOf: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => mapped(one, nameOf));
  if (!isTree(value)) return scalarOf(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (member === undefined) return [];
      return [[nameOf(name), hidden(name, member) ?? mapped(member, nameOf)]];
    }),
  );
}

/** What stands for a secret, where the member is one. */
function hidden(name: string, member: unknown): unknown {
  const word = Object.hasOwn(SECRETS, name) ? SECRETS[name] : undefined;
  return word === undefined || isTree(member) ? undefined : word;
}

/** How EC2 calls the items of some lists; others keep the name of the list. */
const SETS: Readonly<Record<string, readonly [set: string, item: string | undefined]>> = {
  InstanceIds: ["instancesSet", "instanceId"],
  Instances: ["instancesSet", undefined],
  Resources: ["resourcesSet", "resourceId"],
  Tags: ["tagSet", undefined],
  Filters: ["filterSet", undefined],
  Values: ["valueSet", "value"],
  SecurityGroupIds: ["groupSet", "groupId"],
  GroupIds: ["securityGroupIdSet", "groupId"],
  IpPermissions: ["ipPermissions", undefined],
  IpRanges: ["ipRanges", undefined],
};

/** cloudtrail/ec2-sets */
function setsOf(tree: Tree): object {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const lower = name.charAt(0).toLowerCase() + name.slice(1);
      const word = hidden(name, value);
      if (word !== undefined) return [[lower, word]];
      if (Array.isArray(value)) {
        const [set, item] = SETS[name] ?? [`${lower.replace(/s$/, "")}Set`, undefined];
        return [[set, { items: value.map((one) => itemOf(one, item ?? lower.replace(/s$/, ""))) }]];
      }
      return [[lower, isTree(value) ? setsOf(value) : scalarOf(value)]];
    }),
  );
}

function itemOf(value: unknown, name: string): object {
  return isTree(value) ? setsOf(value) : { [name]: scalarOf(value) };
}

function scalarOf(value: unknown): unknown {
  if (value instanceof Date) return dateOf(value);
  return value instanceof Uint8Array ? { capacity: value.length, limit: value.length } : value;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** As in https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-cloudtrail-logs.html */
function dateOf(date: Date): string {
  const hours = date.getUTCHours();
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time} ${hours < 12 ? "AM" : "PM"}`;
}

function isTree(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null) return false;
  return !(Array.isArray(value) || value instanceof Date || value instanceof Uint8Array);
}
