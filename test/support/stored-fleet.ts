/** A database that knows very many services, each as one that has converged: what a restart of a large fleet begins with. */

import type { CallerAccount } from "../../src/model/account.ts";
import { isWell } from "../../src/model/conditions.ts";
import type { WebService } from "../../src/model/object.ts";
import type { AppliedResource, MadeResource, Store } from "../../src/ports.ts";
import { exampleSpec, Installation, WEB_API } from "./installation.ts";

/** One service that has converged, with all that is stored of it. */
interface Converged {
  readonly object: WebService;
  readonly account: CallerAccount;
  readonly applied: readonly AppliedResource[];
  readonly made: readonly MadeResource[];
}

const PER_TRANSACTION = 500;

export async function converged(): Promise<Converged> {
  const installation = new Installation();
  installation.post(exampleSpec());
  await installation.untilReady();
  await installation.until(() => installation.get().status?.conditions.every(isWell) === true);
  const { store } = installation;
  const account = store.accountOf(WEB_API);
  if (account === undefined) throw new Error("no account is bound to it");
  return {
    object: installation.get(),
    account,
    applied: [...store.applied(WEB_API).values()],
    made: store.made(WEB_API),
  };
}

/** The name of the service with a number: 20 namespaces, in turn. */
function keyOfNumber(index: number): { namespace: string; name: string } {
  return {
    namespace: `team-${String(index % 20).padStart(2, "0")}`,
    name: `shop-${String(index).padStart(5, "0")}`,
  };
}

/** Stores so many services that are like one, under names of their own. */
export function fillStore(store: Store, { object, account, applied, made }: Converged, count: number): void {
  const { name: known } = object.metadata;
  const { spec, status } = object;
  const texts = [status, applied, made].map((each) => JSON.stringify(each));
  for (let from = 0; from < count; from += PER_TRANSACTION) {
    store.transaction(() => {
      for (let index = from; index < Math.min(count, from + PER_TRANSACTION); index += 1) {
        const key = keyOfNumber(index);
        const [itsStatus, itsApplied, itsMade] = texts.map((text) =>
          JSON.parse(text.replaceAll(known, key.name)),
        );
        const { metadata } = store.create({ metadata: { ...key, labels: { team: key.namespace } }, spec });
        store.bindAccount(key, metadata.uid, account);
        store.updateStatus(key, metadata.uid, itsStatus);
        for (const resource of itsApplied) store.putApplied(key, resource);
        for (const resource of itsMade) store.putMade(key, resource);
      }
    });
  }
}
