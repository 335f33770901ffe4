import type { OperationName } from "../ports.ts";
import { sizeOf } from "./buckets.ts";
import type { BudgetedSize } from "./budgeted-bucket.ts";
import { OPERATIONS } from "./operations.ts";

/** AWS's buckets that a call of the operation takes a token from; one without a name is the operation's alone. */
export function bucketsOf(operation: OperationName, autoScalingRate?: number): BudgetedSize[] {
  return OPERATIONS[operation].buckets.map((bucket) => ({
    ...sizeOf(bucket, autoScalingRate),
    name: bucket.name ?? operation,
    isAccounts: bucket.isAccounts === true,
  }));
}
