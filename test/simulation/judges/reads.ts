/** When the daemon last asked for what, as the account has answered it: an answer that did not arrive tells nothing. */
import { partsTold } from "../../../bench/fleet/reads.ts";
import type { Call, Interceptor } from "../../../src/simulator/faults/interceptors.ts";

interface Asked {
  readonly atMs: number;
  parts: readonly string[];
}

export class Reads implements Interceptor {
  readonly #nowMs: () => number;
  readonly #asked = new WeakMap<object, Asked>();
  /** Resource → operation that has told of it → when it was asked. */
  readonly #told = new Map<string, Map<string, number>>();
  /** When anybody has last changed something. */
  movedAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  sending(input: object): void {
    this.#asked.set(input, { atMs: this.#nowMs(), parts: [] });
  }

  after(call: Call, output: object): undefined {
    const asked = this.#asked.get(call.input);
    if (call.mutating) {
      this.movedAtMs = call.atMs;
      for (const id of renewedBy(call)) this.#told.delete(id);
    } else if (asked !== undefined) asked.parts = partsTold(call.operation, call.input, output);
    return undefined;
  }

  answered(input: object, error: unknown): void {
    const { parts = [], atMs = 0 } = this.#asked.get(input) ?? {};
    if (error !== undefined) return;
    for (const part of parts) {
      const [operation = "", id = ""] = part.split(" ");
      const told = this.#told.get(id) ?? new Map<string, number>();
      this.#told.set(id, told);
      told.set(operation, Math.max(told.get(operation) ?? atMs, atMs));
    }
  }

  /** When that was last asked for of a resource, as far as it was answered. */
  toldAtMs(operation: string, id: string): number | undefined {
    return this.#told.get(id)?.get(operation);
  }

  /** When the oldest of what has been told of a resource was asked for. */
  oldestOf(id: string): number | undefined {
    const told = this.#told.get(id);
    return told === undefined ? undefined : Math.min(...told.values());
  }
}

/** What has a name of ours may be another one from then on: nothing has been told of it. */
function renewedBy({ operation, input }: Call): readonly string[] {
  if (!/^(Create|Delete)(AutoScalingGroup|LaunchTemplate)$|^DeleteAlarms$/.test(operation)) return [];
  const {
    AutoScalingGroupName,
    LaunchTemplateName,
    AlarmNames = [],
  } = input as {
    AutoScalingGroupName?: string;
    LaunchTemplateName?: string;
    AlarmNames?: string[];
  };
  return [AutoScalingGroupName, LaunchTemplateName, ...AlarmNames].filter((id) => id !== undefined);
}
