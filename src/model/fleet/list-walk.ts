import { CloudError } from "../errors.ts";
import { LIMITS } from "../limits.ts";

/**
 * A list of AWS's, page by page, to its end. Whoever asks for a page gives it here, and is told what asks for the next one;
 * `undefined` after the last. Only a list that has come to its end says what is not in it.
 */
export class ListWalk<T> {
  readonly items: T[] = [];
  pages = 0;
  readonly #operation: string;
  #position: object = {};

  constructor(operation: string) {
    this.#operation = operation;
  }

  /** @throws CloudError `malformed` when a page lacks the list, or the pages do not end */
  take(page: object, list: readonly T[] | undefined): object | undefined {
    if (list === undefined) throw this.#malformed(`the answer to ${this.#operation} lacks the list`);
    for (const item of list) this.items.push(item);
    this.pages += 1;
    const next = nextPosition(page);
    if (next === undefined) return undefined;
    if (JSON.stringify(next) === JSON.stringify(this.#position))
      throw this.#malformed(`the list of ${this.#operation} repeats a page`);
    if (this.pages === LIMITS.pagesPerList)
      throw this.#malformed(`the list of ${this.#operation} has more than ${LIMITS.pagesPerList} pages`);
    this.#position = next;
    return next;
  }

  #malformed(message: string): CloudError {
    return new CloudError({
      operation: this.#operation,
      code: "MalformedAnswer",
      category: "malformed",
      message,
    });
  }
}

/** What asks for the page after this one; `undefined` where it is the last. */
export function nextPosition(page: object): object | undefined {
  const { NextMarker, NextToken } = page as { NextMarker?: string; NextToken?: string };
  if (NextMarker) return { Marker: NextMarker };
  return NextToken ? { NextToken } : undefined;
}
