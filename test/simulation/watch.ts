/** What must never happen on the way. Sees every call of everybody, at the moment of its effect. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../src/simulator/account.ts";
import type { Call, Fault, Interceptor } from "../../src/simulator/faults.ts";
import { CANARY } from "./specs.ts";

export interface WatchHooks {
  nowMs(): number;
  isDaemons(call: Call): boolean;
  /** Whether the user wants the resource at this address now, and has wanted it for some seconds. */
  isWanted(owner: string, address: string): boolean;
  object(text: string): void;
  /** Whether every user has told the daemon, some seconds ago, to keep its hands off. */
  isPaused(): boolean;
  /** Whether the journal holds this call as sent and not yet answered. */
  isWrittenDown(operation: string): boolean;
  account(): Account;
}

interface Known {
  readonly id: string;
  readonly owner: string;
  readonly address: string;
  /** Listener of a rule, load balancer of a listener. */
  readonly parent: string;
  actions: readonly Action[];
}

/** Calls of the daemon in one minute beyond which something turns in a circle. */
const STORM = 600;
/** No history asks for as many. */
const MOST_EFFECTS = 1_000;
const SECRETS = [0, 1, 2].map((shift) => {
  const text = Buffer.from(`${"x".repeat(shift)}${CANARY}`).toString("base64");
  return text.slice(shift === 0 ? 0 : 4, -4);
});

export class Watch implements Interceptor {
  /** Calls of the daemon that have changed something. */
  effects = 0;
  reads = 0;
  /** How often the daemon has looked at everything. */
  looks = 0;
  hasServed = false;
  readonly effectsByOperation = new Map<string, number>();
  readonly foreign = new Map<string, string>();
  foreignTags: { id: string; key: string }[] = [];
  readonly #hooks: WatchHooks;
  readonly #known = new Map<string, Known>();
  #minute = 0;
  #callsInMinute = 0;

  constructor(hooks: WatchHooks) {
    this.#hooks = hooks;
  }

