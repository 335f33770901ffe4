import { answerText, CloudError, STOPPED } from "../model/errors.ts";
import { iso, isRecent } from "../model/time.ts";
import { type Clock, elapsed, type Log, type QueueCloud } from "../ports.ts";
import type { Intake } from "./intake.ts";
import type { Queue } from "./queue.ts";

interface PollerDependencies {
  readonly cloud: QueueCloud;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  readonly intake: Intake;
}

/** The longest that AWS waits for a message: docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const WAIT_SECONDS = 20;
/** The most messages in one answer. */
const MESSAGES = 10;
/** A queue that answers at once that there is nothing is not asked again at once. */
const BETWEEN_EMPTY_MS = 1_000;
const SHORTEST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** One heartbeat is not sent sooner than this after the one before, whatever became of that. */
const BETWEEN_HEARTBEATS_MS = 30_000;
/** The tag of the queue that the heartbeat writes. */
export const HEARTBEAT_TAG = "holdfast.dev/heartbeat";

/** Listens to the queue until it is stopped. Whatever goes wrong with it harms nobody else. */
export class Poller {
  readonly #deps: PollerDependencies;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #fault: string | undefined;
  /** Why no heartbeat could be sent. */
  #untagged: string | undefined;
  #heartbeatAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: PollerDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#listen();
  }

  /** Gives up what it waits for, and resolves when nothing more is taken in. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** Why the queue cannot be read, or not be tagged, as AWS said it last. */
  get fault(): string | undefined {
    return this.#fault ?? this.#untagged;
  }

  async #listen(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const before = this.#deps.clock.nowMs();
      try {
        const taken = await this.#receive();
        await this.#beat();
        failures = 0;
        this.#noteFault(undefined);
        const isAtOnce = this.#deps.clock.nowMs() - before < BETWEEN_EMPTY_MS;
        if (taken === 0 && isAtOnce) await this.#pause(BETWEEN_EMPTY_MS);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#noteFault(faultOf(error));
        await this.#pause(Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS * 2 ** failures));
        failures = Math.min(failures + 1, 10);
      }
    }
  }

  /** What was taken in is taken off the queue; what was not comes again by itself, and is known then. */
  async #receive(): Promise<number> {
    const { cloud, queue, intake } = this.#deps;
    const { signal } = this.#stopping;
    const { Messages = [] } = await cloud.call(
      "sqs:ReceiveMessage",
      { QueueUrl: queue.url, MaxNumberOfMessages: MESSAGES, WaitTimeSeconds: WAIT_SECONDS },
      { signal, urgency: "suspicion" },
    );
    const taken = Messages.slice(0, MESSAGES).flatMap(({ Body, ReceiptHandle }, index) => {
      intake.take(Body);
      return ReceiptHandle === undefined ? [] : [{ Id: String(index), ReceiptHandle }];
    });
    if (taken.length > 0) {
      const input = { QueueUrl: queue.url, Entries: taken };
      await cloud.call("sqs:DeleteMessageBatch", input, { signal, urgency: "suspicion" });
    }
    return taken.length;
  }

  /** In a quiet fleet nothing of ours would come back, and nobody knew whether anything still does. */
  async #beat(): Promise<void> {
    const { cloud, queue, clock, intake } = this.#deps;
    intake.awaitCalls();
    const nowMs = clock.nowMs();
    if (!intake.isHeartbeatDue || isRecent(this.#heartbeatAtMs, BETWEEN_HEARTBEATS_MS, nowMs)) return;
    this.#heartbeatAtMs = nowMs;
    try {
      const { $metadata } = await cloud.call(
        "sqs:TagQueue",
        { QueueUrl: queue.url, Tags: { [HEARTBEAT_TAG]: iso(nowMs) } },
        { signal: this.#stopping.signal, urgency: "routine" },
      );
      if ($metadata.requestId !== undefined) intake.heartbeatSent($metadata.requestId);
      this.#untagged = undefined;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      // While everything is paused the queue is not tagged either: it falls silent, and everybody is polled.
      const fault = error.code === STOPPED ? undefined : faultOf(error);
      if (fault !== undefined && fault !== this.#untagged && !this.#stopping.signal.aborted)
        this.#deps.log.warn({ queue: queue.name, fault }, "the queue of events cannot be tagged");
      this.#untagged = fault;
    }
  }

  #noteFault(fault: string | undefined): void {
    const { log, queue } = this.#deps;
    if (fault !== undefined && fault !== this.#fault)
      log.warn({ queue: queue.name, fault }, "the queue of events cannot be read");
    if (fault === undefined && this.#fault !== undefined)
      log.info({ queue: queue.name }, "the queue of events can be read again");
    this.#fault = fault;
  }

  #pause(ms: number): Promise<void> {
    return elapsed(this.#deps.clock, ms, this.#stopping.signal);
  }
}

function faultOf(error: unknown): string {
  if (error instanceof CloudError) return answerText(error);
  return error instanceof Error ? error.message : String(error);
}
