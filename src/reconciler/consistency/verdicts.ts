/** The verdict on what differs: whether AWS has moved, the spec, or nobody knows yet. */
import type { Address } from "../../model/address.ts";
import type { FieldVerdict } from "../../model/ledger/verdicts.ts";
import type { Value } from "../../model/value.ts";
import { type Holds, sentenceOf } from "../core/holds.ts";
import type { AppliedRecord, Finding } from "./drift.ts";
import { isIneffective } from "./ineffective-writes.ts";

export interface VerdictInput {
  readonly findings: readonly Finding[];
  readonly holds: Holds;
  readonly records: ReadonlyMap<Address, Pick<AppliedRecord, "fields" | "unseen">>;
}

export interface Verdict {
  readonly verdict: FieldVerdict;
  readonly why?: string;
}

/** On a field that differs. @param desired what is wanted of it */
export function verdictOnField(
  { findings, holds, records }: VerdictInput,
  address: Address,
  field: string,
  desired: Value,
): Verdict {
  const hold = holds.on(address, field);
  const record = records.get(address);
  const why = hold === undefined ? {} : { why: sentenceOf(hold) };
  if (hold?.because === "contested") return { verdict: "contested", ...why };
  if (record !== undefined && isIneffective(record.unseen, field, desired)) {
    return { verdict: "ineffective", why: sentenceOf({ because: "ineffective" }) };
  }
  const isMoved = findings.some(
    (finding) =>
      finding.address === address &&
      finding.change === "Modified" &&
      finding.field === field &&
      finding.isGivenBack !== true,
  );
  return { verdict: isMoved ? "drifted" : "rolling out", ...why };
}

/** On a resource that AWS does not have. */
export function verdictOnMissing({ findings, holds }: VerdictInput, address: Address): Verdict {
  const hold = holds.on(address);
  if (hold?.because === "contested") return { verdict: "contested", why: sentenceOf(hold) };
  const isMoved = findings.some((finding) => finding.address === address && finding.change === "Missing");
  return { verdict: isMoved ? "drifted" : "rolling out" };
}
