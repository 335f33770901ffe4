/** What the daemon has made and what has become of it, learnt from the calls alone. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../../src/simulator/account.ts";
import type { Call } from "../../../src/simulator/faults/interceptors.ts";
import { OWNER, RESOURCE } from "./remains.ts";

export interface Known {
  readonly id: string;
  readonly owner: string;
  /** By its tag, which moves when it gets another name. */
  address: string;
  /** Listener of a rule, load balancer of a listener. */
  readonly parent: string;
  actions: readonly Action[];
}

interface Outputs {
  Listeners?: { ListenerArn?: string; DefaultActions?: Action[] }[];
  Rules?: { RuleArn?: string; Actions?: Action[] }[];
  TargetGroups?: { TargetGroupArn?: string }[];
  LoadBalancers?: { LoadBalancerArn?: string }[];
  LaunchTemplate?: { LaunchTemplateId?: string };
}

interface Inputs {
  Tags?: { Key?: string; Value?: string }[];
  ResourceArns?: string[];
  AutoScalingGroupName?: string;
  ListenerArn?: string;
  LoadBalancerArn?: string;
  TagSpecifications?: { Tags?: { Key?: string; Value?: string }[] }[];
}

export class Ours {
  readonly #account: () => Account;
  readonly #known = new Map<string, Known>();

  constructor(account: () => Account) {
    this.#account = account;
  }

  all(): Known[] {
    return [...this.#known.values()];
  }

  get(id: string | undefined): Known | undefined {
    return id === undefined ? undefined : this.#known.get(id);
  }

  /** What was there before us, and is meant by a service. */
  add(known: Known): void {
    this.#known.set(known.id, known);
  }

  /** After the effect of anybody's call. */
  learn(call: Call, output: object): void {
    const removed = removedBy(call);
    if (removed !== undefined) this.#forget(removed);
    const input = call.input as Inputs;
    const tags = input.Tags ?? input.TagSpecifications?.[0]?.Tags ?? [];
    const owner = tags.find((tag) => tag.Key === OWNER)?.Value;
    const address = tags.find((tag) => tag.Key === RESOURCE)?.Value;
    for (const arn of call.operation === "AddTags" ? (input.ResourceArns ?? []) : []) {
      const tagged = this.#known.get(arn);
      if (tagged !== undefined && address !== undefined) tagged.address = address;
    }
    const add = (id: string | undefined, parent = "", actions: readonly Action[] = []) => {
      if (id === undefined) return;
      const known = this.#known.get(id);
      if (known !== undefined) {
        if (actions.length > 0) known.actions = actions;
      } else if (owner !== undefined && address !== undefined)
        this.#known.set(id, { id, owner, address, parent, actions });
    };
    const { Listeners = [], Rules = [], TargetGroups = [], LoadBalancers = [] } = output as Outputs;
    for (const item of LoadBalancers) add(item.LoadBalancerArn);
    for (const item of TargetGroups) add(item.TargetGroupArn);
    for (const item of Listeners) add(item.ListenerArn, input.LoadBalancerArn, item.DefaultActions ?? []);
    for (const item of Rules) add(item.RuleArn, input.ListenerArn, item.Actions ?? []);
    if (call.operation === "CreateAutoScalingGroup") add(input.AutoScalingGroupName);
    if (call.operation === "CreateLaunchTemplate") add((output as Outputs).LaunchTemplate?.LaunchTemplateId);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    for (const child of this.all().filter((item) => item.parent === id)) this.#forget(child.id);
  }

  /** Healthy targets of a target group; zero when it is gone. */
  healthy(arn: string): number {
    const { elb } = this.#account().parts;
    if (!elb.targetGroupExists(arn)) return 0;
    return elb.targets(arn).filter((target) => target.health.state === "healthy").length;
  }

  /** Healthy targets of a target group that are instances of one of these groups. */
  healthyOf(arn: string, names: readonly string[]): number {
    const { elb, autoScaling } = this.#account().parts;
    if (!elb.targetGroupExists(arn)) return 0;
    const own = new Set(
      autoScaling
        .groups()
        .filter(({ name }) => names.includes(name))
        .flatMap(({ instances }) => instances.map(({ instanceId }) => instanceId)),
    );
    return elb
      .targets(arn)
      .filter((target) => target.health.state === "healthy" && own.has(target.instanceId)).length;
  }

  /** Healthy targets behind a load balancer or in a target group; zero for anything else. */
  serving(id: string): number {
    if (id.includes(":targetgroup/")) return this.healthy(id);
    const balancer = this.#account()
      .parts.elb.loadBalancers()
      .find((item) => item.arn === id);
    return balancer === undefined
      ? 0
      : Math.max(0, ...balancer.targetGroups.map((group) => this.healthy(group.arn)));
  }
}

/** The target groups that an action sends requests to. */
export function forwardedTo(actions: readonly Action[]): string[] {
  return actions.flatMap((action) =>
    (action.ForwardConfig?.TargetGroups ?? [])
      .filter((tuple) => (tuple.Weight ?? 1) > 0)
      .map((tuple) => tuple.TargetGroupArn ?? ""),
  );
}

/** Id of what a call removes. */
export function removedBy({ operation, input }: Call): string | undefined {
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
