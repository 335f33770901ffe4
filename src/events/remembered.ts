import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import type { Hint } from "./hint.ts";

/** Calls of others that events have told of, by service, the newest to come last; the oldest are forgotten. */
export class Remembered {
  readonly #byService = new Map<string, Hint[]>();
  #count = 0;
  /** Under which name our own calls are recorded: what was recorded under it before its answer came to us is ours, too. */
  #ours: string | undefined;

  put(keys: readonly ObjectKey[], hint: Hint): void {
    if (hint.call?.caller === undefined) return;
    for (const key of keys.map(textOfKey)) {
      const known = this.#byService.get(key) ?? [];
      if (known.some(({ id }) => id === hint.id)) continue;
      const kept = [...known, hint].slice(-LIMITS.hintsPerService);
      this.#count += kept.length - known.length;
      // The service that something came of last is the last to be forgotten.
      this.#byService.delete(key);
      this.#byService.set(key, kept);
    }
    while (this.#count > LIMITS.hints) {
      const [oldest, hints] = this.#byService.entries().next().value ?? [];
      if (oldest === undefined) break;
      this.#count -= hints?.length ?? 0;
      this.#byService.delete(oldest);
    }
  }

  of(key: ObjectKey): readonly Hint[] {
    return this.#byService.get(textOfKey(key)) ?? [];
  }

  /** A call that is known to be ours has come back. */
  isOurs({ call }: Hint): void {
    const { principal, session } = call?.caller ?? {};
    if (principal !== undefined) this.#ours = nameOf(principal, session);
  }

  /** Whether it was made under the name that our own calls are recorded under. */
  isUnderOurName({ call }: Hint): boolean {
    const { principal, session } = call?.caller ?? {};
    return principal !== undefined && nameOf(principal, session) === this.#ours;
  }
}

function nameOf(principal: string, session: string | undefined): string {
  return `${principal} ${session ?? ""}`;
}
