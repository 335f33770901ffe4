/**
 * What the daemon may not do at once, by its calls and by the clock alone: rules that edits delete, what it puts back within
 * an hour, and when it does. A service that AWS has held as its user wants it needs nothing but corrections from then on.
 */
import { conditionOf } from "../../../src/model/conditions.ts";
import type { WebService } from "../../../src/model/object.ts";
import type { Call, Interceptor } from "../../../src/simulator/faults/interceptors.ts";

const HOUR_MS = 3_600_000;
/** Of a kind of which so few are owned as here. */
const MOST_DELETIONS = 10;
/** What is begun within a window is finished after it. */
const FINISHING_MS = 120_000;

/** The window that the simulated services have: see the edit `corrected at night`. Hours of the day, in UTC. */
export const NIGHT = { from: 2, to: 3 } as const;

interface GuardsHooks {
  nowMs(): number;
  isDaemons(call: Call): boolean;
  services(): readonly WebService[];
  /** What has been counted is lost with the database. */
  hasLostObjects(): boolean;
  object(text: string): void;
}

export class Guards implements Interceptor {
  readonly #hooks: GuardsHooks;
  readonly #correctionsPerHour: number | undefined;
  /** Rule → when it was deleted. */
  readonly #deleted = new Map<string, number>();
  #corrections: number[] = [];
  /** Service → the last generation that AWS was seen to hold. */
  readonly #settled = new Map<string, number>();

  constructor(hooks: GuardsHooks, correctionsPerHour: number | undefined) {
    this.#hooks = hooks;
    this.#correctionsPerHour = correctionsPerHour;
  }

  hear(service: string, { conditions, observedGeneration }: NonNullable<WebService["status"]>): void {
    if (conditionOf(conditions, "Synced")?.status === "True") this.#settled.set(service, observedGeneration);
  }

  /** A person has looked, and lets it go on. */
  lifted(): void {
    this.#deleted.clear();
  }

  after(call: Call): undefined {
    if (!call.mutating || !this.#hooks.isDaemons(call) || this.#hooks.hasLostObjects()) return undefined;
    this.#judgeDeletion(call);
    this.#judgeCorrection(call);
    return undefined;
  }

  #judgeDeletion({ operation, input }: Call): void {
    const isGoing = this.#hooks.services().some(({ metadata }) => metadata.deletionTimestamp !== undefined);
    if (operation !== "DeleteRule" || isGoing) return;
    const nowMs = this.#hooks.nowMs();
    this.#deleted.set((input as { RuleArn: string }).RuleArn, nowMs);
    const recent = [...this.#deleted.values()].filter((atMs) => nowMs - atMs < HOUR_MS).length;
    if (recent > MOST_DELETIONS)
      this.#hooks.object(`${recent} rules are deleted within an hour, and nobody has looked`);
  }

  #judgeCorrection({ operation }: Call): void {
    const services = this.#hooks.services();
    const isCorrection = services.every(
      ({ metadata }) =>
        metadata.deletionTimestamp === undefined && this.#settled.get(metadata.name) === metadata.generation,
    );
    if (!isCorrection) return;
    const nowMs = this.#hooks.nowMs();
    const isForNight = services.some(({ spec }) => spec.windows !== undefined);
    if (isForNight && !isNight(nowMs))
      this.#hooks.object(
        `${operation} corrects at ${new Date(nowMs).toISOString()}, outside of every window`,
      );
    this.#corrections = [...this.#corrections.filter((atMs) => nowMs - atMs < HOUR_MS), nowMs];
    const { length } = this.#corrections;
    if (this.#correctionsPerHour !== undefined && length > this.#correctionsPerHour)
      this.#hooks.object(`${length} calls correct within an hour, and ${this.#correctionsPerHour} may`);
  }
}

function isNight(nowMs: number): boolean {
  const ofDayMs = nowMs % (24 * HOUR_MS);
  return ofDayMs >= NIGHT.from * HOUR_MS && ofDayMs < NIGHT.to * HOUR_MS + FINISHING_MS;
}
