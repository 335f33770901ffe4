import { describe, expect, it } from "vitest";
import { ANNOTATION_LOOKUPS_REQUESTED_AT } from "../../src/model/object.ts";
import { CallerAccounts } from "../../src/reconciler/account-binding.ts";
import { admit } from "../../src/reconciler/kinds/admission.ts";
import { webServiceSpecSchema } from "../../src/reconciler/kinds/web-service.ts";
import { schemaAsWritten } from "../../src/reconciler/kinds/written-forms.ts";
import { resolveLookups } from "../../src/reconciler/resolve-lookups.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { systemClock } from "../../src/runtime/system-clock.ts";
import { type Account, buildAccount } from "../../src/simulator/account.ts";
import { simulatedCloud } from "../../src/simulator/cloud.ts";
import { statusOf } from "../store/support.ts";
import { exampleSpec } from "../support/installation.ts";
import { BASE, JSON_TYPE, MERGE, type World, world } from "./support.ts";

const IMAGE = "spec.autoScalingGroups.web.launchTemplate.imageId";
const KEY = { namespace: "default", name: "web" };

/** The API as the daemon puts it together, over an account of its own. */
function served(meanwhile: (world: World) => void = () => {}): World & { account: Account } {
  const clock = systemClock({ speed: 2_000 });
  const account = buildAccount({ clock, rng: seededRng(1), throttle: false });
  const cloud = simulatedCloud(account);
  const accounts = new CallerAccounts(() => cloud, clock);
  const w: World = world({
    admit: (spec, previous) =>
      admit(spec, previous, previous === undefined ? {} : { stored: w.store.lookups(previous.metadata) }),
    resolveLookups: async (asked) => {
      const deps = { store: w.store, cloudFor: () => cloud, accounts, clock, installation: "holdfast" };
      const lookups = await resolveLookups(deps, asked, new AbortController().signal);
      meanwhile(w);
      return lookups;
    },
    deletionFields: [["deletionPolicy"]],
  });
  return { ...w, account };
}

function manifestWith(imageId: unknown, name = KEY.name, annotations: Record<string, string> = {}) {
  const spec = exampleSpec() as { autoScalingGroups: { web: { launchTemplate: Record<string, unknown> } } };
  spec.autoScalingGroups.web.launchTemplate.imageId = imageId;
  return { apiVersion: "holdfast.dev/v1", kind: "WebService", metadata: { name, annotations }, spec };
}

function send({ app }: World, body: unknown, query = "") {
  return app.inject({
    method: "POST",
    url: `/specs${query}`,
    headers: JSON_TYPE,
    payload: JSON.stringify(body),
  });
}

function patch({ app }: World, annotations: Record<string, string>) {
  const payload = JSON.stringify({ metadata: { annotations } });
  return app.inject({ method: "PATCH", url: `${BASE}/web`, headers: MERGE, payload });
}

async function publish({ account }: { account: Account }, imageId: string): Promise<void> {
  const input = { Name: "/team/image", Type: "String", Value: imageId, Overwrite: true };
  await account.call("ssm", "PutParameter", input);
}

const BY_PARAMETER = { ssmParameter: "/team/image" };

