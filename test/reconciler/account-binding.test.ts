/** A service lives in the account that it was first reconciled in, whatever credentials the daemon is given later. */
import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { type Account, buildAccount } from "../../src/simulator/account.ts";
import type { Interceptor } from "../../src/simulator/faults/interceptors.ts";
import { exampleSpec, Installation, WEB_API } from "../support/installation.ts";
import { addFault, converged, driftEvents, loudOfBugs, specWith } from "./world.ts";

const HOME = { id: "123456789012", partition: "aws" };
const OTHER = "210987654321";

const edited = specWith((spec) => {
  spec.tags.Team = "storefront";
});

function another({ clock }: Installation, accountId = OTHER): Account {
  return buildAccount({ clock, rng: seededRng(7), throttle: false, accountId });
}

const stalled = (installation: Installation) => installation.condition("Stalled");
const remembered = ({ store }: Installation) => JSON.stringify([...store.applied(WEB_API)]);
const identities = ({ account }: Installation) => account.calls.counts()["sts:GetCallerIdentity"] ?? 0;

describe("the account of a service", () => {
  it("is the one that it is first reconciled in, and stands in its status", async () => {
    const installation = await converged();
    expect(installation.get().status?.account).toEqual(HOME);
    expect(installation.store.accountOf(WEB_API)).toEqual(HOME);
  });

  it("does not go with a lost status, nor with the object's edits", async () => {
    const installation = await converged();
    const { metadata } = installation.get();
    installation.store.updateStatus(WEB_API, metadata.uid, {
      ...installation.get().status!,
      account: { id: OTHER, partition: "aws" },
    });
    installation.post(edited);
    await installation.untilReady();
    expect(installation.get().status?.account).toEqual(HOME);
  });

  it("goes with the object: one that is made anew may live elsewhere", async () => {
    const installation = await converged();
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    await installation.restart({ account: another(installation) });
    installation.post(exampleSpec());
    await installation.untilReady();
    expect(installation.get().status?.account).toEqual({ id: OTHER, partition: "aws" });
  });

  it("is asked for once within minutes, and again after them", async () => {
    const installation = await converged();
    const before = identities(installation);
    for (let pass = 0; pass < 5; pass += 1) {
      installation.controller.request(WEB_API);
      await installation.clock.advance(10_000);
    }
    expect(identities(installation) - before).toBeLessThanOrEqual(1);
    await installation.clock.advance(3_600_000);
    expect(identities(installation) - before).toBeGreaterThanOrEqual(10);
    expect(identities(installation) - before).toBeLessThanOrEqual(14);
  });
});

