/** What the tests of approval need to say: what waits, and that somebody agrees to it. */
import { ANNOTATION_APPROVED_PLAN } from "../../../src/model/object.ts";
import type { ApprovalView } from "../../../src/model/status.ts";
import type { Installation } from "../../support/installation.ts";

export function waitingIn(installation: Installation): ApprovalView | undefined {
  return installation.get().status?.plan?.approval;
}

/** What needs consent, as `effect address`. */
export function effectsIn(installation: Installation): string[] {
  return (waitingIn(installation)?.effects ?? []).map(({ effect, key }) => `${effect} ${key}`);
}

/** Until the newest generation was looked at and waits for approval. @returns the digest */
export async function untilWaiting(installation: Installation): Promise<string> {
  await installation.until(() => {
    const { metadata, status } = installation.get();
    return status?.observedGeneration === metadata.generation && waitingIn(installation) !== undefined;
  });
  return waitingIn(installation)?.digest ?? "";
}

export function approve(installation: Installation, digest = waitingIn(installation)?.digest ?? ""): void {
  installation.annotate({ [ANNOTATION_APPROVED_PLAN]: digest });
}

export const countOf = (calls: readonly string[], name: string) =>
  calls.filter((call) => call.endsWith(`:${name}`)).length;
