/** What must never happen on the way. Sees every call of everybody, at the moment of its effect. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call, Fault, Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { isRead } from "../call-faults.ts";
import { CANARY } from "../specs.ts";
import { Certificates } from "./certificates.ts";
import { Followers } from "./followers.ts";
import { forwardedTo, Ours, removedBy } from "./ours.ts";
import { Places } from "./places.ts";
import { OWNER } from "./remains.ts";
import { Retries } from "./retries.ts";
import { Serving, type ServingHooks } from "./serving.ts";

export interface WatchHooks extends ServingHooks {
  isDaemons(call: Call): boolean;
  /** Whether the user wants the resource at this address now, and has wanted it for some seconds. */
  isWanted(owner: string, address: string): boolean;
  /** The certificates that the user wants of the listener at this address, and has wanted for some seconds. */
  certificatesAt(owner: string, address: string): readonly string[];
  /** Whether every user has told the daemon, some seconds ago, to keep its hands off. */
  isPaused(): boolean;
  /** Whether the user has asked for the service of this owner to go, and for its load balancer to be protected. */
  isProtected(owner: string): boolean;
  /** Whether AWS does not show yet what was written to an API, or has just said something untrue. */
  isMisled(service: string): boolean;
  /** Whether the journal holds this call as sent and not yet answered. */
  isWrittenDown(operation: string): boolean;
}

/** Calls of the daemon in one minute beyond which something turns in a circle. */
const STORM = 600;
/** No history asks for as many. */
const MOST_EFFECTS = 1_000;
/** AWS needs about so long to let go of a refresh, and less to show a change. */
const REPEATED_MS = 60_000;
const SECRETS = [0, 1, 2].map((shift) => {
  const text = Buffer.from(`${"x".repeat(shift)}${CANARY}`).toString("base64");
  return text.slice(shift === 0 ? 0 : 4, -4);
});

export class Watch implements Interceptor {
  /** Calls of the daemon that have changed something. */
  effects = 0;
  /** Calls that were to change something, whatever was answered. */
  tries = 0;
  reads = 0;
  /** How often the daemon has looked at everything. */
  looks = 0;
  /** When it last did. */
  lookedAtMs = Number.NEGATIVE_INFINITY;
  readonly ours: Ours;
  readonly serving: Serving;
  readonly #certificates = new Certificates();
  readonly #followers: Followers;
  readonly #places: Places;
  readonly #retries = new Retries();
  readonly effectsByOperation = new Map<string, number>();
  /** Calls of the daemon that were to change something and were answered with an error. */
  readonly refused: string[] = [];
  readonly foreign = new Map<string, string>();
  foreignTags: { id: string; key: string }[] = [];
  readonly #hooks: WatchHooks;
  /** Calls that have failed since the last read. */
  readonly #failed = new Set<string>();
  /** When each call was last made. */
  readonly #done = new Map<string, number>();
  #minute = 0;
  #callsInMinute = 0;

  constructor(hooks: WatchHooks) {
    this.#hooks = hooks;
    this.ours = new Ours(hooks.account);
    this.serving = new Serving(this.ours, hooks);
    this.#followers = new Followers(this.ours);
    this.#places = new Places(this.ours, hooks.account);
  }

