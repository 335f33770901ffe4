import { describe, expect, it } from "vitest";
import { CloudError } from "../../src/model/errors.ts";
import { causesOf, manifest, PLAN, post, world, YAML } from "./support.ts";

const TWO = `
apiVersion: holdfast.dev/v1
kind: WebService
metadata: { name: one, labels: { team: a } }
spec: { region: us-east-1 }
---
# nothing here
---
apiVersion: holdfast.dev/v1
kind: WebService
metadata: { name: two, namespace: shop }
spec:
  region: eu-west-1
`;

describe("POST /specs", () => {
  it("creates every manifest of a YAML stream, in its namespace, with defaults, and asks for a pass over each", async () => {
    const w = world();
    const answer = await post(w, TWO, "/specs", YAML);
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({
      kind: "List",
      apiVersion: "v1",
      items: [
        {
          metadata: { name: "one", namespace: "default", generation: 1 },
          spec: { region: "us-east-1", size: 1 },
        },
        { metadata: { name: "two", namespace: "shop" } },
      ],
    });
    expect(w.requested).toEqual([
      { namespace: "default", name: "one" },
      { namespace: "shop", name: "two" },
    ]);
  });

  it("answers 200 when all were there, and asks for no pass over what did not move", async () => {
    const w = world();
    await post(w, TWO, "/specs", YAML);
    w.requested.length = 0;
    const same = await post(w, TWO, "/specs", YAML);
    expect(same.statusCode).toBe(200);
    expect(w.requested).toEqual([]);
    expect(w.store.resourceVersion()).toBe("2");
    const moved = await post(w, TWO.replace("eu-west-1", "eu-west-1\n  size: 7"), "/specs", YAML);
    expect(moved.json().items[1].metadata.generation).toBe(2);
    expect(w.requested).toEqual([{ namespace: "shop", name: "two" }]);
  });

  it("warns of what means nothing, in ASCII and quoted, and stores it all the same", async () => {
    const w = world();
    const unlucky = { ...manifest("a"), spec: { region: "us-east-1", size: 13 } };
    const warning = ['299 - "size 13 ? \\"unlucky\\""'];
    const applied = await post(w, [unlucky, manifest("b")]);
    expect([applied.statusCode, applied.headers.warning]).toEqual([201, warning]);
    const dry = await post(w, unlucky, "/specs?dryRun=All");
    expect(dry.headers.warning).toEqual(warning);
    const url = "/apis/holdfast.dev/v1/namespaces/default/webservices/a";
    const put = await w.app.inject({ method: "PUT", url, payload: unlucky });
    expect([put.statusCode, put.headers.warning]).toEqual([200, warning]);
    expect((await post(w, manifest("b"))).headers.warning).toBeUndefined();
  });

  it("takes a JSON list, a List object, and what curl sends when it is told nothing", async () => {
    const w = world();
    expect((await post(w, [manifest("a"), manifest("b")])).statusCode).toBe(201);
    expect((await post(w, { kind: "List", apiVersion: "v1", items: [manifest("c")] })).statusCode).toBe(201);
    const curl = { "content-type": "application/x-www-form-urlencoded" };
    expect((await post(w, JSON.stringify(manifest("d")), "/specs", curl)).statusCode).toBe(201);
    expect((await post(w, TWO, "/specs", curl)).statusCode).toBe(201);
    expect(w.store.list({}).items).toHaveLength(6);
  });

  it("stores nothing when one manifest is wrong, and tells the faults of all", async () => {
    const w = world();
    const bad = manifest("b", {
      metadata: { name: "B_b", labels: { "a b": "c" } },
      spec: { regoin: "x" },
      spce: {},
    });
    const worse = manifest("c", { spec: { size: "x", nope: 1 } });
    const answer = await post(w, [manifest("a"), bad, worse, "text"]);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ kind: "Status", status: "Failure", reason: "Invalid", code: 422 });
    expect(causesOf(answer)).toEqual([
      "[1].spce FieldUnknown",
      "[1].metadata.name FieldValueInvalid",
      "[1].metadata.labels.a b FieldValueInvalid",
      "[1].spec.regoin FieldUnknown",
      "[1].spec.region FieldValueInvalid",
      "[2].spec.nope FieldUnknown",
      "[2].spec.region FieldValueInvalid",
      "[3] FieldValueInvalid",
    ]);
    expect(answer.json().details.causes[0].message).toContain("did you mean spec?");
    expect(w.store.list({}).items).toEqual([]);
  });

  it("gives the fields of a single manifest without an index", async () => {
    const answer = await post(world(), manifest("a", { spec: {} }));
    expect(causesOf(answer)).toEqual(["spec.region FieldValueInvalid"]);
  });

  it("tells the faults of the name and of the spec together", async () => {
    const body = {
      apiVersion: "holdfast.dev/v1",
      kind: "WebService",
      metadata: { name: "A_b" },
      spec: { sizes: 1 },
    };
    const answer = await post(world(), JSON.stringify(body), "/specs");
    expect(causesOf(answer)).toEqual([
      "metadata.name FieldValueInvalid",
      "spec.sizes FieldUnknown",
      "spec.region FieldValueInvalid",
    ]);
  });

  it("refuses an object that comes twice", async () => {
    const answer = await post(world(), [manifest("a"), manifest("a")]);
    expect(causesOf(answer)).toEqual(["[1].metadata.name FieldValueDuplicate"]);
  });

  it("stores nothing when one manifest was decided on an older version", async () => {
    const w = world();
    await post(w, [manifest("a")]);
    const stale = manifest("a", {
      metadata: { name: "a", resourceVersion: "99" },
      spec: { region: "us-east-1", size: 2 },
    });
    const answer = await post(w, [manifest("b"), stale]);
    expect([answer.statusCode, answer.json().reason]).toEqual([409, "Conflict"]);
    expect(w.store.list({}).items).toHaveLength(1);
    const gone = manifest("new", { metadata: { name: "new", resourceVersion: "1" } });
    expect((await post(w, gone)).statusCode).toBe(409);
  });

  it("bounds the number of manifests", async () => {
    const many = Array.from({ length: 101 }, (_, index) => manifest(`n${index}`));
    const w = world();
    expect((await post(w, many)).statusCode).toBe(413);
    const stream = many.map((one) => JSON.stringify(one)).join("\n---\n");
    expect((await post(w, stream, "/specs", YAML)).statusCode).toBe(413);
    expect((await post(w, [])).statusCode).toBe(400);
    expect(w.store.list({}).items).toEqual([]);
  });

  it("answers a dry run with the plan of each, and stores nothing", async () => {
    const w = world();
    const answer = await post(w, [manifest("a"), manifest("b")], "/specs?dryRun=All");
    expect(answer.statusCode).toBe(201);
    expect(answer.json().items).toHaveLength(2);
    expect(answer.json().items[0].status.plan).toEqual(PLAN);
    expect(w.store.resourceVersion()).toBe("0");
    expect(w.requested).toEqual([]);
  });

  it("says what AWS said when a dry run cannot read it", async () => {
    const refused = { operation: "ec2:DescribeInstances", code: "Throttling", message: "Rate exceeded" };
    const w = world({ plan: () => Promise.reject(new CloudError(refused)) });
    const answer = await post(w, manifest("a"), "/specs?dryRun=All");
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("5");
    expect(answer.json().message).toContain("ec2:DescribeInstances failed: Throttling: Rate exceeded");
  });

  it("does not take a misspelt dryRun for a write", async () => {
    const w = world();
    for (const query of ["dryrun=All", "dryRun=all", "dryRun=All&dryRun=All"]) {
      const answer = await post(w, manifest("a"), `/specs?${query}`);
      expect([query, answer.statusCode, answer.json().kind]).toEqual([query, 400, "Status"]);
    }
    expect(w.store.list({}).items).toEqual([]);
  });
});
