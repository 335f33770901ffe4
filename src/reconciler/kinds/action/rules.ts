import type { ListenerSpec } from "../listener/schema.ts";
import { isPort } from "../ports.ts";
import {
  type Around,
  duplicates,
  ELB_API,
  ELB_GUIDE,
  HOLDFAST,
  memberOf,
  missing,
  type SpecRule,
} from "../spec-rule.ts";
import type { TargetGroupSpec } from "../target-group/schema.ts";
import { type ActionSpec, targetGroupsOf } from "./schema.ts";

const ACTION = `${ELB_API}/API_Action.html` as const;
const REDIRECT = `${ELB_API}/API_RedirectActionConfig.html` as const;

interface InListener {
  readonly listener: ListenerSpec;
}

const forwardRules: readonly SpecRule<ActionSpec, InListener>[] = [
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
    source: `${ELB_API}/API_ForwardActionConfig.html`,
  },
  {
    at: "forward",
    must: "name target groups of this spec",
    each: (action, { spec }) =>
      forwardedTo(action)
        .filter((name) => memberOf(spec.targetGroups, name) === undefined)
        .map((name) => ({ at: namesAt(action), says: missing("target group", name, spec.targetGroups) })),
    reason: "FieldValueNotFound",
    source: HOLDFAST,
  },
  {
    at: "forward.stickiness",
    must: "be enabled where one of several target groups has `stickiness.enabled`",
    each: (action, { spec }) => {
      const names = forwardedTo(action);
      if (names.length < 2 || action.forward?.stickiness?.enabled === true) return [];
      return groupsOf(names, spec)
        .filter(([, { attributes }]) => attributes["stickiness.enabled"] === true)
        .map(
          ([name]) => `must be enabled: ${name} is sticky, and shares its requests with other target groups`,
        );
    },
    source: `${ELB_GUIDE}/edit-target-group-attributes.html`,
  },
  {
    at: "forward.stickiness.durationSeconds",
    must: "be given while `enabled` is true, with `spec.defaults` AWS",
    when: ({ forward }) =>
      forward?.stickiness?.enabled === true && forward.stickiness.durationSeconds === undefined,
    says: "is required while enabled is true: AWS has no default for it",
    reason: "FieldValueRequired",
    source: `${ELB_API}/API_TargetGroupStickinessConfig.html`,
  },
  {
    at: "forward",
    must: "name target groups with `protocolVersion` HTTP1 behind an HTTP listener",
    each: (action, { spec, listener }) =>
      groupsOf(listener.protocol === "HTTP" ? forwardedTo(action) : [], spec)
        .filter(([, { protocolVersion }]) => protocolVersion !== "HTTP1")
        .map(([name, { protocolVersion }]) => ({
          at: namesAt(action),
          says: `${name} has protocolVersion ${protocolVersion}, which needs an HTTPS listener; this one is HTTP`,
        })),
    source: `${ELB_GUIDE}/load-balancer-target-groups.html`,
  },
];

const redirectRules: readonly SpecRule<ActionSpec, InListener>[] = [
  {
    at: "redirect",
    must: "lead to another URL than the one that was asked for",
    when: (action, { listener }) => isOne(action) && leadsBack(action.redirect, listener),
    says: "leads back to where it came from; change protocol, host, port or path",
    source: REDIRECT,
  },
  {
    at: "redirect.protocol",
    must: "not be HTTP behind an HTTPS listener",
    when: ({ redirect }, { listener }) => listener.protocol === "HTTPS" && redirect?.protocol === "HTTP",
    says: "must not be HTTP behind an HTTPS listener: AWS does not redirect HTTPS to HTTP",
    source: REDIRECT,
  },
  {
    at: "redirect.port",
    must: "be 1 to 65535, or `#{port}`",
    when: ({ redirect }) => redirect !== undefined && redirect.port !== "#{port}" && !isPort(redirect.port),
    source: REDIRECT,
  },
  {
    at: "redirect.query",
    must: "not begin with `?`, which AWS adds",
    when: ({ redirect }) => redirect?.query.startsWith("?") === true,
    source: REDIRECT,
  },
];

/** Of a default action as of a rule's. */
export const actionRules: readonly SpecRule<ActionSpec, InListener>[] = [
  {
    at: "",
    must: "be exactly one of `forward`, `redirect`, `fixedResponse`",
    when: (action) => !isOne(action),
    says: (action) =>
      `must be exactly one of forward, redirect, fixedResponse; was ${Object.keys(action).join(" and ") || "none"}`,
    source: ACTION,
  },
  ...forwardRules,
  ...redirectRules,
  {
    at: "fixedResponse.statusCode",
    must: "be 2XX, 4XX or 5XX",
    when: ({ fixedResponse }) =>
      fixedResponse !== undefined && !/^[245][0-9][0-9]$/.test(fixedResponse.statusCode),
    source: `${ELB_API}/API_FixedResponseActionConfig.html`,
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

/** Where the action names its target groups. */
function namesAt({ forward }: ActionSpec): string {
  return forward?.targetGroup === undefined ? "forward.targetGroups" : "forward.targetGroup";
}

function groupsOf(names: readonly string[], spec: Around["spec"]): [name: string, group: TargetGroupSpec][] {
  return names.flatMap((name) => {
    const group = memberOf(spec.targetGroups, name);
    return group === undefined ? [] : [[name, group] as [string, TargetGroupSpec]];
  });
}

/** The query does not count. AWS knows the listener's own protocol and port for what they are. */
function leadsBack(redirect: ActionSpec["redirect"], { protocol, port }: ListenerSpec): boolean {
  return (
    redirect !== undefined &&
    redirect.host === "#{host}" &&
    redirect.path === "/#{path}" &&
    ["#{protocol}", protocol].includes(redirect.protocol) &&
    ["#{port}", String(port)].includes(redirect.port)
  );
}
