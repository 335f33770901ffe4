import { it, expect } from "vitest";
import { Installation, exampleSpec, WEB_API } from "../support/installation.ts";
it("first", async () => {
  const i = new Installation({ resyncMs: 600_000 });
  i.post(exampleSpec());
  const t0 = i.clock.nowMs();
  await i.untilReady();
  console.log((i.clock.nowMs()-t0)/1000, i.account.calls.list({}).items?.length ?? i.account.calls);
  const all = i.account.calls.list({limit: 500} as never) as never as {operation:string, mutating: boolean}[];
  console.log(JSON.stringify(i.get().status?.conditions,null,1));
  console.log(i.mutations());
});
