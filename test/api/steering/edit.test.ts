/** The spec as a text on a page: it is shown what would happen, then it is written, and nothing typed is lost. */
import { describe, expect, it } from "vitest";
import { tokensIn } from "../../../src/config/token-file.ts";
import { editPage } from "../../../src/dashboard/edit-page.ts";
import { errorPage } from "../../../src/dashboard/error-page.ts";
import { CloudError } from "../../../src/model/errors.ts";
import { secretDigest, withoutSecrets } from "../../../src/model/secrets.ts";
import { NO_STATUS } from "../../../src/model/status.ts";
import { elementsOf } from "../../dashboard/markup.ts";
import { BASE, JSON_TYPE, manifest, PLAN, post, type World, world } from "../support.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const PAGE = { accept: "text/html" };
const KEY = { namespace: "default", name: "a" };
const STATUS = "/status/default/a";
const EDIT = `${STATUS}/edit`;
const SECRET = "open-sesame";

interface Shown {
  code: number;
  location: string | undefined;
  /** By name, what the form would send as it stands. */
  form: Record<string, string>;
  /** What the page says of what was sent. */
  outcome: string;
  body: string;
}

async function edited(change: Parameters<typeof world>[0] = {}, headers: Record<string, string> = {}) {
  const bare = world();
  const w = world({
    dashboard: { ...bare.deps.dashboard, editPage, errorPage },
    withoutSecrets: (spec) => withoutSecrets(spec) as Record<string, unknown>,
    ...change,
  });
  const spec = { region: "us-east-1", size: 3, tags: { password: SECRET } };
  await post(w, manifest("a", { spec }), BASE, { ...JSON_TYPE, ...headers });
  return { w, ...browser(w, headers) };
}

function browser(w: World, headers: Record<string, string>) {
  let cookie = "";
  const read = (answer: Awaited<ReturnType<World["app"]["inject"]>>): Shown => {
    const set = [answer.headers["set-cookie"] ?? []].flat().find((text) => text.startsWith("holdfast_form="));
    if (set !== undefined) cookie = set.split(";")[0] ?? "";
    const elements = elementsOf(answer.body).map((element) => ({ ...element, text: decoded(element.text) }));
    const inputs = elements.filter(
      ({ name, attributes }) => name === "input" && attributes.name !== undefined,
    );
    const text = elements.find(({ name }) => name === "textarea")?.text ?? "";
    return {
      code: answer.statusCode,
      location: answer.headers.location,
      form: {
        ...Object.fromEntries(inputs.map(({ attributes }) => [attributes.name, attributes.value ?? ""])),
        // What an HTML parser takes away after the tag.
        spec: text.replace(/^\n/, ""),
      },
      outcome: elements.find(({ attributes }) => attributes.id === "outcome")?.text ?? "",
      body: answer.body,
    };
  };
  const open = async () => read(await w.app.inject({ url: EDIT, headers: { ...PAGE, ...headers, cookie } }));
  const send = async (fields: Record<string, string>) =>
    read(
      await w.app.inject({
        ...{ method: "POST", url: EDIT, headers: { ...FORM, ...PAGE, ...headers, cookie } },
        // As browsers send the lines of a form.
        payload: new URLSearchParams(
          Object.entries(fields).map(([name, value]): [string, string] => [
            name,
            value.replaceAll("\n", "\r\n"),
          ]),
        ).toString(),
      }),
    );
  return { open, send };
}

const ENTITIES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

const withSize = (text: string, size: string) => text.replace(/^size: .*$/m, `size: ${size}`);

