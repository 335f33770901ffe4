/** Security Token Service: only the question that people ask first of a new endpoint. */
import type { AccountContext } from "./account/context.ts";
import type { OperationTable } from "./services.ts";

export function buildSts(context: AccountContext): { operations: OperationTable } {
  return {
    operations: {
      GetCallerIdentity: () => ({
        Account: context.accountId,
        Arn: `arn:aws:iam::${context.accountId}:user/simulated`,
        UserId: "AIDASIMULATEDUSER0001",
      }),
    },
  };
}
