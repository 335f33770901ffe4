/** What can be done to the simulated account beside AWS's own operations. */
import { refusalOf } from "../account/throttle.ts";
import type { Account } from "../account.ts";
import type { ApplicationFault } from "../ec2/machine.ts";
import type { ServiceName } from "../services.ts";
import type { ControlAction } from "./control-action.ts";
import { EVENT_ACTIONS } from "./control-events.ts";
import {
  ControlError,
  type ControlInput,
  choice,
  flag,
  number,
  onlyFields,
  optionalNumber,
  optionalText,
  optionalTexts,
  text,
} from "./control-input.ts";
import { canBeIneffective } from "./ineffective.ts";
import type { Fault } from "./interceptors.ts";

const DAY_SECONDS = 86_400;
const DONE = { done: true };

export const CONTROL_ACTIONS: Readonly<Record<string, ControlAction>> = {
  state: {
    method: "GET",
    what: "Shows instances, zones, load balancers with the health of their targets, groups, faults, and counts of the calls so far.",
    run: (account) => stateOf(account),
  },
  publications: {
    method: "GET",
    what: "Shows what was published to topics, oldest first: when, to which, and the message.",
    run: (account) => ({
      publications: account.publications().map(({ atMs, message, ...rest }) => ({
        at: new Date(atMs).toISOString(),
        ...rest,
        message: JSON.parse(message) as object,
      })),
    }),
  },
  break: {
    method: "POST",
    what: "Makes the application on one instance answer with a status code, refuse connections (how: refuse) or never answer (how: timeout).",
    example: { instanceId: "i-…", how: "status", statusCode: 500 },
    run: (account, input) => {
      onlyFields(input, "instanceId", "how", "statusCode");
      account.control.breakApplication(text(input, "instanceId"), applicationFault(input));
      return DONE;
    },
  },
  mend: {
    method: "POST",
    what: "Mends the application on one instance.",
    example: { instanceId: "i-…" },
    run: (account, input) => {
      onlyFields(input, "instanceId");
      account.control.mendApplication(text(input, "instanceId"));
      return DONE;
    },
  },
  stop: {
    method: "POST",
    what: "Stops one instance from within, as a shutdown command would.",
    example: { instanceId: "i-…" },
    run: (account, input) => {
      onlyFields(input, "instanceId");
      account.control.stop(text(input, "instanceId"));
      return DONE;
    },
  },
  impair: {
    method: "POST",
    what: "Makes the host (system) or the operating system (instance) of one instance fail, which its status checks report within two minutes; both false mends it.",
    example: { instanceId: "i-…", system: true, instance: false },
    run: (account, input) => {
      onlyFields(input, "instanceId", "system", "instance");
      const impairment = { system: flag(input, "system", false), instance: flag(input, "instance", false) };
      account.control.impair(text(input, "instanceId"), impairment);
      return DONE;
    },
  },
  zone: {
    method: "POST",
    what: "Takes an Availability Zone away (nothing in it answers, nothing can be launched there) or brings it back.",
    example: { zone: "us-east-1a", available: false },
    run: (account, input) => {
      onlyFields(input, "zone", "available");
      const zone = text(input, "zone");
      if (flag(input, "available", false)) account.control.restoreZone(zone);
      else account.control.failZone(zone);
      return DONE;
    },
  },
  interrupt: {
    method: "POST",
    what: "Recommends to replace one Spot Instance, gives it the notice of two minutes after `noticeAfterSeconds` (0 unless told otherwise), and takes it back then; with recommendOnly nothing follows.",
    example: { instanceId: "i-…", noticeAfterSeconds: 600 },
    run: (account, input) => {
      onlyFields(input, "instanceId", "noticeAfterSeconds", "recommendOnly");
      const seconds = optionalNumber(input, "noticeAfterSeconds", 0, DAY_SECONDS) ?? 0;
      const noticeAfterMs = flag(input, "recommendOnly", false) ? undefined : seconds * 1_000;
      account.control.interrupt(text(input, "instanceId"), noticeAfterMs);
      return DONE;
    },
  },
  capacity: {
    method: "POST",
    what: "Leaves nothing to launch of an instance type in a zone, On-Demand or Spot, or lets it be launched again. Without a type or a zone it is all of them.",
    example: { market: "spot", instanceType: "m5.large", zone: "us-east-1a", available: false },
    run: (account, input) => {
      onlyFields(input, "market", "instanceType", "zone", "available");
      const selection = {
        market: choice(input, "market", ["on-demand", "spot"]),
        instanceType: optionalText(input, "instanceType"),
        zone: optionalText(input, "zone"),
      };
      account.control.exhaust(selection, !flag(input, "available", false));
      return DONE;
    },
  },
  load: {
    method: "POST",
    what: "Sets the traffic of one load balancer (ARN, name or app/name/id): requests per second, and the share of them that the application answers with 500.",
    example: { loadBalancer: "web-alb", requestsPerSecond: 250, errorRate: 0.01 },
    run: (account, input) => {
      onlyFields(input, "loadBalancer", "requestsPerSecond", "errorRate");
      account.parts.load.set(text(input, "loadBalancer"), {
        requestsPerSecond: number(input, "requestsPerSecond", 0, 1_000_000),
        errorRate: optionalNumber(input, "errorRate", 0, 1) ?? 0,
      });
      return DONE;
    },
  },
  fault: {
    method: "POST",
    what: "Makes an operation (or * for all of a service) fail for the next `times` calls, for `seconds`, or until cleared. Kinds: throttle; error (code, message, status); lost (no answer); damaged (body: empty, truncated, garbage); slow (ms); ineffective (a change is answered and not made, as a whole or in its `members`). When: before or after the effect.",
    example: {
      service: "elasticloadbalancing",
      operation: "CreateListener",
      kind: "lost",
      when: "after",
      times: 1,
    },
    run: (account, input) => addFault(account, input),
  },
  "clear-faults": {
    method: "POST",
    what: "Ends all faults.",
    example: {},
    run: (account, input) => {
      onlyFields(input);
      account.faults.clear();
      return DONE;
    },
  },
  ...EVENT_ACTIONS,
  advance: {
    method: "POST",
    what: "Lets the given number of seconds pass at once.",
    example: { seconds: 300 },
    run: async (account, input, { advance }) => {
      onlyFields(input, "seconds");
      const seconds = number(input, "seconds", 0, 30 * DAY_SECONDS);
      if (advance === undefined) throw new ControlError("this account's time cannot be moved by hand", 409);
      await advance(seconds * 1000);
      return { now: nowOf(account) };
    },
  },
};

