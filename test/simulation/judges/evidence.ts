/**
 * What the daemon writes, and what it says has moved, rests on what it has just read of that very resource: not on what it
 * was told long ago, and not on a read from before its own last pass over the service had written.
 */
import { conditionOf } from "../../../src/model/conditions.ts";
import type { DriftEvent } from "../../../src/model/ledger/drift.ts";
import type { WebService } from "../../../src/model/object.ts";
import type { Call, Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { isRead } from "../call-faults.ts";
import type { Reads } from "./reads.ts";

type Status = NonNullable<WebService["status"]>;

export interface EvidenceHooks {
  nowMs(): number;
  isDaemons(call: Call): boolean;
  /** Whether something has been in the way lately: then a pass may take long. */
  isTroubled(): boolean;
  /** How long a routine look may take because its calls wait for the budget. */
  waitMs(): number;
  object(text: string): void;
}

/** A pass takes no longer from its first read to its last write, where nothing is in the way. */
const PASS_MS = 60_000;

export class Evidence implements Interceptor {
  readonly #hooks: EvidenceHooks;
  readonly #reads: Reads;
  /** Service → when a call for it was last answered. */
  readonly #answeredAtMs = new Map<string, number>();
  /** Service → when the last call of the passes before was answered. */
  readonly #floorMs = new Map<string, number>();
  /** Service → when a person last asked for it, and how many passes have ended since. */
  readonly #asked = new Map<string, { readonly atMs: number; passes: number }>();
  /** Service → the digest that its last status says was approved. */
  readonly #agreed = new Map<string, string | undefined>();
  /** Drift events that have been heard of. */
  readonly #heard = new Set<string>();
  /** Operation → the service that a call of it was last written down for. */
  readonly #serviceOf = new Map<string, string>();

  constructor(hooks: EvidenceHooks, reads: Reads) {
    this.#hooks = hooks;
    this.#reads = reads;
  }

  /** A call is written down and about to be sent. */
  intends(operation: string, service: string): void {
    this.#serviceOf.set(operation.split(":")[1] ?? operation, service);
  }

  before(call: Call): undefined {
    if (!call.mutating || !this.#hooks.isDaemons(call)) return undefined;
    const id = changedBy(call);
    const service = this.#serviceOf.get(call.operation);
    if (id !== undefined && service !== undefined) this.#judge(`${call.operation} of ${id}`, service, id);
    return undefined;
  }

  /** A call was answered, well or not. */
  answered(operation: string): void {
    const service = this.#serviceOf.get(operation.split(":")[1] ?? operation);
    if (service !== undefined && !isRead(operation)) this.#answeredAtMs.set(service, this.#hooks.nowMs());
  }

  /** Whether a person waits for a look that was asked for before. */
  isAsked(service: string): boolean {
    return this.#asked.has(service);
  }

  /** A person, or an event, wants the service to be looked at. */
  asks(service: string): void {
    this.#asked.set(service, { atMs: this.#hooks.nowMs(), passes: 0 });
  }

  /**
   * A pass is over. Whoever doubts what AWS holds has asked, and who says that it is as wanted has asked since the last write.
   * @param oldestMs when the oldest of what is known of the service was asked for
   */
  hearStatus(service: string, { conditions, approval }: Status, oldestMs: () => number): void {
    const synced = conditionOf(conditions, "Synced");
    if (synced?.status === "True" && oldestMs() < (this.#floorMs.get(service) ?? 0))
      this.#hooks.object(`Synced is True for ${service} by a read of before its own last write was answered`);
    // What a pass was approved by is written down before its end.
    const agreed = approval?.digest;
    if (agreed === undefined || agreed === this.#agreed.get(service)) this.#judgeAnswer(service, oldestMs);
    this.#agreed.set(service, agreed);
    const ageMs = this.#hooks.nowMs() - (synced?.reason === "Confirming" ? oldestMs() : this.#hooks.nowMs());
    if (ageMs > PASS_MS + this.#hooks.waitMs() && !this.#hooks.isTroubled())
      this.#hooks.object(`${service} is doubted by what was known ${Math.round(ageMs / 1000)} s ago`);
    const answeredAtMs = this.#answeredAtMs.get(service);
    if (answeredAtMs !== undefined) this.#floorMs.set(service, answeredAtMs);
  }

  /** The pass that was over first may have been at it when the person asked. */
  #judgeAnswer(service: string, oldestMs: () => number): void {
    const asked = this.#asked.get(service);
    if (asked === undefined) return;
    asked.passes += 1;
    const isAnswered = oldestMs() >= asked.atMs;
    if (isAnswered || asked.passes > 1 || this.#hooks.isTroubled()) this.#asked.delete(service);
    if (!isAnswered && asked.passes > 1 && !this.#hooks.isTroubled())
      this.#hooks.object(`whoever asks for a look at ${service} is answered with what was known before`);
  }

  /** Of what is gone there is nothing to be read. */
  hearDrift({ metadata, service, arn = "", resource, resourceName, field }: DriftEvent): void {
    const isNew = !this.#heard.has(metadata.name);
    this.#heard.add(metadata.name);
    const id = this.#reads.oldestOf(arn) === undefined ? resourceName : arn;
    if (isNew && field !== "") this.#judge(`drift of ${resource} ${field}`, service, id);
  }

  /** A new life knows nothing of what the one before has asked. */
  forgetWrites(): void {
    this.#asked.clear();
    this.#floorMs.clear();
    this.#answeredAtMs.clear();
  }

  #judge(what: string, service: string, id: string): void {
    const readAtMs = this.#reads.oldestOf(id);
    if (readAtMs === undefined) return;
    const floorMs = this.#floorMs.get(service) ?? Number.NEGATIVE_INFINITY;
    const ageMs = this.#hooks.nowMs() - readAtMs;
    if (readAtMs < floorMs)
      this.#hooks.object(`${what} rests upon a read of before ${service}'s own last write was answered`);
    else if (ageMs > PASS_MS && !this.#hooks.isTroubled())
      this.#hooks.object(`${what} rests upon what was known ${Math.round(ageMs / 1000)} s ago`);
  }
}

/** The resource that a call changes, where it is one that was there before. */
function changedBy({ operation, input }: Call): string | undefined {
  if (/^(Create|Put|Start|Cancel)/.test(operation)) return undefined;
  const { RuleArn, ListenerArn, TargetGroupArn, LoadBalancerArn, AutoScalingGroupName } = input as {
    [name: string]: string | undefined;
  };
  return RuleArn ?? ListenerArn ?? TargetGroupArn ?? LoadBalancerArn ?? AutoScalingGroupName;
}
