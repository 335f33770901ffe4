import type { ObjectKey } from "../../src/model/object.ts";
import { NO_STATUS, type WebServiceStatus } from "../../src/model/status.ts";
import type { Store } from "../../src/ports.ts";

/** Makes a plan of a service wait for approval, as a pass writes it. */
export function waitForApproval(
  store: Store,
  key: ObjectKey,
  digest: string,
  more: Partial<WebServiceStatus> = {},
): void {
  const object = store.get(key);
  if (object === undefined) throw new Error(`${key.name} is not stored`);
  store.updateStatus(key, object.metadata.uid, {
    ...NO_STATUS,
    observedGeneration: 1,
    ...more,
    plan: {
      digest,
      approval: { annotation: "holdfast.dev/approved-plan", digest, effects: [] },
      rows: [
        {
          ...{
            verb: "delete",
            key: "targetGroups.web",
            kind: "targetGroup",
            name: "web-1",
            reason: "not wanted",
          },
          ...{
            calls: ["elasticloadbalancing:DeleteTargetGroup"],
            differences: [],
            blockedBy: [`approval of plan ${digest}`],
          },
        },
      ],
      summary: { create: 0, update: 0, delete: 1, blocked: 1 },
    },
  });
}
