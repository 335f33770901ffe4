import { describe, expect, it } from "vitest";
import { LOAD_BALANCER } from "../../src/model/address.ts";
import { BASE, causesOf, JSON_TYPE, MERGE, manifest, post, world } from "./support.ts";

const pinning = (name: string, pinned: string, region = "us-east-1") =>
  manifest(name, { spec: { region, tags: { pinned } } });
const CAUSE = ["spec.tags.pinned FieldValueDuplicate"];

describe("a name that another service pins", () => {
  it("is refused by every way of writing, the dry run too, and the answer says who holds it", async () => {
    const w = world();
    await post(w, [pinning("a", "prod"), manifest("b")]);
    const before = w.store.resourceVersion();
    const body = JSON.stringify({ spec: { tags: { pinned: "prod" } } });
    const answers = await Promise.all([
      post(w, pinning("b", "prod")),
      post(w, pinning("c", "prod"), BASE),
      post(w, pinning("c", "prod"), "/specs?dryRun=All"),
      post(w, [manifest("d"), pinning("c", "prod")]),
      w.app.inject({ method: "PATCH", url: `${BASE}/b`, headers: MERGE, payload: body }),
      w.app.inject({ method: "PATCH", url: `${BASE}/b?dryRun=All`, headers: MERGE, payload: body }),
      w.app.inject({
        method: "PUT",
        url: `${BASE}/b`,
        headers: JSON_TYPE,
        payload: JSON.stringify(pinning("b", "prod")),
      }),
    ]);
    for (const answer of answers) {
      expect(answer.statusCode).toBe(409);
      expect(answer.json().reason).toBe("Conflict");
      expect(answer.json().message).toContain(
        'load balancer "prod" of us-east-1 is held by WebService default/a',
      );
      expect(causesOf(answer)).toEqual(CAUSE);
    }
    expect(w.store.resourceVersion()).toBe(before);
  });

  it("is taken in another Region, by whoever has it already, and once the other one has let go of it", async () => {
    const w = world();
    await post(w, pinning("a", "prod"));
    expect((await post(w, pinning("b", "prod", "eu-west-1"))).statusCode).toBe(201);
    expect((await post(w, pinning("a", "prod"))).statusCode).toBe(200);
    expect((await post(w, pinning("c", "prod"))).statusCode).toBe(409);
    await post(w, pinning("a", "other"));
    expect((await post(w, pinning("c", "prod"))).statusCode).toBe(201);
    w.store.markDeleted({ namespace: "default", name: "c" });
    expect((await post(w, pinning("d", "prod"))).statusCode).toBe(409);
    w.store.release(
      { namespace: "default", name: "c" },
      w.store.get({ namespace: "default", name: "c" })!.metadata.uid,
    );
    expect((await post(w, pinning("d", "prod"))).statusCode).toBe(201);
  });

  it("may change hands within one request, and cannot be pinned twice in it", async () => {
    const w = world();
    await post(w, [pinning("a", "prod"), pinning("b", "beta")]);
    expect((await post(w, [pinning("a", "beta"), pinning("b", "prod")])).statusCode).toBe(200);
    const twice = await post(w, [pinning("c", "new"), pinning("d", "new")]);
    expect(twice.statusCode).toBe(409);
    expect(twice.json().message).toContain("default/d: spec.tags.pinned");
    expect(twice.json().message).toContain("held by WebService default/c");
  });

  it("is refused as well where it was made for a service that pins nothing", async () => {
    const w = world();
    await post(w, manifest("a"));
    const made = { kind: "loadBalancer", id: "arn", name: "a-0123abcd", address: LOAD_BALANCER } as const;
    w.store.putMade(
      { namespace: "default", name: "a" },
      { ...made, origin: "made", sinceMs: 0, takesOver: [] },
    );
    expect((await post(w, pinning("b", "a-0123abcd"))).statusCode).toBe(409);
    expect((await post(w, pinning("a", "a-0123abcd"))).statusCode).toBe(200);
  });

  it("is another account's, where both are known and differ", async () => {
    const w = world();
    await post(w, [pinning("a", "prod"), manifest("b"), manifest("c")]);
    for (const [name, id] of [
      ["a", "111111111111"],
      ["b", "222222222222"],
      ["c", "111111111111"],
    ] as const) {
      const key = { namespace: "default", name };
      w.store.bindAccount(key, w.store.get(key)!.metadata.uid, { id, partition: "aws" });
    }
    expect((await post(w, pinning("b", "prod"))).statusCode).toBe(200);
    expect((await post(w, pinning("c", "prod"))).statusCode).toBe(409);
  });
});
