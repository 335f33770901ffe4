/** What of AWS's a spec cannot hold: docs/not-supported-yet.md, from the SDK's schemas and the tables of members. */

import { OPERATIONS } from "../src/aws/operations.ts";
import type { KindName } from "../src/model/kind-name.ts";
import type { OperationName } from "../src/ports.ts";
import { MEMBER_TABLES } from "../src/reconciler/kinds/coverage/answer-members.ts";
import { CALL_MEMBERS } from "../src/reconciler/kinds/coverage/call-members.ts";
import {
  type InputTable,
  type MemberRule,
  type MemberTable,
  ruleAt,
} from "../src/reconciler/kinds/coverage/member-table.ts";
import { kindNamed } from "../src/reconciler/kinds/registry.ts";
import { table } from "./markdown.ts";
import { inputAt, leavesOf } from "./sdk-facts.ts";

/** What a call says about itself: nobody looks for it in a spec. */
const OF_THE_CALL = ["DryRun", "ClientToken"];

/** The members of one input, and what each is; `undefined`: no table says. */
export function inputMembers(
  members: MemberTable,
  { operation, at, rules }: InputTable,
): [path: string, rule: MemberRule | undefined][] {
  const [main] = members.answers;
  const all = at === undefined ? { ...main?.rules, ...rules } : rules;
  return leavesOf(inputAt(operation, at === undefined ? [] : [at]))
    .filter((path) => !OF_THE_CALL.includes(path))
    .map((path) => [path, ruleAt(all, path)]);
}

export function notSupportedPage(): string {
  const kinds = Object.entries(MEMBER_TABLES) as [KindName, MemberTable][];
  return [
    "# Not supported yet",
    "",
    "<!-- Generated from the AWS SDK's schemas and the tables of members in src/reconciler/kinds/ by `npm run docs`. -->",
    "",
    "Members of AWS's inputs that a spec cannot hold. A spec that names one is refused, and nothing of it is ever written.",
    "Where AWS has one set, Holdfast leaves it as it is. Launch template versions, scaling policies and alarms are replaced as a whole by one call: what such a resource had when it was adopted is carried along.",
    "`status.coverage` names each one that is set, with its value, as not compared. Where it has the value that AWS documents for what nobody has set, it counts as equal.",
    "",
    ...kinds.flatMap(([name, members]) => sectionOf(kindNamed(name).title, members)),
    "## What Holdfast fills in itself",
    "",
    "Of the calls of Auto Scaling and EC2 that write; nobody misses it in a spec.",
    "",
    table(
      ["Why", "Members"],
      [...Map.groupBy(Object.entries(CALL_MEMBERS), ([, why]) => why)].map(([why, members]) => [
        capitalised(why),
        members.map(([member]) => `\`${member}\``).join(", "),
      ]),
    ),
    "",
  ].join("\n");
}

/**
 * Members of the inputs of calls of Auto Scaling and EC2 that write, and what says why each is in a spec or not: the table
 * of a kind, or what Holdfast fills in; `undefined`: nothing does.
 */
export function writtenMembers(): [operation: string, path: string, by: "table" | "call" | undefined][] {
  const operations = (Object.keys(OPERATIONS) as OperationName[]).filter(
    (name) => /^(autoscaling|ec2):/.test(name) && !/:(Describe|Get|List)/.test(name),
  );
  const tables = Object.values(MEMBER_TABLES).flatMap((members) =>
    members.inputs.map((input) => ({ members, input })),
  );
  return operations.flatMap((operation) => {
    const known = new Set(
      tables
        .filter(({ input }) => input.operation === operation)
        .flatMap(({ members, input }) =>
          inputMembers(members, input)
            .filter(([, rule]) => rule !== undefined)
            .map(([path]) => (input.at === undefined ? path : `${input.at}.${path}`)),
        ),
    );
    return leavesOf(inputAt(operation, []))
      .filter((path) => !OF_THE_CALL.includes(path))
      .map((path): [string, string, "table" | "call" | undefined] => {
        if (known.has(path)) return [operation, path, "table"];
        const [member = ""] = path.split(/[.[]/);
        return [operation, path, CALL_MEMBERS[member] === undefined ? undefined : "call"];
      });
  });
}

function sectionOf(title: string, members: MemberTable): string[] {
  const byReason = new Map<string, string[]>();
  const note = (why: string, member: string) => {
    const known = byReason.get(why) ?? [];
    if (!known.includes(member)) byReason.set(why, [...known, member]);
  };
  for (const input of members.inputs) {
    for (const [path, rule] of inputMembers(members, input))
      if (rule?.is === "notSupported") note(rule.why ?? "", `\`${path}\``);
  }
  for (const { isKeyed, rules } of members.answers) {
    if (isKeyed !== true) continue;
    for (const [key, { is, why = "" }] of Object.entries(rules))
      if (is === "notSupported") note(why, `\`${key}\` (attribute)`);
  }
  const operations = members.inputs.map(({ operation }) => `\`${operation}\``).join(", ");
  const rows = [...byReason].map(([why, list]) => [capitalised(why), list.join(", ")]);
  const ownCalls = Object.values(members.ownCalls ?? {}).map(
    ({ what, write, unread }) =>
      `- ${capitalised(what)}: not written (\`${write}\`)${unread === undefined ? "" : `, and not read (\`${unread}\`)`}.`,
  );
  return [
    `## ${capitalised(title)}`,
    "",
    `Of ${operations}.`,
    "",
    ...(rows.length === 0 ? ["Every member has a field."] : [table(["Why", "Members"], rows)]),
    "",
    ...(ownCalls.length === 0 ? [] : [...ownCalls, ""]),
  ];
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
