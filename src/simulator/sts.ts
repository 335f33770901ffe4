/** Security Token Service: only the question that people ask first of a new endpoint. */

import type { OperationTable } from "./service.ts";
import type { World } from "./services.ts";

export function buildSts(world: World): { operations: OperationTable } {
  return {
    operations: {
      GetCallerIdentity: () => ({
        Account: world.accountId,
        Arn: `arn:aws:iam::${world.accountId}:user/simulated`,
        UserId: "AIDASIMULATEDUSER0001",
      }),
    },
  };
}