function applicationFault(input: ControlInput): ApplicationFault {
  const how = choice(input, "how", ["status", "refuse", "timeout"], "status");
  if (how !== "status") return { kind: how };
  const statusCode = optionalNumber(input, "statusCode", 100, 599) ?? 500;
  if (!Number.isInteger(statusCode)) throw new ControlError("'statusCode' must be a whole number");
  return { kind: "status", statusCode };
}

const SERVICES: Readonly<Record<string, ServiceName>> = {
  elasticloadbalancing: "elasticloadbalancing",
  elbv2: "elasticloadbalancing",
  autoscaling: "autoscaling",
  ec2: "ec2",
  cloudwatch: "cloudwatch",
  sts: "sts",
  ssm: "ssm",
  acm: "acm",
  sns: "sns",
  iam: "iam",
  sqs: "sqs",
  events: "events",
  cloudtrail: "cloudtrail",
};

function addFault(account: Account, input: ControlInput): object {
  onlyFields(
    input,
    "service",
    "operation",
    "kind",
    "when",
    "times",
    "seconds",
    "code",
    "message",
    "status",
    "body",
    "ms",
    "members",
  );
  const service = SERVICES[choice(input, "service", Object.keys(SERVICES))]!;
  const operation = text(input, "operation");
  if (operation !== "*" && !account.has(service, operation)) {
    throw new ControlError(`this account has no operation ${service}:${operation}`, 404);
  }
  const times = optionalNumber(input, "times", 1, 1_000_000);
  const seconds = optionalNumber(input, "seconds", 0, 30 * DAY_SECONDS);
  const rule = {
    service,
    operation,
    when: choice(input, "when", ["before", "after"], "before"),
    fault: faultOf(input, service),
    ...(times !== undefined && { times }),
    ...(seconds !== undefined && { seconds }),
  };
  try {
    return { id: account.faults.add(rule) };
  } catch (error) {
    if (error instanceof RangeError) throw new ControlError(error.message, 409);
    throw error;
  }
}

function faultOf(input: ControlInput, service: ServiceName): Fault {
  const kind = choice(input, "kind", ["throttle", "error", "lost", "damaged", "slow", "ineffective"]);
  switch (kind) {
    case "throttle": {
      const { code, message, status } = refusalOf(service);
      return { kind: "error", code, message, ...(status !== undefined && { status }) };
    }
    case "error": {
      const status = optionalNumber(input, "status", 400, 599);
      return {
        kind: "error",
        code: text(input, "code"),
        message: optionalText(input, "message") ?? "Asked for by the simulator's control route",
        ...(status !== undefined && { status }),
      };
    }
    case "lost":
      return { kind: "lost", afterMs: optionalNumber(input, "ms", 0, 600_000) ?? 0 };
    case "damaged":
      return { kind: "damaged", body: choice(input, "body", ["empty", "truncated", "garbage"], "truncated") };
    case "ineffective": {
      const members = optionalTexts(input, "members");
      const operation = text(input, "operation");
      if (members === undefined && !canBeIneffective(service, operation)) {
        throw new ControlError(`${operation} cannot be answered without being done: name its 'members'`, 409);
      }
      if (input.when === "after") throw new ControlError("'when' is before: what is not done has no after");
      return { kind: "ineffective", ...(members !== undefined && { members }) };
    }
    case "slow":
      return { kind: "slow", ms: number(input, "ms", 0, 600_000) };
  }
}

function stateOf(account: Account): object {
  const { elb, autoScaling, load } = account.parts;
  return {
    now: nowOf(account),
    zones: account.control.zones(),
    instances: account.control.instances(),
    loadBalancers: elb.loadBalancers().map((one) => ({
      ...one,
      load: load.get(one.arn),
      targetGroups: one.targetGroups.map((group) => ({ ...group, targets: elb.targets(group.arn) })),
    })),
    autoScalingGroups: autoScaling.groups(),
    faults: account.faults.list(),
    calls: {
      total: account.calls.total(),
      mutating: account.calls.mutating(),
      byOperation: account.calls.counts(),
      ofOthers: account.others.counts(),
    },
  };
}

function nowOf(account: Account): string {
  return new Date(account.context.clock.nowMs()).toISOString();
}