describe("POST /specs of a spec that looks something up", () => {
  it("answers with what was written, and keeps what it stands for", async () => {
    const w = served();
    await publish(w, "ami-12345678");
    const answer = await send(w, manifestWith(BY_PARAMETER));
    expect(answer.statusCode).toBe(201);
    expect(answer.json().items[0].spec.autoScalingGroups.web.launchTemplate.imageId).toEqual(BY_PARAMETER);
    expect(w.store.lookups(KEY)).toMatchObject([{ path: IMAGE, value: "ami-12345678", asked: BY_PARAMETER }]);
  });

  it("says what is wrong with its field, and stores none of the request's manifests", async () => {
    const w = served();
    const answer = await send(w, [manifestWith("ami-12345678", "one"), manifestWith(BY_PARAMETER, "two")]);
    expect([answer.statusCode, answer.json().reason]).toEqual([422, "Invalid"]);
    expect(answer.json().details.causes).toEqual([
      {
        reason: "FieldValueNotFound",
        field: `[1].${IMAGE}`,
        message: "finds no parameter /team/image in Systems Manager",
      },
    ]);
    expect(w.store.list({}).items).toEqual([]);
  });

  it("tells in a dry run what it stands for, and stores nothing", async () => {
    const w = served();
    await publish(w, "ami-12345678");
    const answer = await send(w, manifestWith(BY_PARAMETER), "?dryRun=All");
    expect(answer.json().items[0].status.lookups).toMatchObject([
      { path: IMAGE, value: "ami-12345678", state: "Current" },
    ]);
    expect(answer.json().items[0].status.plan).toBeDefined();
    expect(w.store.list({}).items).toEqual([]);
  });

  it.each([
    ["AccessDeniedException", undefined],
    ["ThrottlingException", "5"],
  ])("that AWS answers with %s is 503 with the field, and not stored", async (code, retryAfter) => {
    const w = served();
    w.account.faults.add({
      service: "ssm",
      operation: "GetParameter",
      when: "before",
      fault: { kind: "error", code, message: "not now" },
    });
    const answer = await send(w, manifestWith(BY_PARAMETER));
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, retryAfter]);
    expect(answer.json().details.causes).toMatchObject([{ field: IMAGE, reason: "LookupFailed" }]);
    expect(answer.json().message).toContain(`ssm:GetParameter answered ${code}`);
    expect(w.store.list({}).items).toEqual([]);
  });

  it("is not refused for what a pass has written of the status meanwhile", async () => {
    const w = served(({ store }) => {
      const stored = store.get(KEY);
      if (stored !== undefined)
        store.updateStatus(KEY, stored.metadata.uid, statusOf("2026-01-01T00:00:00.000Z"));
    });
    await publish(w, "ami-12345678");
    await send(w, manifestWith(BY_PARAMETER));
    const second = await send(w, manifestWith({ owner: "self", nameFilter: "web-2" }));
    expect(second.statusCode).toBe(200);
    expect(w.store.lookups(KEY)).toMatchObject([{ value: "ami-87654321" }]);
  });

  it("is a conflict when somebody else has edited it meanwhile", async () => {
    const w = served(({ store }) => {
      const stored = store.get(KEY);
      if (stored !== undefined) store.update(KEY, { spec: stored.spec, labels: { by: "another" } });
    });
    await publish(w, "ami-12345678");
    await send(w, manifestWith(BY_PARAMETER));
    const second = await send(w, manifestWith({ owner: "self", nameFilter: "web-2" }));
    expect(second.statusCode).toBe(409);
    expect(w.store.lookups(KEY)).toMatchObject([{ value: "ami-12345678" }]);
  });
});

describe("an annotation of a service that looks something up", () => {
  it("can be patched while AWS cannot be asked", async () => {
    const w = served();
    await publish(w, "ami-12345678");
    await send(w, manifestWith(BY_PARAMETER));
    for (const service of ["ssm", "sts", "ec2"] as const) {
      const fault = { kind: "error", code: "ServiceUnavailable", message: "away", status: 503 } as const;
      w.account.faults.add({ service, operation: "*", when: "before", fault });
    }
    const answer = await patch(w, { "holdfast.dev/paused": "true" });
    expect([answer.statusCode, answer.json().metadata.generation]).toEqual([200, 1]);
    expect(w.store.lookups(KEY)).toHaveLength(1);
  });

  it("asks for it again with a new value, and that is a revision when something else is found", async () => {
    const w = served();
    await publish(w, "ami-12345678");
    await send(w, manifestWith(BY_PARAMETER));
    await publish(w, "ami-87654321");
    expect((await patch(w, { unrelated: "1" })).json().metadata.generation).toBe(1);
    const again = await patch(w, { [ANNOTATION_LOOKUPS_REQUESTED_AT]: "1" });
    expect(again.json().metadata.generation).toBe(2);
    await publish(w, "ami-0abcdef1234567890");
    const same = await patch(w, { unrelated: "2" });
    expect(same.json().metadata.generation).toBe(2);
    const third = await patch(w, { [ANNOTATION_LOOKUPS_REQUESTED_AT]: "2" });
    expect(third.json().metadata.generation).toBe(3);
    const [event] = w.store.events({ limit: 10 }).items.filter(({ reason }) => reason === "LookupsResolved");
    expect(event?.message).toBe(`${IMAGE}: ami-87654321 → ami-0abcdef1234567890`);
    expect(w.store.lookups(KEY, 1)).toMatchObject([{ value: "ami-12345678" }]);
  });
});

it("the published schema takes an id and each form of a lookup", () => {
  const published = JSON.stringify(schemaAsWritten(webServiceSpecSchema));
  for (const member of ["ssmParameter", "nameFilter", "snsTopic", "domain", "names"]) {
    expect(published).toContain(`"${member}"`);
  }
});