describe("an edit of the spec on a page", () => {
  it("shows what would happen, and writes that and nothing else, with its reason", async () => {
    const { w, open, send } = await edited();
    const { form } = await open();
    expect(form.spec).toBe(`size: 3\nregion: us-east-1\ntags:\n  password: ${secretDigest(SECRET)}\n`);
    const shown = await send({ ...form, spec: withSize(form.spec ?? "", "4"), reason: "more" });
    expect(shown.code).toBe(200);
    expect(shown.outcome).toContain("spec.size 3 → 4");
    expect(shown.outcome).toContain(PLAN.digest.slice(0, 12));
    expect(shown.body).not.toContain(SECRET);
    expect(w.store.get(KEY)?.metadata.generation).toBe(1);
    const written = await send({ ...shown.form, step: "write" });
    expect([written.code, written.location]).toEqual([303, STATUS]);
    expect(w.store.get(KEY)?.spec).toEqual({ region: "us-east-1", size: 4, tags: { password: SECRET } });
    expect(w.store.revisions(KEY)[0]).toMatchObject({ generation: 2, cause: "more" });
    expect(w.requested.at(-1)).toMatchObject(KEY);
  });

  it("tells the command that does the same", async () => {
    const { w, open, send } = await edited();
    const { form } = await open();
    const quoted = "it's";
    const { body } = await send({ ...form, spec: withSize(form.spec ?? "", "4"), reason: quoted });
    const told = elementsOf(body).find(
      ({ name, text }) => name === "code" && text.includes("PATCH") && !text.includes("dryRun"),
    );
    const [, patch = ""] = / -d '(.*)' '/.exec(decoded(told?.text ?? "")) ?? [];
    const answer = await w.app.inject({
      ...{ method: "PATCH", url: `${BASE}/a`, payload: patch.replaceAll("'\\''", "'") },
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(answer.statusCode).toBe(200);
    expect(w.store.get(KEY)).toMatchObject({ spec: { size: 4, tags: { password: SECRET } } });
    expect(w.store.revisions(KEY)[0]?.cause).toBe(quoted);
  });

  it.each([
    [
      "every fault with its place",
      "size: 4\nnonsense: 1\n",
      422,
      /spec\.nonsense is not known\..*spec\.region is required\./,
    ],
    ["what is no YAML", "region: [us-east-1\n", 400, /line|column|not/],
    ["several documents", "region: us-east-1\n---\nsize: 4\n", 422, /must be one document/],
    ["nothing", " ", 422, /must be a map of fields, not nothing/],
    [
      "the digest of a secret that there is not",
      `region: us-east-1\ntags: { password: ${secretDigest("other")} }\n`,
      422,
      /spec\.tags\.password has the digest of a secret that the stored spec does not hold/,
    ],
    [
      "the digest of a secret where it would be shown",
      `region: us-east-1\nsize: 4\ntags: { shown: ${secretDigest(SECRET)} }\n`,
      422,
      /spec\.tags\.shown has the digest of a secret where everybody would be shown the secret itself/,
    ],
  ])("tells %s, stores nothing, and keeps what was typed", async (_, text, code, says) => {
    const { w, open, send } = await edited();
    const { form } = await open();
    for (const step of ["", "write"]) {
      const answer = await send({ ...form, spec: text, reason: "why not", step });
      expect(answer.code).toBe(code);
      expect(answer.outcome).toMatch(says);
      expect(answer.body).not.toContain(SECRET);
      expect(answer.form).toMatchObject({ spec: text, reason: "why not" });
    }
    expect(w.store.get(KEY)?.metadata.generation).toBe(1);
  });

  it("is not written where the text is another one than was shown", async () => {
    const { w, open, send } = await edited();
    const { form } = await open();
    const unseen = await send({ ...form, spec: withSize(form.spec ?? "", "4"), step: "write" });
    expect(unseen.outcome).toContain("Nothing was written");
    const another = await send({ ...unseen.form, spec: withSize(form.spec ?? "", "5"), step: "write" });
    expect(another.outcome).toContain("spec.size 3 → 5");
    expect(w.store.get(KEY)?.spec.size).toBe(3);
    expect((await send({ ...another.form, step: "write" })).code).toBe(303);
    expect(w.store.get(KEY)?.spec.size).toBe(5);
  });

  it("meets another edit: it says what that has changed, keeps the text, and compares it with that from then on", async () => {
    const { w, open, send } = await edited();
    const { form } = await open();
    const spec = withSize(form.spec ?? "", "4");
    const shown = await send({ ...form, spec });
    const headers = { "content-type": "application/merge-patch+json" };
    const payload = JSON.stringify({ spec: { size: 9 } });
    await w.app.inject({ method: "PATCH", url: `${BASE}/a`, headers, payload });
    const met = await send({ ...shown.form, step: "write" });
    expect(met.code).toBe(409);
    expect(met.outcome).toMatch(/began with generation 1, and generation 2 is what is wanted now/);
    expect(met.outcome).toContain("spec.size 3 → 9");
    expect(met.form).toMatchObject({ spec, generation: "2" });
    expect(w.store.get(KEY)?.spec.size).toBe(9);
    const again = await send(met.form);
    expect(again.outcome).toContain("spec.size 9 → 4");
    expect((await send({ ...again.form, step: "write" })).code).toBe(303);
    expect(w.store.get(KEY)?.spec.size).toBe(4);
  });

  it("is not disturbed by a pass, which writes the status alone", async () => {
    const { w, open, send } = await edited();
    const { form } = await open();
    const shown = await send({ ...form, spec: withSize(form.spec ?? "", "4") });
    const object = w.store.get(KEY);
    w.store.updateStatus(KEY, object?.metadata.uid ?? "", { ...NO_STATUS, observedGeneration: 1 });
    expect((await send({ ...shown.form, step: "write" })).code).toBe(303);
  });

  it("keeps the text where AWS does not say what would happen, and where the form is out of date", async () => {
    const failure = new CloudError({
      ...{ operation: "ec2:DescribeVpcs", code: "Throttling", message: "Rate exceeded" },
    });
    const { open, send } = await edited({
      plan: async () => {
        throw failure;
      },
    });
    const { form } = await open();
    const spec = withSize(form.spec ?? "", "4");
    const unread = await send({ ...form, spec });
    expect([unread.code, unread.form.spec]).toEqual([503, spec]);
    expect(unread.outcome).toContain("Throttling");
    const old = await send({ ...form, csrf: "old", spec, step: "write" });
    expect([old.code, old.form.spec]).toEqual([403, spec]);
    expect(old.outcome).toContain("out of date");
    expect(old.form.csrf).toBe(form.csrf);
  });

  it("writes nothing where there is nothing to write, and offers it not", async () => {
    const { open, send } = await edited();
    const { outcome, body } = await send((await open()).form);
    expect(outcome).toContain("there is nothing to write");
    expect(body).not.toContain('value="write"');
  });

  it("is for whoever may write, and bears their name", async () => {
    const tokens = () => tokensIn("alice alices-long-token\ngrafana grafanas-long-token read");
    const alice = { authorization: "Bearer alices-long-token" };
    const { w, open, send } = await edited({ tokens }, alice);
    const reader = { ...PAGE, authorization: "Bearer grafanas-long-token" };
    expect((await w.app.inject({ url: EDIT, headers: reader })).statusCode).toBe(403);
    const { form } = await open();
    const payload = new URLSearchParams(form).toString();
    const answer = await w.app.inject({
      method: "POST",
      url: EDIT,
      headers: { ...FORM, ...reader },
      payload,
    });
    expect(answer.statusCode).toBe(403);
    const shown = await send({ ...form, spec: withSize(form.spec ?? "", "4") });
    await send({ ...shown.form, step: "write" });
    expect(w.store.revisions(KEY)[0]).toMatchObject({ generation: 2, actor: "alice" });
  });

  it("is not for a service that is not there", async () => {
    const { w } = await edited();
    expect((await w.app.inject({ url: "/status/default/none/edit", headers: PAGE })).statusCode).toBe(404);
  });
});
