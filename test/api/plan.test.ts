import { expect, it } from "vitest";
import { tokensIn } from "../../src/config/token-file.ts";
import { CloudError } from "../../src/model/errors.ts";
import { BASE, manifest, PLAN, post, world } from "./support.ts";

const URL = `${BASE}/a/plan`;

async function stored(change: Parameters<typeof world>[0] = {}) {
  const w = world(change);
  await post(w, manifest("a"), BASE);
  return w;
}

it("a plan comes as JSON, with whose it is", async () => {
  const { app, store } = await stored();
  const answer = await app.inject(URL);
  expect(answer.statusCode).toBe(200);
  const { uid } = store.get({ namespace: "default", name: "a" })!.metadata;
  expect(answer.json()).toEqual({
    kind: "WebServicePlan",
    apiVersion: "holdfast.dev/v1",
    metadata: { namespace: "default", name: "a", uid, generation: 1 },
    ...PLAN,
  });
});

it("a plan comes as text for who asks for text, by parameter or Accept", async () => {
  const { app } = await stored();
  const asked = [
    { url: `${URL}?format=text` },
    { url: URL, headers: { accept: "text/plain" } },
    { url: `${URL}?format=text`, headers: { accept: "application/json" } },
  ];
  for (const request of asked) {
    const answer = await app.inject(request);
    expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(answer.body).toBe("a: sha256:0\n");
  }
  const odd = await app.inject({ url: URL, headers: { accept: "image/png" } });
  expect(odd.statusCode).toBe(406);
  expect((await app.inject(`${URL}?format=xml`)).statusCode).toBe(400);
});

it("a plan of what is not stored is not found", async () => {
  const answer = await world().app.inject(URL);
  expect([answer.statusCode, answer.json().reason]).toEqual([404, "NotFound"]);
});

it("a plan that AWS does not let be made says what AWS said", async () => {
  const { app } = await stored({
    plan: async () => {
      throw new CloudError({
        operation: "elasticloadbalancing:DescribeLoadBalancers",
        code: "Throttling",
        category: "throttled",
        message: "Rate exceeded",
      });
    },
  });
  const answer = await app.inject(URL);
  expect(answer.statusCode).toBe(503);
  expect(answer.json().message).toContain("The plan needs to know what AWS holds");
});

it("whoever may only look may ask for a plan, and nobody else", async () => {
  const tokens = tokensIn("reader token-of-16-letters read\n");
  const { app, store } = world({ tokens: () => tokens });
  store.create({ metadata: { namespace: "default", name: "a" }, spec: { region: "us-east-1" } });
  expect((await app.inject(URL)).statusCode).toBe(401);
  const headers = { authorization: "Bearer token-of-16-letters" };
  expect((await app.inject({ url: URL, headers })).statusCode).toBe(200);
});
