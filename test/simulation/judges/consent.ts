/**
 * Nothing is destroyed that nobody has agreed to: by `approval: Never`, by asking for the deletion of the service, or by
 * approving a plan that named that very resource. Goes by what users wrote and what they were shown, and by the calls.
 */
import { conditionOf } from "../../../src/model/conditions.ts";
import type { WebService } from "../../../src/model/object.ts";
import type { Account } from "../../../src/simulator/account.ts";
import type { Call, Fault, Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import type { ServiceName } from "../steps.ts";
import type { Known, Ours } from "./ours.ts";
import { OWNER, RESOURCE } from "./remains.ts";

type Status = NonNullable<WebService["status"]>;
type Policy = NonNullable<Status["settled"]>["approval"];

interface ConsentHooks {
  isDaemons(call: Call): boolean;
  stored(name: string): WebService | undefined;
  ours(): Ours;
  account(): Account;
  /** A user has written something a moment ago: what is on its way is of before that. */
  isJustEdited(): boolean;
  /** The databases were lost or put back: what was agreed to may be of another count of generations. */
  hasLostObjects(): boolean;
  /** Whether AWS does not show what was written, or has just said something untrue. */
  isMisled(service: string): boolean;
  object(text: string): void;
}

interface Agreed {
  readonly generation: number;
  readonly ids: ReadonlySet<string>;
}

/** In this order. */
const STRICTNESS: readonly Policy[] = ["Never", "Destructive", "Always"];

export class Consent implements Interceptor {
  readonly #hooks: ConsentHooks;
  /** Service and digest → the ids that were shown as waiting under it. */
  readonly #shown = new Map<string, ReadonlySet<string>>();
  readonly #agreed = new Map<string, Agreed[]>();
  /** The last generation that AWS was seen to hold, and what its spec said of approval. */
  readonly #settled = new Map<string, { readonly generation: number; readonly policy: Policy }>();

  /** Load balancer → its scheme. */
  readonly #schemes = new Map<string, string>();

  constructor(hooks: ConsentHooks) {
    this.#hooks = hooks;
  }

  hear(service: string, { plan, conditions, observedGeneration }: Status): void {
    if (plan?.approval !== undefined) {
      const { digest, effects } = plan.approval;
      this.#shown.set(`${service} ${digest}`, new Set(effects.map(({ id }) => id)));
    }
    const stored = this.#hooks.stored(service);
    const isSynced = conditionOf(conditions, "Synced")?.status === "True";
    if (stored === undefined || !isSynced || observedGeneration !== stored.metadata.generation) return;
    this.#settled.set(service, { generation: observedGeneration, policy: policyIn(stored) });
    // It is done, and good for nothing else.
    this.#agreed.delete(service);
  }

  /** A user has written the approval of a plan, and it was taken. */
  approved(service: ServiceName, digest: string): void {
    const stored = this.#hooks.stored(service);
    const ids = this.#shown.get(`${service} ${digest}`);
    if (stored === undefined || ids === undefined) return;
    const { generation } = stored.metadata;
    this.#agreed.set(service, [...(this.#agreed.get(service) ?? []), { generation, ids }]);
  }

  before(call: Call): Fault | undefined {
    if (call.mutating && this.#hooks.isDaemons(call)) this.#judge(call);
    return undefined;
  }

  after({ operation }: Call, output: object): Fault | undefined {
    if (operation !== "CreateLoadBalancer") return undefined;
    const { LoadBalancers = [] } = output as {
      LoadBalancers?: { LoadBalancerArn?: string; Scheme?: string }[];
    };
    for (const { LoadBalancerArn: arn = "", Scheme: scheme = "" } of LoadBalancers)
      this.#schemes.set(arn, scheme);
    return undefined;
  }

  #judge(call: Call): void {
    for (const { id, service, what } of this.#destroyedBy(call)) {
      const stored = this.#hooks.stored(service);
      if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) continue;
      if (this.#policyOf(service, stored) === "Never") continue;
      // What was begun before anybody asked to be asked is on its way.
      if (this.#hooks.isJustEdited() && this.#settled.get(service)?.policy === "Never") continue;
      if (this.#isAgreed(service, id, stored)) continue;
      this.#hooks.object(`${call.operation} ${what}, which nobody has approved`);
    }
  }

  #policyOf(service: string, stored: WebService): Policy {
    const now = policyIn(stored);
    const earlier = this.#hooks.hasLostObjects() ? now : (this.#settled.get(service)?.policy ?? now);
    return STRICTNESS[Math.max(STRICTNESS.indexOf(now), STRICTNESS.indexOf(earlier))] ?? now;
  }

  #isAgreed(service: string, id: string, { metadata: { generation } }: WebService): boolean {
    const isOfAny = this.#hooks.hasLostObjects() || this.#hooks.isJustEdited();
    return (this.#agreed.get(service) ?? []).some(
      (one) => one.ids.has(id) && (one.generation === generation || isOfAny),
    );
  }

  *#destroyedBy({ operation, input }: Call): Generator<{ id: string; service: string; what: string }> {
    const ours = this.#hooks.ours();
    const at = (known: Known | undefined, what: string) =>
      known === undefined
        ? []
        : [{ id: known.id, service: serviceOf(known.owner), what: `${what} ${known.address}` }];
    const given = input as Record<string, string | undefined>;
    switch (operation) {
      case "DeleteLoadBalancer":
        yield* at(ours.get(given.LoadBalancerArn), "deletes");
        return;
      case "DeleteListener":
        yield* at(ours.get(given.ListenerArn), "deletes");
        return;
      case "DeleteRule": {
        const rule = ours.get(given.RuleArn);
        if (rule?.actions.some(({ Type }) => Type === "forward") === true) yield* at(rule, "deletes");
        return;
      }
      case "CreateLoadBalancer":
      case "CreateTargetGroup":
      case "CreateAutoScalingGroup":
        yield* this.#replacedBy(operation, input);
        return;
      case "UpdateAutoScalingGroup":
      case "StartInstanceRefresh":
      case "DeleteAutoScalingGroup":
        yield* this.#terminatedBy(operation, input);
        return;
    }
  }

  /** What is made beside what it takes over from is the first step. */
  *#replacedBy(operation: string, input: object): Generator<{ id: string; service: string; what: string }> {
    const tags = (input as { Tags?: { Key?: string; Value?: string }[] }).Tags ?? [];
    const tag = (key: string) => tags.find(({ Key }) => Key === key)?.Value ?? "";
    const all = this.#hooks.ours().all();
    const mine = all.filter(({ owner }) => owner === tag(OWNER));
    const service = serviceOf(tag(OWNER));
    const { autoScaling } = this.#hooks.account().parts;
    const { loadBalancer } = (this.#hooks.stored(service)?.spec ?? {}) as {
      loadBalancer?: { scheme?: string };
    };
    const wantedScheme = loadBalancer?.scheme ?? "internet-facing";
    if (operation !== "CreateAutoScalingGroup") {
      const there = mine.filter(({ id }) => this.#schemes.has(id));
      const others = there.filter(({ id }) => this.#schemes.get(id) !== wantedScheme);
      const isBehind = operation === "CreateLoadBalancer" || others.length === there.length;
      for (const { id } of isBehind ? others : [])
        yield { id, service, what: `begins the replacement of ${id}` };
      return;
    }
    const wanted = Object.keys(
      (this.#hooks.stored(service)?.spec as { autoScalingGroups?: object } | undefined)?.autoScalingGroups ??
        {},
    ).map((name) => `autoScalingGroups.${name}`);
    for (const { name, instances } of autoScaling.groups()) {
      const known = mine.find(({ id }) => id === name);
      if (known === undefined || instances.length === 0 || wanted.includes(known.address)) continue;
      yield { id: name, service, what: `(${tag(RESOURCE)}) begins the replacement of ${known.address}` };
    }
  }

  *#terminatedBy(operation: string, input: object): Generator<{ id: string; service: string; what: string }> {
    const { AutoScalingGroupName: name = "", MaxSize } = input as {
      AutoScalingGroupName?: string;
      MaxSize?: number;
    };
    const known = this.#hooks.ours().get(name);
    const group = this.#hooks
      .account()
      .parts.autoScaling.groups()
      .find((one) => one.name === name);
    if (known === undefined || group === undefined || this.#hooks.isMisled("autoscaling")) return;
    const service = serviceOf(known.owner);
    const { generation } = this.#hooks.stored(service)?.metadata ?? {};
    const isSettled = !this.#hooks.hasLostObjects() && this.#settled.get(service)?.generation === generation;
    const found = { id: name, service };
    const { length: live } = group.instances;
    if (operation === "DeleteAutoScalingGroup" && live > 0) yield { ...found, what: "deletes a group" };
    if (operation === "StartInstanceRefresh" && isSettled)
      yield { ...found, what: `corrects ${known.address}` };
    // A group that grows between the look and the call is nobody's fault.
    if (
      MaxSize !== undefined &&
      MaxSize < Math.min(live, group.desiredCapacity) &&
      (isSettled || MaxSize === 0)
    )
      yield { ...found, what: `takes instances from ${known.address}` };
  }
}

function policyIn({ spec }: WebService): Policy {
  return (spec.approval ?? "Destructive") as Policy;
}

function serviceOf(owner: string): string {
  return owner.split("/")[2] ?? "";
}
