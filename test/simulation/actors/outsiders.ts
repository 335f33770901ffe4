/** Everybody but the users and the daemon: what they do to the account, what they own, and which drift is theirs. */
import type { DriftEvent } from "../../../src/model/ledger/drift.ts";
import type { Account } from "../../../src/simulator/account.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { type AccountView, readAccount } from "../judges/account-view.ts";
import type { Deed } from "../judges/attributions.ts";
import { disagreements } from "../judges/oracle.ts";
import { OWNER, RESOURCE, type Wanted } from "../judges/remains.ts";
import type { Watch } from "../judges/watch.ts";
import type { Step } from "../steps.ts";
import { errandCalls, idsIn } from "./neighbour.ts";
import { type AwsCall, callsOf } from "./saboteur.ts";

type Errand = Extract<Step, { do: "sabotage" | "neighbour" }>;

export interface OutsidersSettings {
  readonly clock: VirtualClock;
  readonly account: Account;
  readonly watch: Watch;
  readonly say: (text: string) => void;
  readonly moved: () => void;
  /** Somebody with every right and no care has done something. */
  readonly did: (deed: Deed) => void;
  /** The account as the oracle is to see it, with what is only observed named. */
  readonly shown: (view: AccountView) => AccountView;
  /** Services that stand as their users want them and of which nothing else is going on. */
  readonly standing: () => readonly Wanted[];
}

/** What a deed has laid hands on. */
interface Touched {
  /** Addresses, with their service before them. */
  readonly touched: ReadonlySet<string>;
  /** Its ids in AWS: a rule keeps its own under another name. */
  readonly ids: ReadonlySet<string>;
}

/** Something of a service that is no longer as its user wants it: the ledger has to know. */
interface Damage extends Touched {
  readonly service: string;
  readonly what: string;
}

export class Outsiders {
  readonly #settings: OutsidersSettings;
  /** Addresses, with their service before them, that somebody else has laid hands on. */
  readonly #touched = new Set<string>();
  /** Ids in AWS of what was touched. */
  readonly #ids = new Set<string>();
  readonly #damages: Damage[] = [];

  constructor(settings: OutsidersSettings) {
    this.#settings = settings;
  }

  async take(step: Errand): Promise<void> {
    const { clock, account, say, moved } = this.#settings;
    const view = this.#look();
    const standing = step.do === "sabotage" ? this.#settings.standing() : [];
    const before = new Set(disagreements(view, standing));
    const isNeighbour = step.do === "neighbour";
    const calls = isNeighbour ? errandCalls(step.what, view, step.pick) : callsOf(step.what, view, step.pick);
    const names = namesIn(view);
    const touched = new Set<string>();
    const ids = new Set<string>();
    for (const [service, operation, input] of calls) {
      const hands = { touched: new Set(touchedBy(names, input)), ids: new Set(namedIn(names, input)) };
      if (!isNeighbour) {
        for (const address of hands.touched) touched.add(address);
        for (const id of hands.ids) ids.add(id);
      }
      try {
        const output = await clock.resolve(account.call(service, operation, input, { accessKeyId: step.do }));
        moved();
        say(`${step.do} ${operation}`);
        const concerns = (event: DriftEvent) => isAbout(hands, event);
        if (!isNeighbour) this.#settings.did({ operation, atMs: clock.nowMs(), concerns });
        if (isNeighbour) this.#remember([service, operation, input], output);
      } catch (error) {
        say(`${step.do} ${operation} is refused: ${error instanceof Error ? error.message : ""}`);
      }
    }
    for (const address of touched) this.#touched.add(address);
    for (const id of ids) this.#ids.add(id);
    if (touched.size > 0 && standing.length > 0)
      this.#assess(standing, before, { what: step.what, touched, ids });
  }

  /** What has come apart by this deed, in the oracle's eyes. */
  #assess(standing: readonly Wanted[], before: ReadonlySet<string>, deed: Omit<Damage, "service">): void {
    const now = disagreements(this.#look(), standing).filter((text) => !before.has(text));
    for (const { name } of standing)
      if (now.some((text) => text.startsWith(`${name}:`))) this.#damages.push({ service: name, ...deed });
  }

