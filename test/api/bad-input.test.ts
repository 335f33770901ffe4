import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/model/limits.ts";
import { BASE, causesOf, JSON_PATCH, JSON_TYPE, MERGE, manifest, post, world, YAML } from "./support.ts";

const HEAD = "apiVersion: holdfast.dev/v1\nkind: WebService\nmetadata: { name: a }\n";

describe("a body that cannot be read", () => {
  const json: [string, string, string][] = [
    ["ends too early", '{\n  "kind": ', "line 2, column 11"],
    ["has a comma too many", '{"a": 1,}', "line 1, column 9"],
    ["has a comma too few", '{"a": 1 "b": 2}', "line 1, column 9"],
    ["has no quotes", "{a: 1}", "line 1, column 2"],
    ["goes on after its end", "{} {}", "line 1, column 4"],
    ["names a member twice", '{"a": 1,\n "a": 2}', "line 2, column 2"],
    ["reaches for prototypes", '{"spec": {"__proto__": {}}}', "line 1, column 11"],
    ["has a number too large", '{"a": 1e999}', "line 1, column 7"],
    ["has a number that is not exact", '{"a": 12345678901234567890}', "line 1, column 7"],
    ["has a number with a leading zero", '{"a": 012}', "line 1, column 8"],
    ["has a bad escape", '{"a": "\\x"}', "line 1, column 7"],
    ["has a line break in a string", '{"a": "x\ny"}', "line 1, column 7"],
    ["has NaN", '{"a": NaN}', "line 1, column 7"],
    ["is nested without end", "[".repeat(100_000), "line 1, column 35"],
  ];

  it.each(json)("JSON that %s", async (_, body, place) => {
    const answer = await post(world(), body);
    expect([answer.statusCode, answer.json().reason]).toEqual([400, "BadRequest"]);
    expect(answer.json().message).toContain(`at ${place}\n`);
    expect(answer.json().message.split("\n").at(-1)).toMatch(/^ *\^$/);
    expect(causesOf(answer)).toEqual([`${place} Unreadable`]);
  });

  const yaml: [string, string, string][] = [
    ["nests in one line", `${HEAD}spec: region: x\n`, "line 4, column 7"],
    ["is indented with tabs", `${HEAD}spec:\n\tregion: x\n`, "line 5, column 1"],
    ["names a member twice", `${HEAD}spec:\n  region: x\n  region: y\n`, "line 6, column 3"],
    ["reaches for prototypes", `${HEAD}spec: { constructor: 1 }\n`, "line 4, column 9"],
    ["has an alias without an anchor", `${HEAD}spec: *x\n`, "line 4, column 7"],
    ["has an alias within its anchor", `${HEAD}spec: &x\n  a: *x\n`, "line 5, column 6"],
    ["has a tag", `${HEAD}spec: !!binary aGk=\n`, "line 4, column 7"],
    ["has a number that is not exact", `${HEAD}spec: 12345678901234567890\n`, "line 4, column 7"],
    ["has a number without end", `${HEAD}spec: .inf\n`, "line 4, column 7"],
    ["has a list for a name", `${HEAD}spec: { [a]: 1 }\n`, "line 4, column 9"],
    ["does not end a quote", `${HEAD}spec: "x\n`, "line 5, column 1"],
  ];

  it.each(yaml)("YAML that %s", async (_, body, place) => {
    const w = world();
    const answer = await post(w, body, "/specs", YAML);
    expect(answer.json().message).toContain(`at ${place}\n`);
    expect(answer.statusCode).toBe(400);
    expect(w.store.list({}).items).toEqual([]);
  });

  const bombs: [string, string][] = [
    ["of flow lists", "[".repeat(1_000_000)],
    ["of block lists", `${"- ".repeat(400_000)}x`],
    ["of flow maps", "{a: ".repeat(200_000)],
    ["of complex keys", "? ".repeat(400_000)],
    ["of block maps", Array.from({ length: 1_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    ["of many values", "- 1\n".repeat(250_000)],
    ["of many documents", "---\n".repeat(250_000)],
    ["of comments", "#\n".repeat(500_000)],
    [
      "of aliases that multiply",
      `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`).join("\n")}`,
    ],
  ];

  it.each(bombs)("a bomb %s", async (_, body) => {
    const answer = await post(world(), body, "/specs", YAML);
    expect(answer.json()).toMatchObject({ kind: "Status", code: 400, reason: "BadRequest" });
  });

  it("is empty, blank, binary, or not UTF-8", async () => {
    const w = world();
    const empty = await post(w, "");
    expect([empty.statusCode, empty.json().message]).toEqual([400, "the body is empty"]);
    expect((await post(w, "# only a comment\n", "/specs", YAML)).statusCode).toBe(400);
    expect((await post(w, Buffer.from([0xff, 0xfe, 0x00, 0x01]))).json().message).toBe(
      "the body is not UTF-8 text",
    );
    expect((await post(w, "a\u0000b", "/specs", YAML)).json().message).toContain("NUL");
    expect((await w.app.inject({ method: "POST", url: BASE })).statusCode).toBe(415);
  });

  it("is too large", async () => {
    const answer = await post(world(), `"${"x".repeat(LIMITS.bodyBytes)}"`);
    expect([answer.statusCode, answer.json().reason]).toEqual([413, "RequestEntityTooLarge"]);
  });

  it("is of a type, charset or encoding that is not taken; the answer names what is", async () => {
    const w = world();
    for (const type of [
      "text/plain",
      "application/xml",
      "multipart/form-data; boundary=x",
      "application/json; charset=latin1",
    ]) {
      const answer = await post(w, manifest("a"), "/specs", { "content-type": type });
      expect([type, answer.statusCode, answer.json().reason]).toEqual([type, 415, "UnsupportedMediaType"]);
    }
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await post(w, manifest("a"), BASE, form)).statusCode).toBe(415);
    expect((await post(w, manifest("a"), "/specs", { "content-type": "nonsense" })).statusCode).toBe(415);
    const zipped = { ...JSON_TYPE, "content-encoding": "gzip" };
    expect((await post(w, manifest("a"), "/specs", zipped)).statusCode).toBe(415);
    await post(w, manifest("a"));
    for (const type of ["application/apply-patch+yaml", "application/strategic-merge-patch+json"]) {
      const answer = await w.app.inject({
        method: "PATCH",
        url: `${BASE}/a`,
        headers: { "content-type": type },
        payload: "{}",
      });
      expect(answer.statusCode).toBe(415);
      expect(answer.json().message).toContain("application/merge-patch+json or application/json-patch+json");
    }
  });

  it("holds aliases that are followed when they are few", async () => {
    const body = `${HEAD}spec: { region: &r us-east-1, tags: [*r, *r] }\n`;
    const answer = await post(world(), body, "/specs", YAML);
    expect(answer.json().items[0].spec.tags).toEqual(["us-east-1", "us-east-1"]);
  });
});

describe("a manifest whose frame is wrong", () => {
  const faulty: [string, Record<string, unknown>, string[]][] = [
    ["another kind", { kind: "Deployment" }, ["kind FieldValueNotSupported"]],
    ["another version", { apiVersion: "holdfast.dev/v2" }, ["apiVersion FieldValueNotSupported"]],
    [
      "no kind and version",
      { kind: undefined, apiVersion: undefined },
      ["apiVersion FieldValueRequired", "kind FieldValueRequired"],
    ],
    ["no metadata", { metadata: undefined }, ["metadata.name FieldValueRequired"]],
    ["metadata that is a list", { metadata: [] }, ["metadata FieldValueInvalid"]],
    ["no spec", { spec: undefined }, ["spec FieldValueRequired"]],
    ["an unknown member", { Spec: {} }, ["Spec FieldUnknown"]],
    ["unknown metadata", { metadata: { name: "a", label: {} } }, ["metadata.label FieldUnknown"]],
    [
      "a generated name",
      { metadata: { name: "a", generateName: "a-" } },
      ["metadata.generateName FieldValueNotSupported"],
    ],
    ["a name too long", { metadata: { name: "a".repeat(64) } }, ["metadata.name FieldValueInvalid"]],
    ["a name with capitals", { metadata: { name: "Web" } }, ["metadata.name FieldValueInvalid"]],
    ["a name with dots", { metadata: { name: "web.api" } }, ["metadata.name FieldValueInvalid"]],
    ["a number for a name", { metadata: { name: 7 } }, ["metadata.name FieldValueInvalid"]],
    ["labels in a list", { metadata: { name: "a", labels: ["x"] } }, ["metadata.labels FieldValueInvalid"]],
    [
      "a label that is a number",
      { metadata: { name: "a", labels: { x: 1 } } },
      ["metadata.labels.x FieldValueInvalid"],
    ],
    [
      "a label too long",
      { metadata: { name: "a", labels: { x: "y".repeat(64) } } },
      ["metadata.labels.x FieldValueInvalid"],
    ],
    [
      "a label with a bad prefix",
      { metadata: { name: "a", labels: { "A_/x": "y" } } },
      ["metadata.labels.A_/x FieldValueInvalid"],
    ],
    [
      "an annotation that is true",
      { metadata: { name: "a", annotations: { x: true } } },
      ["metadata.annotations.x FieldValueInvalid"],
    ],
    [
      "annotations too large",
      { metadata: { name: "a", annotations: { x: "y".repeat(262_145) } } },
      ["metadata.annotations FieldValueInvalid"],
    ],
    [
      "a version that is a number",
      { metadata: { name: "a", resourceVersion: 1 } },
      ["metadata.resourceVersion FieldValueInvalid"],
    ],
    [
      "somebody else's finalizer",
      { metadata: { name: "a", finalizers: ["x/y"] } },
      ["metadata.finalizers FieldValueInvalid"],
    ],
    [
      "too many values",
      { spec: { region: Array.from({ length: LIMITS.manifestNodes }, () => 1) } },
      [" FieldValueInvalid"],
    ],
  ];

  it.each(faulty)("has %s", async (_, change, causes) => {
    const w = world();
    const answer = await post(w, manifest("a", change), BASE);
    expect(causesOf(answer)).toEqual(causes);
    expect([answer.statusCode, answer.json().reason]).toEqual([422, "Invalid"]);
    expect(w.store.list({}).items).toEqual([]);
  });

  it("contradicts the URL", async () => {
    const w = world();
    await post(w, manifest("a"));
    const elsewhere = manifest("a", { metadata: { name: "a", namespace: "other" } });
    expect((await post(w, elsewhere, BASE)).statusCode).toBe(400);
    const renamed = await w.app.inject({
      method: "PUT",
      url: `${BASE}/a`,
      headers: JSON_TYPE,
      payload: manifest("b"),
    });
    expect([renamed.statusCode, renamed.json().message]).toEqual([
      400,
      'metadata.name is "b", but the URL says "a"',
    ]);
    expect(
      (await post(w, manifest("a"), "/apis/holdfast.dev/v1/namespaces/No_/webservices")).statusCode,
    ).toBe(400);
    const nowhere = manifest("a", { metadata: { name: "a", namespace: "-x" } });
    expect(causesOf(await post(w, nowhere))).toEqual(["metadata.namespace FieldValueInvalid"]);
    const several = await post(w, [manifest("a")], BASE);
    expect(several.json().message).toContain("POST /specs takes many");
  });
});

describe("a patch that is wrong", () => {
  const patches: [string, Record<string, string>, unknown, number][] = [
    ["a merge patch that is a list", MERGE, [], 400],
    ["a JSON patch that is a map", JSON_PATCH, {}, 400],
    ["an operation that is a text", JSON_PATCH, ["add"], 400],
    ["an unknown operation", JSON_PATCH, [{ op: "set", path: "/spec/size", value: 1 }], 400],
    ["a path that is no pointer", JSON_PATCH, [{ op: "add", path: "spec/size", value: 1 }], 400],
    ["a path to prototypes", JSON_PATCH, [{ op: "add", path: "/spec/__proto__/x", value: 1 }], 400],
    ["the whole object as path", JSON_PATCH, [{ op: "replace", path: "", value: {} }], 400],
    ["no value", JSON_PATCH, [{ op: "add", path: "/spec/size" }], 400],
    ["a move from nowhere", JSON_PATCH, [{ op: "move", path: "/spec/size" }], 400],
    ["a place that is not there", JSON_PATCH, [{ op: "remove", path: "/spec/none" }], 422],
    ["a test that fails", JSON_PATCH, [{ op: "test", path: "/spec/region", value: "mars" }], 422],
    [
      "copies of copies",
      JSON_PATCH,
      Array.from({ length: 60 }, (_, n) => ({ op: "copy", from: "/spec", path: `/spec/c${n}` })),
      413,
    ],
    [
      "too many operations",
      JSON_PATCH,
      Array.from({ length: 1_001 }, () => ({ op: "remove", path: "/x" })),
      413,
    ],
    ["a spec that is not admitted", MERGE, { spec: { region: null } }, 422],
    ["a spec taken away", MERGE, { spec: null }, 422],
    ["another name", MERGE, { metadata: { name: "b" } }, 400],
    ["another kind", MERGE, { kind: "Pod" }, 422],
    ["no finalizers", MERGE, { metadata: { finalizers: null } }, 422],
    ["a stale version", MERGE, { metadata: { resourceVersion: "77" } }, 409],
    ["another uid", MERGE, { metadata: { uid: "other" } }, 409],
  ];

  it.each(patches)("has %s", async (_, headers, patch, code) => {
    const w = world();
    await post(w, manifest("a"));
    const answer = await w.app.inject({
      method: "PATCH",
      url: `${BASE}/a`,
      headers,
      payload: JSON.stringify(patch),
    });
    expect([answer.statusCode, answer.json().code, answer.json().kind]).toEqual([code, code, "Status"]);
    expect(w.store.resourceVersion()).toBe("1");
    expect(w.errors).toEqual([]);
  });
});
