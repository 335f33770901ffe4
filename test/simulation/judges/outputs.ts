/** What the daemon shows to people, as it stands: the page in its three forms, and the tables of the database. */
import { serviceModel } from "../../../src/api/status-model.ts";
import { servicePage } from "../../../src/dashboard/service-page.ts";
import { serviceText } from "../../../src/dashboard/text.ts";
import type { ObjectKey } from "../../../src/model/object.ts";
import { withoutSecrets } from "../../../src/model/secrets.ts";
import type { Clock, Store } from "../../../src/ports.ts";

const MOST = 1_000;

/** Where → what stands there. The object itself is the user's own text and not among them. */
export function outputsOf(store: Store, clock: Clock, services: readonly ObjectKey[]): Map<string, string> {
  const outputs = new Map<string, string>([
    ["the table of events", JSON.stringify(store.events({ limit: MOST }).items)],
    ["the table of drift events", JSON.stringify(store.driftEvents({ limit: MOST }).items)],
    ["the table of calls", JSON.stringify(store.calls({ limit: MOST }))],
  ]);
  for (const service of services) {
    outputs.set(`what was applied for ${service.name}`, JSON.stringify(store.applied(service)));
    const model = serviceModel(
      {
        store,
        clock,
        world: { cloud: "simulated", version: "0", resyncSeconds: 60 },
        cloudStatus: () => [],
        freshnessOf: () => undefined,
        budgets: () => [],
        queueStatus: () => ({ waiting: 0, running: 0, scheduled: 0 }),
        eventFlow: () => undefined,
        withoutSecrets: (spec) => withoutSecrets(spec) as Record<string, unknown>,
      },
      service,
    );
    if (model === undefined) continue;
    outputs.set(`the page of ${service.name}`, servicePage(model));
    outputs.set(`the page of ${service.name} for terminals`, serviceText(model));
    outputs.set(`the page of ${service.name} for programs`, JSON.stringify(model));
  }
  return outputs;
}
