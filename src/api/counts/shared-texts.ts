import { LIMITS } from "../../model/limits.ts";
import type { ServiceSummary } from "../../model/status-page.ts";

/** Keeps one copy of what very many services say in the same words. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  /** What says the same as `summary`, in words that others say too. */
  summary(summary: ServiceSummary): ServiceSummary {
    const { namespace, region, unread, conditions } = summary;
    return {
      ...summary,
      namespace: this.#one(namespace),
      region: this.#one(region),
      unread: unread.map((kind) => this.#one(kind)),
      conditions: conditions.map((condition) => ({
        ...condition,
        type: this.#one(condition.type),
        status: this.#one(condition.status),
        reason: this.#one(condition.reason),
        message: this.#one(condition.message),
        lastTransitionTime: this.#one(condition.lastTransitionTime),
      })),
    };
  }

  #one<T extends string>(text: T): T {
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    if (this.#texts.size >= LIMITS.sharedTexts) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
