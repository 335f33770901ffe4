import { describe, expect, it } from "vitest";
import { parseYaml } from "../../src/api/body/parse-yaml.ts";
import { tokensIn } from "../../src/config/token-file.ts";
import { CloudError, InvalidSpecError, NothingToImportError } from "../../src/model/errors.ts";
import type { ImportRequest } from "../../src/model/import.ts";
import { causesOf, IMPORTED, post, world } from "./support.ts";

const URL = "/specs/import";
const BODY = { region: "us-east-1", loadBalancer: "shop", metadata: { name: "shop" } };

/** A world that keeps what it was asked to import, and stores nothing else. */
function importing(answer: () => Promise<typeof IMPORTED> = async () => IMPORTED) {
  const asked: ImportRequest[] = [];
  const here = world({
    importTier: (request) => {
      asked.push(request);
      return answer();
    },
  });
  return { ...here, asked };
}

describe("POST /specs/import", () => {
  it("answers in YAML, which reads back as the same manifest, unless JSON is asked for", async () => {
    const here = importing();
    const yaml = await post(here, BODY, URL);
    expect(yaml.statusCode).toBe(200);
    expect(yaml.headers["content-type"]).toBe("application/yaml; charset=utf-8");
    expect(parseYaml(yaml.body)).toEqual([IMPORTED]);
    const json = await here.app.inject({
      method: "POST",
      url: URL,
      headers: { accept: "application/json", "content-type": "application/yaml" },
      payload: "region: us-east-1\nloadBalancer: shop\nmetadata: { name: shop }\n",
    });
    expect(json.json()).toEqual(IMPORTED);
    expect(here.asked).toHaveLength(2);
    expect(here.asked[1]).toEqual(here.asked[0]);
  });

  it("comes in no other form", async () => {
    const answer = await post(importing(), BODY, URL, {
      accept: "text/html",
      "content-type": "application/json",
    });
    expect([answer.statusCode, answer.json().message]).toEqual([
      406,
      "a manifest comes as application/yaml or application/json",
    ]);
  });

  it("stores nothing, and asks for no pass", async () => {
    const here = importing();
    await post(here, BODY, URL);
    expect(here.store.list({}).items).toEqual([]);
    expect(here.requested).toEqual([]);
  });

  it("tells every fault at once, and reads nothing then", async () => {
    const here = importing();
    const answer = await post(
      here,
      { region: "x", metadata: { name: "Shop", labels: {} }, incldue: [] },
      URL,
    );
    expect(answer.statusCode).toBe(422);
    expect(causesOf(answer)).toEqual([
      "metadata.name FieldValueInvalid",
      "metadata.labels FieldUnknown",
      "incldue FieldUnknown",
      "region FieldValueInvalid",
      "loadBalancer FieldValueRequired",
    ]);
    expect(here.asked).toEqual([]);
  });

  it("takes one body that is a map", async () => {
    expect((await post(importing(), [BODY], URL)).statusCode).toBe(400);
    expect(
      (await post(importing(), "a: 1\n---\nb: 2\n", URL, { "content-type": "application/yaml" })).statusCode,
    ).toBe(400);
  });

  it.each([
    [new NothingToImportError("there is no load balancer shop"), 404, "NotFound"],
    [
      new InvalidSpecError([{ path: "include", message: "names a and b", reason: "FieldValueInvalid" }]),
      422,
      "Invalid",
    ],
    [
      new CloudError({
        operation: "ec2:DescribeLaunchTemplates",
        code: "Throttling",
        category: "throttled",
        message: "slow",
      }),
      503,
      "ServiceUnavailable",
    ],
  ])("answers %o with one clear Status", async (error, code, reason) => {
    const answer = await post(
      importing(() => Promise.reject(error)),
      BODY,
      URL,
    );
    expect(answer.json()).toMatchObject({ kind: "Status", code, reason });
    if (code === 503) expect(answer.headers["retry-after"]).toBe("5");
  });

  it("is for those who may write: it reads the account", async () => {
    const here = world({ tokens: () => tokensIn("eye token-of-16-letters read\nhand hands-of-16-letters") });
    const as = (token: string) =>
      post(here, BODY, URL, { authorization: `Bearer ${token}`, "content-type": "application/json" });
    expect((await post(here, BODY, URL)).statusCode).toBe(401);
    expect((await as("token-of-16-letters")).statusCode).toBe(403);
    expect((await as("hands-of-16-letters")).statusCode).toBe(200);
  });
});