  /** Whether somebody else can be why this resource, or something that it sits on, has moved. */
  isTheirs(event: Pick<DriftEvent, "service" | "resource" | "arn">): boolean {
    return isAbout({ touched: this.#touched, ids: this.#ids }, event);
  }

  /** What was broken before need not show any more: the user has changed the spec, or the database is another one. */
  forgive(service?: string): void {
    const kept = this.#damages.filter((damage) => service !== undefined && damage.service !== service);
    this.#damages.splice(0, this.#damages.length, ...kept);
  }

  /** The ledger has a word on what a deed has laid hands on. */
  hear(event: DriftEvent): void {
    if (event.state !== "Open") return;
    const kept = this.#damages.filter((damage) => !isAbout(damage, event));
    this.#damages.splice(0, this.#damages.length, ...kept);
  }

  /** Deeds of which the ledger has never held a word. */
  unrecorded(): string[] {
    return this.#damages.map(
      ({ service, what }) => `nothing in the drift ledger of ${service} after somebody ${what}`,
    );
  }

  #look(): AccountView {
    const { account, shown } = this.#settings;
    return shown(readAccount(account));
  }

  #remember([, operation, input]: AwsCall, output: object): void {
    const { watch } = this.#settings;
    if (operation.startsWith("Create"))
      for (const id of idsIn(output)) watch.foreign.set(id, `what a neighbour made by ${operation}`);
    const {
      AlarmName,
      ResourceArns = [],
      Tags = [],
    } = input as { AlarmName?: string; ResourceArns?: string[]; Tags?: { ResourceId?: string }[] };
    if (AlarmName !== undefined) watch.foreign.set(AlarmName, "a neighbour's alarm");
    if (operation === "AddTags")
      for (const id of ResourceArns) watch.foreignTags.push({ id, key: "CostCentre" });
    if (operation === "CreateOrUpdateTags")
      for (const tag of Tags) watch.foreignTags.push({ id: tag.ResourceId ?? "", key: "CostCentre" });
  }
}

/** A call that names a policy names its group, too: what it is about is the policy. */
function touchedBy(names: ReadonlyMap<string, string>, input: object): string[] {
  const named = namedIn(names, input).flatMap((id) => names.get(id) ?? []);
  const policy = named.find((address) => address.includes(".scalingPolicies."));
  return policy === undefined ? named : [policy];
}

/**
 * Whether an event is about one of these, or about what sits on it. With a group or policy go the alarms that have no
 * other action left (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html).
 */
function isAbout(
  { touched, ids }: Touched,
  { service, resource, arn = "" }: Pick<DriftEvent, "service" | "resource" | "arn">,
): boolean {
  const at = `${service} ${resource}`;
  const all = [...touched];
  const hasLostAction = all.some((one) => one.startsWith(`${service} autoScalingGroups.`));
  if (ids.has(arn) || (hasLostAction && resource.startsWith("alarms."))) return true;
  return all.some((one) => at === one || at.startsWith(`${one}.`));
}

/** What AWS calls each of our resources → service and address. */
function namesIn(view: AccountView): Map<string, string> {
  const names = new Map<string, string>();
  const add = (id: string | undefined, tags: Record<string, string>) => {
    const service = tags[OWNER]?.split("/")[2];
    if (id !== undefined && service !== undefined) names.set(id, `${service} ${tags[RESOURCE]}`);
  };
  for (const balancer of view.loadBalancers) {
    add(balancer.it.LoadBalancerArn, balancer.tags);
    for (const listener of balancer.listeners) {
      add(listener.it.ListenerArn, listener.tags);
      for (const rule of listener.rules) add(rule.it.RuleArn, rule.tags);
    }
  }
  for (const { it, tags } of view.targetGroups) add(it.TargetGroupArn, tags);
  for (const { it, tags } of view.templates) add(it.LaunchTemplateId, tags);
  for (const { it, tags } of view.alarms) add(it.AlarmName, tags);
  for (const { it, tags, policies } of view.groups) {
    add(it.AutoScalingGroupName, tags);
    for (const { PolicyName = "" } of policies) {
      const child = /\/([^/@]+)@[a-z]+$/.exec(PolicyName)?.[1];
      add(PolicyName, { ...tags, [RESOURCE]: `${tags[RESOURCE]}.scalingPolicies.${child}` });
    }
  }
  return names;
}

/** The ids in a call, of those that have an address. */
function namedIn(names: ReadonlyMap<string, string>, input: object): string[] {
  const text = JSON.stringify(input);
  return [...names.keys()].filter((id) => text.includes(`"${id}"`));
}
