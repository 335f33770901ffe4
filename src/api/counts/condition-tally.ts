import { type Condition, type ConditionStatus, type ConditionType, isWell } from "../../model/conditions.ts";
import { isReason, type Reason } from "../../model/reasons.ts";

/** A reason of today's table. Empty for one that another version of Holdfast has stored: the labels stay bounded. */
type Label = Reason | "";

/** How many conditions of a type there are with one word. */
interface Tally<Word> {
  readonly type: ConditionType;
  readonly word: Word;
  count: number;
}

/** Counts over the conditions of all services, kept as they change: it costs as little for very many. */
export class ConditionTally {
  readonly #statuses = new Map<string, Tally<ConditionStatus>>();
  readonly #complaints = new Map<string, Tally<Label>>();

  /** @param by 1 for the conditions of a service that come, -1 for those that go */
  count(conditions: readonly Condition[], by: 1 | -1): void {
    for (const condition of conditions) {
      const { type, status } = condition;
      counted(this.#statuses, { type, word: status }, by);
      if (!isWell(condition)) counted(this.#complaints, { type, word: labelOf(condition) }, by);
    }
  }

  conditions(): Iterable<Tally<ConditionStatus>> {
    return this.#statuses.values();
  }

  /** The reasons of the conditions that are not as they should be. */
  complaints(): Iterable<Tally<Label>> {
    return this.#complaints.values();
  }
}

function labelOf({ reason }: Condition): Label {
  return isReason(reason) ? reason : "";
}

function counted<Word extends string>(
  tallies: Map<string, Tally<Word>>,
  { type, word }: { type: ConditionType; word: Word },
  by: 1 | -1,
): void {
  const key = `${type} ${word}`;
  const count = (tallies.get(key)?.count ?? 0) + by;
  if (count > 0) tallies.set(key, { type, word, count });
  else tallies.delete(key);
}
