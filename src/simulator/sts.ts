/** Security Token Service: only the question that people ask first of a new endpoint. */
import type { AccountContext } from "./account/context.ts";
import type { Identity } from "./cloudtrail/identity.ts";
import type { OperationTable } from "./services.ts";

export function buildSts(context: AccountContext, caller: () => Identity): { operations: OperationTable } {
  return {
    operations: {
      GetCallerIdentity: () => {
        const { arn, principalId } = caller().userIdentity;
        return { Account: context.accountId, Arn: arn, UserId: principalId };
      },
    },
  };
}
