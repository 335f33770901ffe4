import { isSameAccount } from "../model/account.ts";
import type { HeldName } from "../model/held-name.ts";
import { type ObjectKey, type SpecOf, textOfKey } from "../model/object.ts";
import type { Change, Store } from "../ports.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, type Cause, subjectOf } from "./error.ts";

interface Holder {
  readonly key: ObjectKey;
  readonly generation: number;
  readonly uid: string;
  readonly names: readonly HeldName[];
}

/** A spec that is about to be stored. */
export interface Claimant {
  readonly key: ObjectKey;
  readonly spec: Record<string, unknown>;
}

/**
 * Which service holds which of AWS's names. A name is one resource: two services that pin the same one would each put
 * right what the other does. It follows the store's changes, so that nobody reads every spec for each that is written.
 */
export class HeldNames {
  readonly #holders = new Map<string, Holder>();
  /** Place of a name → the keys of the services that pin it: more than one only in a database from elsewhere. */
  readonly #byName = new Map<string, Set<string>>();
  readonly #store: Store;
  readonly #namesIn: Dependencies["heldNamesIn"];
  readonly #leave: () => void;
  /** Every spec is read when the first is written, and not at the start, which nobody is to wait for. */
  #isKnown = false;

  constructor({ store, heldNamesIn }: Pick<Dependencies, "store" | "heldNamesIn">) {
    this.#store = store;
    this.#namesIn = heldNamesIn;
    this.#leave = store.subscribe((changes) => {
      if (this.#isKnown) for (const change of changes) this.#follow(change);
    });
  }

  /**
   * Looks whether each of them may have the names that it pins, beside each other and beside what is stored.
   * @throws ApiError 409 with every name that another service holds, and which
   */
  check(claimants: readonly Claimant[]): void {
    this.#know();
    const asked = claimants.map(({ key, spec }) => ({ key, names: this.#namesIn(spec) }));
    const taken = new Map<string, ObjectKey>();
    const conflicts: { key: ObjectKey; cause: Cause }[] = [];
    const coming = new Set(asked.map(({ key }) => textOfKey(key)));
    for (const { key, names } of asked) {
      for (const held of names) {
        const other = taken.get(placeOf(held)) ?? this.#otherHolder(key, held, coming);
        if (other === undefined) taken.set(placeOf(held), key);
        else conflicts.push({ key, cause: causeOf(held, other) });
      }
    }
    const [first] = conflicts;
    if (first === undefined) return;
    const more = conflicts.length > 1 ? `; and ${conflicts.length - 1} more` : "";
    const { field, message } = first.cause;
    throw new ApiError(
      409,
      `Nothing is stored: WebService ${textOfKey(first.key)}: ${field}: ${message}${more}`,
      {
        causes: conflicts.map(({ cause }) => cause),
        subject: subjectOf("WebService", first.key.name),
      },
    );
  }

  #know(): void {
    if (this.#isKnown) return;
    for (const each of this.#store.specs()) this.#put(each);
    this.#isKnown = true;
  }

  close(): void {
    this.#leave();
  }

  /** @param coming keys of the services whose specs are about to be replaced: what those pin today does not count */
  #otherHolder(key: ObjectKey, held: HeldName, coming: ReadonlySet<string>): ObjectKey | undefined {
    const pinning = [...(this.#byName.get(placeOf(held)) ?? [])]
      .filter((text) => !coming.has(text))
      .map((text) => this.#holders.get(text)?.key);
    const given = held.isLikeGiven ? this.#store.madeUnder(held.kind, held.name) : [];
    return [...pinning, ...given.filter((other) => this.#store.get(other)?.spec.region === held.region)].find(
      (other) =>
        other !== undefined && textOfKey(other) !== textOfKey(key) && this.#isOfOneAccount(key, other),
    );
  }

  /** Where an account is not known yet, it is the one that this daemon works in. */
  #isOfOneAccount(key: ObjectKey, other: ObjectKey): boolean {
    const [own, theirs] = [this.#store.accountOf(key), this.#store.accountOf(other)];
    return own === undefined || theirs === undefined || isSameAccount(own, theirs);
  }

  #follow({ kind, type, object }: Change): void {
    if (kind !== "WebService" || !("spec" in object)) return;
    if (type === "DELETED") this.#forget(textOfKey(object.metadata));
    else this.#put(object);
  }

  #put({ metadata, spec }: SpecOf): void {
    const { namespace, name, generation, uid } = metadata;
    const key = { namespace, name };
    const text = textOfKey(key);
    const known = this.#holders.get(text);
    if (known?.generation === generation && known.uid === uid) return;
    this.#forget(text);
    const names = this.#namesIn(spec);
    this.#holders.set(text, { key, generation, uid, names });
    for (const held of names)
      this.#byName.set(placeOf(held), (this.#byName.get(placeOf(held)) ?? new Set()).add(text));
  }

  #forget(text: string): void {
    for (const held of this.#holders.get(text)?.names ?? []) {
      const keys = this.#byName.get(placeOf(held));
      keys?.delete(text);
      if (keys?.size === 0) this.#byName.delete(placeOf(held));
    }
    this.#holders.delete(text);
  }
}

function placeOf({ region, kind, name }: HeldName): string {
  return `${region} ${kind} ${name}`;
}

function causeOf({ title, region, name, path }: HeldName, other: ObjectKey): Cause {
  return {
    field: path,
    reason: "FieldValueDuplicate",
    message:
      `the ${title} ${JSON.stringify(name)} of ${region} is held by WebService ${textOfKey(other)}; ` +
      "give it another name here, or let that service go of it first",
  };
}