  before(call: Call): Fault | undefined {
    if (!this.#hooks.isDaemons(call)) return undefined;
    this.#count(call);
    if (call.mutating) this.#judge(call);
    return undefined;
  }

  #count(call: Call): void {
    const minute = Math.floor(this.#hooks.nowMs() / 60_000);
    if (minute !== this.#minute) [this.#minute, this.#callsInMinute] = [minute, 0];
    this.#callsInMinute += 1;
    if (this.#callsInMinute === STORM) this.#hooks.object(`a storm: ${STORM} calls within a minute`);
    if (!call.mutating) this.reads += 1;
    if (call.operation === "DescribeLoadBalancers" && !("LoadBalancerArns" in call.input)) this.looks += 1;
  }

  #judge(call: Call): void {
    const text = JSON.stringify(call.input);
    if (!this.#hooks.isWrittenDown(`${call.service}:${call.operation}`))
      this.#hooks.object(`${call.operation} was sent before it was written down`);
    if (this.#hooks.isPaused()) this.#hooks.object(`${call.operation} is sent although everything is paused`);
    for (const [id, what] of this.foreign)
      if (text.includes(`"${id}"`))
        this.#hooks.object(`${call.operation} touches ${what}, which is not ours`);
    const { TagKeys = [], Tags = [] } = call.input as { TagKeys?: string[]; Tags?: { Key?: string }[] };
    const keys = /RemoveTags|DeleteTags|UntagResource/.test(call.operation)
      ? [...TagKeys, ...Tags.map((tag) => tag.Key)]
      : [];
    if (keys.includes("CostCentre")) this.#hooks.object(`${call.operation} removes a tag of somebody else's`);
    this.#judgeRemoval(call);
  }

  /** A wanted resource may go only when another one stands in its place, and serves if this one did. */
  #judgeRemoval(call: Call): void {
    const id = removedBy(call);
    const known = id === undefined ? undefined : this.#known.get(id);
    if (known === undefined || !this.#hooks.isWanted(known.owner, known.address)) return;
    const others = [...this.#known.values()].filter(
      (other) => other.id !== known.id && other.owner === known.owner && other.address === known.address,
    );
    if (others.length === 0)
      this.#hooks.object(
        `${call.operation} removes ${known.address}, which is wanted and has no replacement`,
      );
    else if (this.#serving(known.id) > 0 && others.every((other) => this.#serving(other.id) === 0))
      this.#hooks.object(`${call.operation} removes ${known.address} before its replacement serves`);
  }

  /** Healthy targets behind a load balancer or in a target group; zero for anything else. */
  #serving(id: string): number {
    const { elb } = this.#hooks.account().parts;
    const healthy = (arn: string) =>
      elb.targets(arn).filter((target) => target.health.state === "healthy").length;
    if (id.includes(":targetgroup/")) return elb.targetGroupExists(id) ? healthy(id) : 0;
    const balancer = elb.loadBalancers().find((item) => item.arn === id);
    return balancer === undefined
      ? 0
      : Math.max(0, ...balancer.targetGroups.map((group) => healthy(group.arn)));
  }

  after(call: Call, output: object): Fault | undefined {
    if (!call.mutating) return undefined;
    const { ListenerArn, RuleArn } = call.input as { ListenerArn?: string; RuleArn?: string };
    const before = this.#known.get(RuleArn ?? ListenerArn ?? "")?.actions ?? [];
    this.#learn(call, output);
    if (!this.#hooks.isDaemons(call)) return undefined;
    this.effects += 1;
    if (this.effects === MOST_EFFECTS) this.#hooks.object(`${MOST_EFFECTS} changes, and no end`);
    this.effectsByOperation.set(call.operation, (this.effectsByOperation.get(call.operation) ?? 0) + 1);
    if (/^Modify(Listener|Rule)$/.test(call.operation)) this.#judgeRouting(call, before);
    return undefined;
  }

  #learn(call: Call, output: object): void {
    const removed = removedBy(call);
    if (removed !== undefined) {
      this.#forget(removed);
      this.foreignTags = this.foreignTags.filter((tag) => tag.id !== removed);
    }
    const {
      Listeners = [],
      Rules = [],
      TargetGroups = [],
      LoadBalancers = [],
      LaunchTemplate,
    } = output as Outputs;
    const input = call.input as {
      Tags?: { Key?: string; Value?: string }[];
      AutoScalingGroupName?: string;
      ListenerArn?: string;
      LoadBalancerArn?: string;
      TagSpecifications?: { Tags?: { Key?: string; Value?: string }[] }[];
    };
    const tags = input.Tags ?? input.TagSpecifications?.[0]?.Tags ?? [];
    const add = (id: string | undefined, parent = "", actions: readonly Action[] = []) => {
      if (id === undefined) return;
      const known = this.#known.get(id);
      if (known !== undefined) {
        if (actions.length > 0) known.actions = actions;
        return;
      }
      const owner = tags.find((tag) => tag.Key === "holdfast.dev/owner")?.Value;
      const address = tags.find((tag) => tag.Key === "holdfast.dev/resource")?.Value;
      if (owner !== undefined && address !== undefined)
        this.#known.set(id, { id, owner, address, parent, actions });
    };
    for (const item of LoadBalancers) add(item.LoadBalancerArn);
    for (const item of TargetGroups) add(item.TargetGroupArn);
    for (const item of Listeners) add(item.ListenerArn, input.LoadBalancerArn, item.DefaultActions ?? []);
    for (const item of Rules) add(item.RuleArn, input.ListenerArn, item.Actions ?? []);
    if (call.operation === "CreateAutoScalingGroup") add(input.AutoScalingGroupName);
    if (call.operation === "CreateLaunchTemplate") add(LaunchTemplate?.LaunchTemplateId);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    for (const child of [...this.#known.values()].filter((item) => item.parent === id))
      this.#forget(child.id);
  }

  /** The daemon has just moved traffic: not to where nobody answers, away from where somebody does. */
  #judgeRouting(call: Call, before: readonly Action[]): void {
    const { ListenerArn, RuleArn } = call.input as { ListenerArn?: string; RuleArn?: string };
    const known = this.#known.get(RuleArn ?? ListenerArn ?? "");
    if (known === undefined) return;
    const serves = (arn: string) => this.#serving(arn) > 0;
    const groups = forwardedTo(known.actions);
    if (groups.length === 0 || groups.some(serves)) return;
    // To another target group of the spec it goes because its user says so; to a successor, when that serves.
    const addressOf = (arn: string) => this.#known.get(arn)?.address ?? arn;
    const replaced = groups.map(addressOf);
    if (!forwardedTo(before).some((arn) => serves(arn) && replaced.includes(addressOf(arn)))) return;
    this.#hooks.object(
      `${call.operation} sends ${known.address} to targets that do not serve, away from some that do`,
    );
  }

  /** Whether each of our forwarding listeners reaches somebody; undefined when there is none of them. */
  isServing(): boolean | undefined {
    const forwards = [...this.#known.values()]
      .map((known) => forwardedTo(known.actions))
      .filter((groups) => groups.length > 0);
    if (forwards.length === 0) return undefined;
    return forwards.every((groups) => groups.some((arn) => this.#serving(arn) > 0));
  }

  /** A text that leaves the daemon: a log line, an event, a status. */
  hear(where: string, text: string): void {
    if (text.includes(CANARY) || SECRETS.some((secret) => text.includes(secret)))
      this.#hooks.object(`the user data stands in ${where}`);
  }
}

interface Outputs {
  Listeners?: { ListenerArn?: string; DefaultActions?: Action[] }[];
  Rules?: { RuleArn?: string; Actions?: Action[] }[];
  TargetGroups?: { TargetGroupArn?: string }[];
  LoadBalancers?: { LoadBalancerArn?: string }[];
  LaunchTemplate?: { LaunchTemplateId?: string };
}

function forwardedTo(actions: readonly Action[]): string[] {
  return actions.flatMap((action) =>
    (action.ForwardConfig?.TargetGroups ?? [])
      .filter((tuple) => (tuple.Weight ?? 1) > 0)
      .map((tuple) => tuple.TargetGroupArn ?? ""),
  );
}

function removedBy({ operation, input }: Call): string | undefined {
  const given = input as Record<string, string>;
  switch (operation) {
    case "DeleteLoadBalancer":
      return given.LoadBalancerArn;
    case "DeleteTargetGroup":
      return given.TargetGroupArn;
    case "DeleteListener":
      return given.ListenerArn;
    case "DeleteRule":
      return given.RuleArn;
    case "DeleteAutoScalingGroup":
      return given.AutoScalingGroupName;
    case "DeleteLaunchTemplate":
      return given.LaunchTemplateId;
    default:
      return undefined;
  }
}
