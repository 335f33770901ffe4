import { describe, expect, it } from "vitest";
import { type Address, listenerAddress, ruleAddress } from "../../../src/model/address.ts";
import type { AppliedRecord } from "../../../src/reconciler/consistency/drift.ts";
import {
  indeterminateWritesIn,
  type SentCall,
} from "../../../src/reconciler/consistency/indeterminate-writes.ts";

const LISTENER = listenerAddress(443);
const [API, STATIC] = ["api", "static"].map((name) => ruleAddress(LISTENER, name)) as [Address, Address];
const WRITTEN_AT = "2026-01-01T00:01:00.000Z";

const record = (writtenAt: string): AppliedRecord => ({
  name: "n",
  fields: {},
  generation: 1,
  writtenAtMs: Date.parse(writtenAt),
});
const RECORDS = new Map([LISTENER, API, STATIC].map((address) => [address, record(WRITTEN_AT)]));

/** Addresses whose state may be the doing of a call that was sent a second after the record was written. */
function addresses(
  call: Partial<SentCall>,
  applied: ReadonlyMap<Address, AppliedRecord> = RECORDS,
): Address[] {
  const sent: SentCall = {
    affected: [API],
    operation: "elasticloadbalancing:ModifyRule",
    time: "2026-01-01T00:01:01.000Z",
    outcome: "pending",
    ...call,
  };
  return [...indeterminateWritesIn([sent], applied).keys()];
}

describe("the effect of a call is not known", () => {
  it.each<[string, Partial<SentCall>, boolean]>([
    ["while it has no answer", { outcome: "pending" }, true],
    ["when its answer is lost", { outcome: "failed", errorCode: "TimeoutError" }, true],
    ["when AWS fails over it", { outcome: "failed", errorCode: "InternalFailure" }, true],
    ["when its answer cannot be understood", { outcome: "failed", errorCode: "MalformedAnswer" }, true],
    ["when its answer is empty", { outcome: "failed", errorCode: "MalformedResponse" }, true],
    ["but when AWS refuses it", { outcome: "failed", errorCode: "AccessDenied" }, false],
    ["but when AWS has not looked at it", { outcome: "failed", errorCode: "Throttling" }, false],
    ["but when it was done", { outcome: "succeeded" }, false],
  ])("%s", (_when, call, isUnknown) => {
    expect(addresses(call)).toEqual(isUnknown ? [API] : []);
  });

  it("wherever it shows: a call on a listener that moves its rules, in the rules", () => {
    const operation = "elasticloadbalancing:SetRulePriorities";
    expect(addresses({ operation, affected: [API, STATIC] })).toEqual([API, STATIC]);
  });

  it("of what has no record yet: it may have been made by that", () => {
    expect(addresses({}, new Map())).toEqual([API]);
  });

  it("until the record is written anew", () => {
    expect(addresses({ time: WRITTEN_AT })).toEqual([API]);
    expect(addresses({ time: "2026-01-01T00:00:59.999Z" })).toEqual([]);
    const mixed = new Map([...RECORDS, [STATIC, record("2026-01-01T00:02:00.000Z")]]);
    expect(addresses({ affected: [API, STATIC] }, mixed)).toEqual([API]);
  });
});
