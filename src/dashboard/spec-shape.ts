/** The parts of a spec that the topology shows, read with suspicion: a spec is any JSON value here. */

interface Route {
  /** What arrives, for example `HTTPS :443` or `/admin/*`. */
  match: string;
  /** What is done with it, in words. */
  does: string;
  /** Addresses of the target groups that it forwards to. */
  targetGroups: string[];
}

export interface ListenerShape {
  /** Address, for example `loadBalancer.listeners.443`. */
  key: string;
  title: string;
  rules: Route[];
}

export interface TargetGroupShape {
  key: string;
  title: string;
  check: string;
}

export interface GroupShape {
  key: string;
  title: string;
  size: string;
  targetGroups: string[];
}

export interface SpecShape {
  listeners: ListenerShape[];
  targetGroups: TargetGroupShape[];
  groups: GroupShape[];
  /** How many alarms it has. */
  alarms: number;
}

type Members = Record<string, unknown>;

export function shapeOf(spec: unknown): SpecShape {
  const root = membersOf(spec);
  return {
    listeners: listOf(membersOf(root.loadBalancer).listeners).map((each) => listenerOf(membersOf(each))),
    targetGroups: Object.entries(membersOf(root.targetGroups)).map(([name, each]) =>
      targetGroupOf(name, membersOf(each)),
    ),
    groups: Object.entries(membersOf(root.autoScalingGroups)).map(([name, each]) =>
      groupOf(name, membersOf(each)),
    ),
    alarms: Object.keys(membersOf(root.alarms)).length,
  };
}

function listenerOf(listener: Members): ListenerShape {
  const port = textOf(listener.port, "?");
  const rules = listOf(listener.rules).map(membersOf);
  const byPriority = [...rules].sort((a, b) => Number(a.priority ?? 0) - Number(b.priority ?? 0));
  return {
    key: `loadBalancer.listeners.${port}`,
    title: `${textOf(listener.protocol, "HTTP")} :${port}`,
    rules: [
      ...byPriority.map((rule) => routeOf(conditionsText(rule.conditions), rule.action)),
      routeOf("everything else", listener.defaultAction),
    ],
  };
}

function routeOf(match: string, given: unknown): Route {
  const action = membersOf(given);
  if (action.redirect !== undefined) {
    const redirect = membersOf(action.redirect);
    const port = redirect.port === undefined ? "" : `:${textOf(redirect.port, "")}`;
    return {
      match,
      does: `redirect to ${textOf(redirect.protocol, "another URL")} ${port}`.trim(),
      targetGroups: [],
    };
  }
  if (action.fixedResponse !== undefined) {
    return {
      match,
      does: `answer ${textOf(membersOf(action.fixedResponse).statusCode, "?")}`,
      targetGroups: [],
    };
  }
  const forward = membersOf(action.forward);
  const weighted = listOf(forward.targetGroups).map(membersOf);
  const targets = weighted.length > 0 ? weighted : [forward];
  const names = targets.map((target) => textOf(target.targetGroup, "?"));
  const shares = targets.map((target, index) =>
    target.weight === undefined || targets.length === 1
      ? names[index]
      : `${names[index]} (${textOf(target.weight, "?")})`,
  );
  return {
    match,
    does: `forward to ${shares.join(", ")}`,
    targetGroups: names.map((name) => `targetGroups.${name}`),
  };
}

function conditionsText(conditions: unknown): string {
  const texts = listOf(conditions)
    .map(membersOf)
    .flatMap((condition) => Object.entries(condition).map(([kind, value]) => conditionText(kind, value)));
  return texts.length === 0 ? "everything" : texts.join(" and ");
}

function conditionText(kind: string, value: unknown): string {
  const values = Array.isArray(value) ? value : [value];
  const text = values.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(" or ");
  return kind === "pathPattern" ? text : `${kind} ${text}`;
}

function targetGroupOf(name: string, targetGroup: Members): TargetGroupShape {
  const check = membersOf(targetGroup.healthCheck);
  const every = check.intervalSeconds === undefined ? "" : ` every ${textOf(check.intervalSeconds, "")} s`;
  return {
    key: `targetGroups.${name}`,
    title: `${name} · ${textOf(targetGroup.protocol, "HTTP")} :${textOf(targetGroup.port, "?")}`,
    check: `checks ${textOf(check.path, "its default path")}${every}`,
  };
}

function groupOf(name: string, group: Members): GroupShape {
  const named = listOf(group.targetGroups).filter((each) => typeof each === "string");
  return {
    key: `autoScalingGroups.${name}`,
    title: name,
    size: `${textOf(group.minSize, "?")} to ${textOf(group.maxSize, "?")} × ${launchedBy(group)}`,
    targetGroups: named.map((each) => `targetGroups.${each}`),
  };
}

/** A type, or how many of them; by attributes, nobody can say which. */
function launchedBy({ launchTemplate, mixedInstancesPolicy }: Members): string {
  const overrides = listOf(membersOf(membersOf(mixedInstancesPolicy).launchTemplate).overrides).map(
    membersOf,
  );
  if (overrides.some(({ instanceRequirements }) => instanceRequirements !== undefined))
    return "types by attributes";
  if (overrides.length > 1) return `${overrides.length} instance types`;
  return textOf(overrides[0]?.instanceType ?? membersOf(launchTemplate).instanceType, "instance");
}

function membersOf(value: unknown): Members {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Members) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : otherwise;
}
