import type { ListenerSpec } from "../listener/schema.ts";
import { duplicates, ELB_API, HOLDFAST, missing, type SpecRule } from "../spec-rule.ts";
import { type ActionSpec, targetGroupsOf } from "./schema.ts";

const ACTION = `${ELB_API}/API_Action.html` as const;

export const actionRules: readonly SpecRule<ActionSpec, { listener: ListenerSpec }>[] = [
  {
    at: "",
    must: "be exactly one of `forward`, `redirect`, `fixedResponse`",
    when: (action) => !isOne(action),
    says: (action) =>
      `must be exactly one of forward, redirect, fixedResponse; was ${Object.keys(action).join(" and ") || "none"}`,
    source: ACTION,
  },
  {
    at: "forward",
    must: "name either `targetGroup` or `targetGroups`",
    when: (action) => {
      const { targetGroup, targetGroups } = forwardOf(action) ?? {};
      return targetGroup !== undefined && targetGroups !== undefined;
    },
    says: "names targetGroup and targetGroups; keep one of the two",
    source: ACTION,
  },
  {
    at: "forward.targetGroup",
    must: "be given unless `targetGroups` is",
    when: (action) => forwardOf(action) !== undefined && targetGroupsOf(action).length === 0,
    says: "is required: the name of a target group of this spec",
    reason: "FieldValueRequired",
    source: ACTION,
  },
  {
    at: "forward.targetGroups",
    must: "name each target group once",
    each: (action) => duplicates(forwardedTo(action)).map((name) => `names ${name} twice`),
    reason: "FieldValueDuplicate",
    source: HOLDFAST,
  },
  {
    at: "forward",
    must: "name target groups of this spec",
    each: (action, { spec }) =>
      forwardedTo(action)
        .filter((name) => spec.targetGroups[name] === undefined)
        .map((name) => ({
          at: action.forward?.targetGroup === undefined ? "forward.targetGroups" : "forward.targetGroup",
          says: missing("target group", name, spec.targetGroups),
        })),
    reason: "FieldValueNotFound",
    source: HOLDFAST,
  },
  {
    at: "redirect",
    must: "lead to another URL than the one that was asked for",
    when: (action, { listener }) => isOne(action) && leadsBack(action.redirect, listener),
    says: "leads back to where it came from; change protocol, host, port or path",
    source: `${ELB_API}/API_RedirectActionConfig.html`,
  },
];

function isOne(action: ActionSpec): boolean {
  return Object.keys(action).length === 1;
}

/** Of an action that is several at once only that is told. */
function forwardOf(action: ActionSpec): ActionSpec["forward"] {
  return isOne(action) ? action.forward : undefined;
}

function forwardedTo(action: ActionSpec): string[] {
  return isOne(action) ? targetGroupsOf(action) : [];
}

function leadsBack(redirect: ActionSpec["redirect"], { protocol, port }: ListenerSpec): boolean {
  return (
    redirect !== undefined &&
    redirect.host === "#{host}" &&
    redirect.path === "/#{path}" &&
    redirect.query === "#{query}" &&
    ["#{protocol}", protocol].includes(redirect.protocol) &&
    ["#{port}", String(port)].includes(redirect.port)
  );
}
