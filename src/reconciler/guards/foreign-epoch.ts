/**
 * A database that may not be the one that has written last writes nothing, and deletes nothing, before a person has said
 * that it goes on: see consistency/epochs.ts. Pure.
 */
import type { HoldReason } from "../core/holds.ts";
import type { Guard } from "./guard.ts";

/** @param verdict what the epoch on AWS comes to */
export function foreignEpoch(verdict: { readonly is: string; readonly epoch?: string }): Guard[] {
  if (verdict.is === "own") return [];
  const reason: HoldReason =
    verdict.epoch === undefined
      ? { because: "unread", what: "the epoch on the load balancer" }
      : { because: "foreign epoch", epoch: verdict.epoch };
  return [{ stops: () => reason }];
}
