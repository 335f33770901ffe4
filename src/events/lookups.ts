import { CloudError } from "../model/errors.ts";
import type { KindName } from "../model/kind-name.ts";
import type { DriftEvent } from "../model/ledger/drift.ts";
import { LIMITS } from "../model/limits.ts";
import type { Clock, Input, Log, Output, ReadingCloud } from "../ports.ts";
import { spanOf } from "./attribute.ts";
import type { Attributions, Sought } from "./attributions.ts";
import { hintOfRecord } from "./parse.ts";
import type { Remembered } from "./remembered.ts";

interface LookupDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly cloudFor: (region: string) => ReadingCloud;
  /** The account of a service; absent where it is not known. */
  readonly accountOf: (service: Sought["service"]) => string | undefined;
  readonly remembered: Remembered;
  readonly attributions: Pick<Attributions, "attribute">;
  /** IAM's names of the operations that can have moved it. */
  readonly operationsFor: (kind: KindName, field: string) => readonly string[];
}

/**
 * When CloudTrail is asked, counted from when the drift was first seen: "lookup results can take up to 15 minutes", which
 * is no promise. docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html
 */
export const ASKED_AFTER_MS = [30_000, 90_000, 210_000, 450_000, 810_000, 1_200_000];
const PAGE = 50;

interface Waiting {
  readonly sought: Sought;
  readonly attempt: number;
  readonly dueMs: number;
}

/** Asks CloudTrail who did it, again and again for some time. One question serves all that wait for its answer. */
export class Lookups {
  readonly #deps: LookupDependencies;
  readonly #stopping = new AbortController();
  #waiting: Waiting[] = [];
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #told: string | undefined;

  constructor(deps: LookupDependencies) {
    this.#deps = deps;
  }

  seek(sought: Sought): void {
    if (this.#waiting.length >= LIMITS.soughtAttributions || this.#stopping.signal.aborted) return;
    this.#wait(sought, 0);
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancel?.();
    await this.#running;
  }

  #wait(sought: Sought, attempt: number): void {
    const afterMs = ASKED_AFTER_MS[attempt];
    if (afterMs === undefined) return;
    const nowMs = this.#deps.clock.nowMs();
    this.#waiting.push({ sought, attempt, dueMs: Math.max(nowMs, sought.window.seenAtMs + afterMs) });
  }

  #schedule(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#stopping.signal.aborted || this.#running !== undefined || this.#waiting.length === 0) return;
    const next = Math.min(...this.#waiting.map(({ dueMs }) => dueMs));
    this.#cancel = this.#deps.clock.schedule(Math.max(0, next - this.#deps.clock.nowMs()), () => {
      this.#running = this.#ask()
        .catch((error: unknown) => this.#tell(error))
        .finally(() => {
          this.#running = undefined;
          this.#schedule();
        });
    });
  }

  async #ask(): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    const due = this.#waiting.filter(({ dueMs }) => dueMs <= nowMs);
    this.#waiting = this.#waiting.filter(({ dueMs }) => dueMs > nowMs);
    const open = due.filter(({ sought }) => !this.#deps.attributions.attribute(sought));
    for (const [question, asking] of Map.groupBy(
      open.flatMap((each) => this.#questionsOf(each)),
      ([key]) => key,
    )) {
      const [region = "", eventName = ""] = question.split(" ");
      await this.#answer(
        region,
        eventName,
        asking.map(([, { sought }]) => sought),
      );
    }
    for (const { sought, attempt } of open)
      if (!this.#deps.attributions.attribute(sought)) this.#wait(sought, attempt + 1);
  }

  #questionsOf(waiting: Waiting): (readonly [string, Waiting])[] {
    const { kind, field, region, change } = waiting.sought.place;
    const operations = this.#deps.operationsFor(kind, fieldOf(change, field));
    return operations.map(
      (operation) => [`${region} ${operation.slice(operation.indexOf(":") + 1)}`, waiting] as const,
    );
  }

  /** By the name of the event; where there are more than are read, by the name of each resource, too. */
  async #answer(region: string, eventName: string, asking: readonly Sought[]): Promise<void> {
    const spans = asking.map(({ window }) => spanOf(window));
    const range = {
      StartTime: new Date(Math.min(...spans.map(({ fromMs }) => fromMs))),
      EndTime: new Date(Math.max(...spans.map(({ untilMs }) => untilMs))),
    };
    const isWhole = await this.#read(
      region,
      { AttributeKey: "EventName", AttributeValue: eventName },
      range,
      asking,
    );
    if (isWhole) return;
    for (const sought of asking) {
      const AttributeValue = sought.place.id ?? sought.place.name;
      await this.#read(region, { AttributeKey: "ResourceName", AttributeValue }, range, [sought]);
    }
  }

  /** @returns whether all that AWS has was read */
  async #read(
    region: string,
    attribute: NonNullable<Input<"cloudtrail:LookupEvents">["LookupAttributes"]>[number],
    range: { StartTime: Date; EndTime: Date },
    asking: readonly Sought[],
  ): Promise<boolean> {
    let NextToken: string | undefined;
    for (let page = 0; page < LIMITS.pagesPerLookup; page += 1) {
      if (this.#stopping.signal.aborted) return true;
      const input = {
        LookupAttributes: [attribute],
        ...range,
        MaxResults: PAGE,
        ...(NextToken === undefined ? {} : { NextToken }),
      };
      let answer: Output<"cloudtrail:LookupEvents">;
      try {
        answer = await this.#deps
          .cloudFor(region)
          .call("cloudtrail:LookupEvents", input, { signal: this.#stopping.signal, urgency: "routine" });
      } catch (error) {
        this.#tell(error);
        return true;
      }
      this.#told = undefined;
      for (const { CloudTrailEvent } of (answer.Events ?? []).slice(0, PAGE))
        this.#remember(CloudTrailEvent, region, asking);
      NextToken = answer.NextToken;
      if (NextToken === undefined) return true;
    }
    return false;
  }

  #remember(record: string | undefined, region: string, asking: readonly Sought[]): void {
    for (const { service } of asking) {
      const account = this.#deps.accountOf(service);
      const hint = account === undefined ? undefined : hintOfRecord(record, { account, region });
      if (hint !== undefined) this.#deps.remembered.put([service], hint);
    }
  }

  #tell(error: unknown): void {
    const fault = error instanceof CloudError ? `${error.code} (${error.category})` : String(error);
    if (!this.#stopping.signal.aborted && fault !== this.#told)
      this.#deps.log.warn({ fault }, "CloudTrail cannot be asked who did it");
    this.#told = fault;
  }
}

function fieldOf(change: DriftEvent["change"], field: string): string {
  return change === "Missing" ? "" : field;
}
