import { OWN_WRITE_SETTLES_MS } from "../model/ledger/drift.ts";
import { keepNewest, LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey, type WebService } from "../model/object.ts";

/** How many ends of complete passes are known of a service. */
const PASSES_KNOWN = 8;
/** A pass has asked AWS so long before it ends at most, where nobody knows when. */
const READ_BEFORE_MS = 120_000;

interface CompletePass {
  readonly atMs: number;
  /** When AWS was asked for the oldest that it looked at. */
  readonly readAtMs: number;
}

/** What the statuses of services say that events need: whose an instance is, and when all was last seen. */
export class KnownServices {
  readonly #ofInstance = new Map<string, ObjectKey>();
  readonly #passes = new Map<string, readonly CompletePass[]>();
  readonly #oldestReadMs: (key: ObjectKey) => number | undefined;

  /** @param oldestReadMs when AWS was asked for the oldest that the service was last compared with */
  constructor(oldestReadMs: (key: ObjectKey) => number | undefined = () => undefined) {
    this.#oldestReadMs = oldestReadMs;
  }

  /** A service as it is stored now. */
  put({ metadata, status }: WebService): void {
    const key = { namespace: metadata.namespace, name: metadata.name };
    for (const { instanceId } of status?.instances ?? []) {
      const known = this.#ofInstance.get(instanceId);
      if (known?.name === key.name && known.namespace === key.namespace) continue;
      this.#ofInstance.set(instanceId, key);
      keepNewest(this.#ofInstance, LIMITS.eventInstances);
    }
    const observedAt = status?.observedAt;
    if (observedAt === undefined) return;
    const text = textOfKey(key);
    const known = this.#passes.get(text) ?? [];
    const atMs = Date.parse(observedAt);
    if (known.at(-1)?.atMs === atMs) return;
    const readAtMs = this.#oldestReadMs(key) ?? atMs - READ_BEFORE_MS;
    this.#passes.set(text, [...known, { atMs, readAtMs }].slice(-PASSES_KNOWN));
  }

  remove(key: ObjectKey): void {
    this.#passes.delete(textOfKey(key));
  }

  ofInstance(id: string): ObjectKey | undefined {
    return this.#ofInstance.get(id);
  }

  /**
   * When the reads began of the last pass before then that read everything, and would have told of what had moved: not of
   * what we had written a moment before.
   */
  rightAtMs(key: ObjectKey, beforeMs: number, writtenAtMs = Number.NEGATIVE_INFINITY): number | undefined {
    const tells = (readAtMs: number) =>
      readAtMs < writtenAtMs || readAtMs >= writtenAtMs + OWN_WRITE_SETTLES_MS;
    return this.#passes
      .get(textOfKey(key))
      ?.findLast(({ atMs, readAtMs }) => atMs < beforeMs && tells(readAtMs))?.readAtMs;
  }
}
