/** What AWS has answered, with the time at which it was asked, and what it is being asked at the moment. Bounded. */
import { rankOf, type Urgency } from "../model/fleet/urgency.ts";
import { keepNewest } from "../model/limits.ts";

export interface Answer<T = object> {
  readonly output: T;
  readonly askedAtMs: number;
}

interface Asking<T> {
  readonly askedAtMs: number;
  readonly urgency: Urgency;
  readonly answer: Promise<Answer<T>>;
}

interface Entry<T> {
  answer?: Answer<T>;
  asking?: Asking<T>;
}

/** How fresh an answer has to be, and how much whoever asks is in a hurry. */
export interface Want {
  readonly notBeforeMs: number;
  readonly urgency: Urgency;
}

export class KnownAnswers<T = object> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #limit: number;
  readonly #nowMs: () => number;

  /** @param limit how many are kept; those that were asked for least lately go first */
  constructor(limit: number, nowMs: () => number) {
    this.#limit = limit;
    this.#nowMs = nowMs;
  }

  /** What is known, if it is fresh enough. */
  get(name: string, { notBeforeMs }: Pick<Want, "notBeforeMs">): Answer<T> | undefined {
    const entry = this.#entries.get(name);
    const answer = entry?.answer;
    // What is asked for again is kept before what nobody asks for.
    if (entry !== undefined) this.#place(name, entry);
    return answer !== undefined && isWithin(answer.askedAtMs, notBeforeMs, this.#nowMs())
      ? answer
      : undefined;
  }

  /** What is known, however old. */
  last(name: string): Answer<T> | undefined {
    return this.#entries.get(name)?.answer;
  }

  /** What AWS is being asked, if that began late enough and is in no less of a hurry. */
  joining(name: string, { notBeforeMs, urgency }: Want): Promise<Answer<T>> | undefined {
    const asking = this.#entries.get(name)?.asking;
    if (asking === undefined || !isWithin(asking.askedAtMs, notBeforeMs, this.#nowMs())) return undefined;
    return rankOf(asking.urgency) <= rankOf(urgency) ? asking.answer : undefined;
  }

  /** The known answer, the one that is on its way, or a new one. A failure is nobody's answer but of those who waited for it. */
  async obtain(name: string, want: Want, ask: () => Promise<Remembered<T>>): Promise<Answer<T>> {
    return this.get(name, want) ?? (await (this.joining(name, want) ?? this.#ask(name, want, ask)));
  }

  #ask(name: string, { urgency }: Want, ask: () => Promise<Remembered<T>>): Promise<Answer<T>> {
    const askedAtMs = this.#nowMs();
    const entry = this.#touched(name);
    const answer = ask().then(
      ({ output, isKept }) => {
        const told = { output, askedAtMs };
        if (entry.asking?.answer === answer) delete entry.asking;
        const isNewer =
          entry.answer === undefined || !isWithin(entry.answer.askedAtMs, askedAtMs, this.#nowMs());
        if (isKept && isNewer) entry.answer = told;
        if (!isKept && isNewer) delete entry.answer;
        return told;
      },
      (error: unknown) => {
        if (entry.asking?.answer === answer) delete entry.asking;
        throw error;
      },
    );
    entry.asking = { askedAtMs, urgency, answer };
    return answer;
  }

  #place(name: string, entry: Entry<T>): void {
    this.#entries.delete(name);
    this.#entries.set(name, entry);
  }

  /** The entry, as the one that was asked for last. */
  #touched(name: string): Entry<T> {
    const entry = this.#entries.get(name) ?? {};
    this.#place(name, entry);
    keepNewest(this.#entries, this.#limit);
    return entry;
  }
}

/** What AWS has answered, and whether it stands for itself: one page of several does not. */
export interface Remembered<T = object> {
  readonly output: T;
  readonly isKept: boolean;
}

/** Whether a time counts. One that is yet to come is of before the clock went back, and may be of any. */
export function isWithin(askedAtMs: number, notBeforeMs: number, nowMs: number): boolean {
  return askedAtMs >= notBeforeMs && askedAtMs <= nowMs;
}