  /** The daemon is about to send something. Whether a call that failed has been done has to be read before it is sent again. */
  sending(operation: string, input: object): void {
    if (isRead(operation)) this.#failed.clear();
    else if (this.#failed.has(`${operation} ${JSON.stringify(input)}`))
      this.#hooks.object(`${operation} is sent again before anything was read`);
  }

  failed(operation: string, input: object): void {
    if (isRead(operation)) return;
    this.#failed.add(`${operation} ${JSON.stringify(input)}`);
    this.refused.push(operation);
  }

  before(call: Call): Fault | undefined {
    if (!this.#hooks.isDaemons(call)) return undefined;
    this.#count(call);
    if (call.mutating) {
      this.tries += 1;
      this.#judge(call);
    }
    return undefined;
  }

  #count(call: Call): void {
    const minute = Math.floor(this.#hooks.nowMs() / 60_000);
    if (minute !== this.#minute) [this.#minute, this.#callsInMinute] = [minute, 0];
    this.#callsInMinute += 1;
    if (this.#callsInMinute === STORM) this.#hooks.object(`a storm: ${STORM} calls within a minute`);
    if (!call.mutating) this.reads += 1;
    if (call.operation === "DescribeLoadBalancers" && !/Arns|Names/.test(Object.keys(call.input).join())) {
      this.looks += 1;
      this.lookedAtMs = this.#hooks.nowMs();
    }
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
    this.#judgeEmptying(call);
    if (this.#places.changedHands(call) !== undefined)
      this.#hooks.object(`${call.operation} comes after a deletion, where AWS could have changed the port`);
  }

  /**
   * A group that the user no longer asks for goes when those that do its work are there: what requests are sent to keeps
   * as many healthy targets as it has, or as the groups that are wanted are to bring.
   */
  #judgeEmptying({ operation, input }: Call): void {
    const { AutoScalingGroupName: name = "", MaxSize } = input as {
      AutoScalingGroupName?: string;
      MaxSize?: number;
    };
    if (operation !== "UpdateAutoScalingGroup" || MaxSize !== 0) return;
    const { isCalm, isMisled, isWanted, account, object } = this.#hooks;
    const known = this.ours.get(name);
    if (known === undefined || !isCalm || isMisled("elasticloadbalancing")) return;
    const groups = account().parts.autoScaling.groups();
    const wanted = groups.filter((group) => {
      const other = this.ours.get(group.name);
      return other?.owner === known.owner && isWanted(other.owner, other.address);
    });
    // Under another name it takes over from itself: then it is not among those that are to bring as many.
    const isSucceeded = wanted.some((group) => {
      const other = this.ours.get(group.name);
      return group.name !== name && other?.address === known.address;
    });
    const staying = isSucceeded ? wanted.filter((group) => group.name !== name) : wanted;
    const used = new Set(this.ours.all().flatMap(({ actions }) => forwardedTo(actions)));
    for (const arn of groups.find((group) => group.name === name)?.targetGroupArns ?? []) {
      const targetGroup = this.ours.get(arn);
      if (targetGroup === undefined || !used.has(arn)) continue;
      const others = isWanted(targetGroup.owner, targetGroup.address)
        ? staying.filter((group) => group.targetGroupArns.includes(arn))
        : staying;
      const toCome = others.reduce((sum, group) => sum + group.desiredCapacity, 0);
      const now = this.ours.healthy(arn);
      const left = now - this.ours.healthyOf(arn, [name]);
      if (left < Math.min(now, toCome))
        object(
          `${known.address} is emptied, and leaves ${left} of ${now} healthy targets in ${targetGroup.address}`,
        );
    }
  }

  /** A wanted resource may go only when another one stands in its place, and serves if this one did. */
  #judgeRemoval(call: Call): void {
    const id = removedBy(call);
    const known = this.ours.get(id);
    if (known !== undefined && this.#hooks.isProtected(known.owner))
      this.#hooks.object(`${call.operation} removes ${known.address} of a service that is protected`);
    if (known === undefined || !this.#hooks.isWanted(known.owner, known.address)) return;
    const others = this.ours
      .all()
      .filter(
        (other) => other.id !== known.id && other.owner === known.owner && other.address === known.address,
      );
    if (others.length === 0)
      this.#hooks.object(
        `${call.operation} removes ${known.address}, which is wanted and has no replacement`,
      );
    else if (this.ours.serving(known.id) > 0 && others.every((other) => this.ours.serving(other.id) === 0))
      this.#hooks.object(`${call.operation} removes ${known.address} before its replacement serves`);
  }

  after(call: Call, output: object): Fault | undefined {
    if (!call.mutating) return undefined;
    const before = this.#actionsBefore(call);
    const { ListenerArn: listener = "" } = call.input as { ListenerArn?: string };
    const certificates = this.#certificates.of(listener);
    this.ours.learn(call, output);
    this.#certificates.learn(call, output);
    this.#followers.learn(call);
    const removed = removedBy(call);
    this.foreignTags = this.foreignTags.filter((tag) => tag.id !== removed);
    if (!this.#hooks.isDaemons(call)) {
      this.#learnHandover(call);
      return undefined;
    }
    if (this.#isRepeated(call)) return undefined;
    this.effects += 1;
    if (this.effects === MOST_EFFECTS) this.#hooks.object(`${MOST_EFFECTS} changes, and no end`);
    this.effectsByOperation.set(call.operation, (this.effectsByOperation.get(call.operation) ?? 0) + 1);
    if (/^(Modify(Listener|Rule)|CreateRule)$/.test(call.operation)) this.#judgeRouting(call, output, before);
    this.#judgeCertificates(call, listener, certificates);
    this.#judgeFollowers(call);
    const retried = this.#retries.learn(call, output);
    if (retried !== undefined)
      this.#hooks.object(`${call.operation} tries again what has failed: ${retried}`);
    this.serving.sample();
    return undefined;
  }

  /** Who takes our owner tag off something says that it is ours no more. */
  #learnHandover({ operation, input }: Call): void {
    const { ResourceArns = [], TagKeys = [] } = input as { ResourceArns?: string[]; TagKeys?: string[] };
    if (operation !== "RemoveTags" || !TagKeys.includes(OWNER)) return;
    for (const arn of ResourceArns) this.foreign.set(arn, "what somebody has taken our owner tag off");
  }

  #judgeFollowers(call: Call): void {
    if (call.service === "elasticloadbalancing")
      for (const address of this.#followers.loose())
        this.#hooks.object(
          `${address} has a sticky target group beside another one, without group stickiness`,
        );
    const idle = this.#followers.idle(call);
    if (idle !== undefined && !this.#hooks.isMisled("elasticloadbalancing"))
      this.#hooks.object(`${call.operation} follows ${idle} to where no requests are sent`);
  }

  /** What a host name has and is to have, it has all the time. */
  #judgeCertificates({ operation }: Call, listener: string, before: readonly string[]): void {
    const known = this.ours.get(listener);
    if (known === undefined || operation === "DeleteListener") return;
    const now = this.#certificates.of(listener);
    for (const arn of this.#hooks.certificatesAt(known.owner, known.address))
      if (before.includes(arn) && !now.includes(arn))
        this.#hooks.object(`${operation} takes a certificate from ${known.address} that it is to have`);
  }

  /** To ask once more for what AWS is busy with, or does not show yet, changes nothing. */
  #isRepeated(call: Call): boolean {
    const sign = `${call.operation} ${JSON.stringify(call.input)}`;
    const doneAtMs = this.#done.get(sign) ?? Number.NEGATIVE_INFINITY;
    this.#done.set(sign, call.atMs);
    if (call.atMs - doneAtMs > REPEATED_MS) return false;
    return call.operation === "CancelInstanceRefresh" || this.#hooks.isMisled(call.service);
  }

  /** Where the requests went that this call is about: a new rule takes them from its listener's default action. */
  #actionsBefore({ input }: Call): readonly Action[] {
    const { ListenerArn, RuleArn } = input as { ListenerArn?: string; RuleArn?: string };
    return this.ours.get(RuleArn ?? ListenerArn)?.actions ?? [];
  }

  /** The daemon has just moved traffic: not to where nobody answers, away from where somebody does. */
  #judgeRouting(call: Call, output: object, before: readonly Action[]): void {
    const { ListenerArn } = call.input as { ListenerArn?: string };
    const { Rules = [] } = output as { Rules?: { RuleArn?: string }[] };
    const known = this.ours.get(Rules[0]?.RuleArn ?? ListenerArn);
    if (known === undefined) return;
    const serves = (arn: string) => this.ours.healthy(arn) > 0;
    const earlier = forwardedTo(before);
    const added = forwardedTo(known.actions).filter((arn) => !earlier.includes(arn));
    const now = forwardedTo(known.actions);
    if (now.length === 0 || !earlier.some(serves)) return;
    if (added.every(serves) && now.some(serves)) return;
    this.#hooks.object(
      `${call.operation} sends ${known.address} to targets that do not serve, away from some that do`,
    );
  }

  /** A text that leaves the daemon: a log line, an event, a status. */
  hear(where: string, text: string): void {
    if (text.includes(CANARY) || SECRETS.some((secret) => text.includes(secret)))
      this.#hooks.object(`a secret stands in ${where}`);
  }
}
