import { capitalised } from "./first-letter.ts";

/** That something waits, and for what, as a clause: the same words in conditions, on pages, in terminals and in the API. */
export function waitText(until: readonly string[], what?: string): string {
  const clause = `waits: ${until.join(", ")}`;
  return what === undefined ? clause : `${what} ${clause}`;
}

/** The same as a sentence, of what stands before it. */
export function waitSentence(until: readonly string[]): string {
  const clause = waitText(until);
  return `${capitalised(clause)}.`;
}