describe("with credentials of another account", () => {
  it("nothing is written there, nothing is read there, and the ledger and the record stay as they are", async () => {
    const installation = await converged();
    const record = remembered(installation);
    const elsewhere = another(installation);
    await installation.restart({ account: elsewhere });
    await installation.until(() => stalled(installation)?.status === "True");
    await installation.clock.advance(2 * 3_600_000);
    expect(stalled(installation)).toMatchObject({
      reason: "WrongAccount",
      message:
        `This service lives in account 123456789012 (aws), and the credentials in use are of account ${OTHER} (aws): ` +
        "nothing is read into its ledger, and nothing is written. Run with credentials of its account, or keep the " +
        "services of another account in a database of their own.",
    });
    expect(installation.condition("Synced")).toMatchObject({ status: "Unknown", reason: "WrongAccount" });
    expect(installation.condition("Ready")).toMatchObject({ status: "False", reason: "WrongAccount" });
    const { "sts:GetCallerIdentity": asked, ...rest } = elsewhere.calls.counts();
    expect([asked! > 0, rest]).toEqual([true, {}]);
    expect([driftEvents(installation), remembered(installation)]).toEqual([[], record]);
    expect(installation.get().status?.account).toEqual(HOME);
  });

  it("a changed spec is not acted on, and a deletion deletes nothing", async () => {
    const installation = await converged();
    const elsewhere = another(installation);
    await installation.restart({ account: elsewhere });
    installation.post(edited);
    await installation.clock.advance(600_000);
    installation.remove();
    await installation.clock.advance(3_600_000);
    expect(stalled(installation)?.reason).toBe("WrongAccount");
    expect(elsewhere.calls.mutating()).toBe(0);
    expect(installation.get().metadata.deletionTimestamp).toBeDefined();
  });

  it("a dry run says so, and asks nothing else", async () => {
    const installation = await converged();
    const elsewhere = another(installation);
    await installation.restart({ account: elsewhere });
    const plan = await installation.plan(edited);
    expect(plan.rows.map(({ verb, blockedBy }) => [verb, ...blockedBy])).toEqual([["stop", "WrongAccount"]]);
    expect(elsewhere.calls.mutating()).toBe(0);
  });

  it("everything goes on as if nothing had been, once the credentials are right again", async () => {
    const installation = await converged();
    const before = installation.mutations().length;
    await installation.restart({ account: another(installation) });
    await installation.until(() => stalled(installation)?.status === "True");
    await installation.restart({ account: installation.account });
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect([installation.mutations().length, driftEvents(installation)]).toEqual([before, []]);
    expect(stalled(installation)?.status).toBe("False");
  });

  it("a service of before accounts were remembered is known by the ARNs of what was applied", async () => {
    const installation = await converged();
    const { store } = installation;
    // As an earlier Holdfast has left it.
    installation.store = new Proxy(store, {
      get: (target, name) =>
        name === "accountOf" ? () => undefined : (target as unknown as Record<PropertyKey, unknown>)[name],
    });
    const elsewhere = another(installation);
    await installation.restart({ account: elsewhere });
    await installation.until(() => stalled(installation)?.status === "True");
    expect(stalled(installation)?.reason).toBe("WrongAccount");
    expect(elsewhere.calls.mutating()).toBe(0);
  });

  it("the same number in another partition is another account", async () => {
    let partition = "aws";
    const interceptor: Interceptor = {
      after({ operation }, output) {
        const { Arn = "" } = output as { Arn?: string };
        return operation === "GetCallerIdentity"
          ? { kind: "output", output: { ...output, Arn: Arn.replace("arn:aws:", `arn:${partition}:`) } }
          : undefined;
      },
    };
    const installation = await converged(undefined, { interceptor });
    partition = "aws-cn";
    await installation.restart();
    await installation.until(() => stalled(installation)?.status === "True");
    expect(stalled(installation)?.message).toContain("are of account 123456789012 (aws-cn)");
  });
});

describe("when AWS does not say who is calling", () => {
  it("that is unknown, not wrong: nothing is written, and a service is not bound to anything", async () => {
    const installation = new Installation({ log: loudOfBugs });
    const fault = { kind: "error", code: "ExpiredToken", message: "expired", status: 403 } as const;
    addFault(installation, "sts:GetCallerIdentity", fault, { seconds: 600 });
    installation.post(exampleSpec());
    await installation.clock.advance(300_000);
    expect(installation.condition("Synced")).toMatchObject({ status: "Unknown", reason: "CannotRead" });
    expect(installation.condition("Synced")?.message).toContain(
      "sts:GetCallerIdentity answered ExpiredToken",
    );
    expect(stalled(installation)?.status).toBe("False");
    expect(installation.store.accountOf(WEB_API)).toBeUndefined();
    expect(installation.account.calls.mutating()).toBe(0);
    await installation.untilReady();
    expect(installation.get().status?.account).toEqual(HOME);
  });

  it("an answer without an account, or without an ARN, is no answer", async () => {
    for (const output of [{}, { Account: HOME.id }, { Arn: "arn:aws:iam::123456789012:user/x" }]) {
      const installation = new Installation({ log: loudOfBugs });
      addFault(installation, "sts:GetCallerIdentity", { kind: "output", output }, {}, "after");
      installation.post(exampleSpec());
      await installation.clock.advance(60_000);
      expect(installation.condition("Synced")?.reason).toBe("CannotRead");
      expect(installation.account.calls.mutating()).toBe(0);
    }
  });
});
