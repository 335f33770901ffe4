import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import { secretDigest } from "../../../src/model/secrets.ts";
import type { Value } from "../../../src/model/value.ts";
import { matched } from "../../../src/reconciler/core/current-and-surplus.ts";
import { differencesOf, withDifferencesSettled } from "../../../src/reconciler/core/diff.ts";
import {
  digestOf,
  nameStem,
  OWN_TAGS,
  ownerOf,
  ownerTags,
  physicalName,
} from "../../../src/reconciler/core/names.ts";
import {
  addressesIn,
  joined,
  referencesIn,
  refTo,
  resolved,
  resolvedFields,
  setOf,
  sortedSet,
  substituted,
} from "../../../src/reconciler/core/references.ts";
import { desired, observed, thing } from "./fixtures.ts";

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Value>;
const fields = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), json, { maxKeys: 6 });

describe("diff", () => {
  it("what equals itself does not differ, whatever it is", () => {
    fc.assert(
      fc.property(fields, (some) => {
        expect(differencesOf(thing(), some, some, some)).toEqual([]);
      }),
    );
  });

  it("once the differences are settled nothing differs, and no field that the spec leaves open is touched", () => {
    fc.assert(
      fc.property(fields, fields, fc.option(fields, { nil: undefined }), (wanted, live, applied) => {
        const settled: Record<string, Value> = { ...live };
        for (const { field, desired: value } of differencesOf(thing(), wanted, live, applied)) {
          if (wanted[field] === undefined) expect(applied?.[field]).toBeDefined();
          if (value === null && wanted[field] === undefined) delete settled[field];
          else settled[field] = value;
        }
        expect(differencesOf(thing(), wanted, settled, applied)).toEqual([]);
      }),
    );
  });

  it("a field that was applied and is no longer declared goes back to its default; a tag goes; the rest stays", () => {
    const kind = thing({ defaultOf: (field) => (field === "a" ? 0 : undefined) });
    const observed = { a: 5, "tags.b": "6", c: 7, d: 8 };
    expect(differencesOf(kind, {}, observed, { a: 5, "tags.b": "6", c: 7 })).toEqual([
      { field: "a", desired: 0, observed: 5 },
      { field: "tags.b", desired: null, observed: "6" },
    ]);
  });

  it("of a kind that is the spec's as a whole, what the spec does not declare must be absent; tags may be", () => {
    const kind = thing({ isWhole: true });
    expect(differencesOf(kind, { a: 1 }, { a: 1, b: 2, "tags.theirs": "x" }, undefined)).toEqual([
      { field: "b", desired: null, observed: 2 },
    ]);
  });

  it("a field that waits for another resource is neither different nor undeclared", () => {
    const waiting = new Map([["b", ["other"]]]);
    expect(differencesOf(thing({ isWhole: true }), { a: 1 }, { a: 1, b: 2 }, { b: 2 }, waiting)).toEqual([]);
  });

  it("what was applied and is no longer declared is ours to take back once, and only while AWS has it", () => {
    const kind = thing({ isWhole: true, defaultOf: (field) => (field === "a" ? 0 : undefined) });
    expect(differencesOf(kind, {}, { a: 5, b: 6 }, { a: 5, b: 6, c: 7 })).toEqual([
      { field: "a", desired: 0, observed: 5 },
      { field: "b", desired: null, observed: 6 },
    ]);
    expect(differencesOf(kind, {}, {}, { a: 5 })).toEqual([]);
    expect(differencesOf(kind, {}, { a: 0 }, { a: 5 })).toEqual([]);
  });

  it("what is declared and not there differs from nothing", () => {
    expect(differencesOf(thing(), { a: 1 }, {}, undefined)).toEqual([
      { field: "a", desired: 1, observed: null },
    ]);
  });

  it("once settled, a resource has what was wanted of it, lacks what was to go, and is else as it was", () => {
    const there = observed("a", { fields: { a: 1, b: 2, c: 3 } });
    const differences = [
      { field: "a", desired: 9, observed: 1 },
      { field: "b", desired: null, observed: 2 },
    ];
    expect(withDifferencesSettled(there, differences)).toEqual({ ...there, fields: { a: 9, c: 3 } });
    expect(there.fields).toEqual({ a: 1, b: 2, c: 3 });
  });

  it("an endpoint that does not know a setting has it at its default", () => {
    const kind = thing({ defaultOf: () => "off" });
    expect(differencesOf(kind, { a: "off" }, {}, undefined)).toEqual([]);
    expect(differencesOf(kind, { a: "on" }, {}, undefined)).toHaveLength(1);
    expect(differencesOf(kind, { a: "off" }, { a: "on" }, undefined)).toEqual([
      { field: "a", desired: "off", observed: "on" },
    ]);
  });

  it("what the spec has never declared is left as it is, whatever its default", () => {
    const kind = thing({ defaultOf: () => 0 });
    expect(differencesOf(kind, {}, { a: 5 }, undefined)).toEqual([]);
    expect(differencesOf(kind, {}, { a: 5, b: 6 }, { b: 6 })).toEqual([
      { field: "b", desired: 0, observed: 6 },
    ]);
  });

  it("what is declared is compared once, by what the spec says of it and not by its default", () => {
    const kind = thing({ isWhole: true, defaultOf: () => 0 });
    expect(differencesOf(kind, { a: 1 }, { a: 1 }, { a: 1 })).toEqual([]);
    expect(differencesOf(kind, { a: 2 }, { a: 1 }, { a: 1 })).toHaveLength(1);
  });
});

describe("match", () => {
  it("everything observed is exactly one of: current, surplus, somebody else's", () => {
    const one = fc.record({ name: fc.nat(4), owned: fc.boolean(), id: fc.uuid() });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { selector: ({ id }) => id }),
        fc.uniqueArray(fc.nat(4)),
        (seen, names) => {
          const wanted = names.map((name) => desired(`k${name}`, { name: `n${name}` }));
          const there = seen.map(({ name, owned, id }) =>
            observed(`k${name}`, { name: `n${name}`, owned, id }),
          );
          const { current, surplus, nameConflicts } = matched(wanted, there);
          const ours = [...current.values(), ...surplus].map(({ id }) => id).sort();
          expect(ours).toEqual(
            there
              .filter(({ owned }) => owned)
              .map(({ id }) => id)
              .sort(),
          );
          for (const { owned } of nameConflicts.values()) expect(owned).toBe(false);
          for (const [address, { name }] of current) expect(address).toBe(`k${name.slice(1)}`);
        },
      ),
    );
  });

  it("of two with one name the same one stays, in whatever order they are listed", () => {
    const pair = [observed("a", { id: "2" }), observed("a", { id: "1" })];
    for (const list of [pair, pair.toReversed()]) {
      const { current, surplus } = matched([desired("a")], list);
      expect([current.get(addressFrom("a"))?.id, surplus.map(({ id }) => id)]).toEqual(["1", ["2"]]);
    }
  });
});

describe("references", () => {
  const [THERE, GONE, A, B] = ["there", "gone", "a", "b"].map(addressFrom) as [
    Address,
    Address,
    Address,
    Address,
  ];
  const lookup = (address: Address, attribute: string) =>
    address === THERE ? `${address}/${attribute}` : undefined;

  it("are replaced anywhere in a value, and a value with one that is unknown is unknown", () => {
    const value: Value = { list: [refTo(THERE, "arn")], text: joined(["a/", refTo(THERE, "id")]) };
    expect(resolved(value, lookup)).toEqual({ list: ["there/arn"], text: "a/there/id" });
    expect(resolved({ deep: [{ er: refTo(GONE, "arn") }] }, lookup)).toBeUndefined();
    expect(resolvedFields({ a: 1, b: refTo(GONE, "arn") }, lookup)).toEqual({
      fields: { a: 1 },
      waiting: new Map([["b", ["gone"]]]),
    });
  });

  it("are found wherever they stand", () => {
    const value = setOf([refTo(A, "arn"), { x: joined(["-", refTo(B, "id")]) }]);
    expect(referencesIn(value).map(({ address }) => address)).toEqual(["a", "b"]);
  });

  it("are nothing but a pair of an address and an attribute", () => {
    const [address, attribute] = [THERE, "arn"];
    const values: Value[] = [
      null,
      "there",
      ["there", "arn"],
      { attribute },
      { $ref: 1, attribute },
      { $ref: address, attribute: 1 },
    ];
    for (const value of values) {
      expect(referencesIn(value)).toEqual([]);
      expect(resolved(value, lookup)).toEqual(value);
    }
    expect(referencesIn({ $ref: address, attribute })).toEqual([{ address, attribute }]);
  });

  it("what waits says for whom, each once, and not for who is there already", () => {
    const value = [refTo(THERE, "arn"), refTo(GONE, "arn"), refTo(GONE, "id"), refTo(A, "id")];
    expect([...resolvedFields({ x: value }, lookup).waiting]).toEqual([["x", ["gone", "a"]]]);
  });

  it("a text is not known before all of its parts, and a set not before all of its items", () => {
    expect(resolved(joined(["a/", refTo(GONE, "id")]), lookup)).toBeUndefined();
    expect(resolved(setOf(["a", refTo(GONE, "id")]), lookup)).toBeUndefined();
    expect(resolved(setOf(["z", refTo(THERE, "id"), "a", "z"]), lookup)).toEqual(["a", "there/id", "z"]);
    expect(resolved(joined([]), lookup)).toBe("");
  });

  it("are replaced one by one, and what nobody knows another value of stays", () => {
    const replace = ({ address }: { address: Address }) => (address === A ? "it" : undefined);
    expect(
      substituted({ list: [refTo(A, "id"), { deep: refTo(B, "id") }, null, 5], text: "a" }, replace),
    ).toEqual({ list: ["it", { deep: refTo(B, "id") }, null, 5], text: "a" });
    expect(substituted(null, replace)).toBeNull();
  });

  it("nothing refers to nobody", () => {
    expect(addressesIn(undefined)).toEqual([]);
    expect(addressesIn([refTo(A, "id"), 1, refTo(B, "id")])).toEqual(["a", "b"]);
  });

  it("a set has one form, whatever the order and however often an item is given", () => {
    fc.assert(
      fc.property(fc.array(json), (items) => {
        expect(sortedSet(items.toReversed())).toEqual(sortedSet(items));
        expect(sortedSet([...items, ...items])).toEqual(sortedSet(items));
        expect(resolved(setOf(items), lookup)).toBeDefined();
      }),
    );
  });
});

describe("physical names", () => {
  const R = addressFrom("r");
  const service = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/);
  const child = fc.option(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/), { nil: undefined });

  it("are what AWS allows: letters, digits and hyphens, not too long, no hyphen at the ends, never internal-", () => {
    fc.assert(
      fc.property(service, child, fc.constantFrom(32, 128, 255), (name, part, limit) => {
        const parts = part === undefined ? {} : { child: part };
        const text = physicalName({ service: name, ...parts, limit, owner: "o", address: R });
        expect(text).toMatch(/^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/);
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text).not.toMatch(/^internal-/);
        expect(text.startsWith(nameStem(name, limit))).toBe(true);
      }),
    );
  });

  it("differ by owner, address and what cannot change in place, and by nothing else", () => {
    const base = { service: "web", limit: 32, owner: "o", address: R, immutable: { port: 80 } };
    const name = physicalName(base);
    expect(physicalName({ ...base })).toBe(name);
    for (const other of [{ owner: "p" }, { address: addressFrom("s") }, { immutable: { port: 81 } }])
      expect(physicalName({ ...base, ...other })).not.toBe(name);
  });

  it.each([
    ["web", undefined, 32, "web", "web"],
    ["web", "api", 32, "web-api", "web"],
    // A service may be called so; a load balancer may not.
    ["internal-web", undefined, 32, "internalweb", "internalweb"],
    ["my-internal-web", undefined, 32, "my-internal-web", "my-internal-web"],
    ["shop.example.com", "api", 32, "shopexamplecom-api", "shopexamplecom"],
    ["web", "blue__green", 32, "web-blue-green", "web"],
    ["web", "api--", 32, "web-api", "web"],
    ["--web", "", 32, "web", "--web"],
    // No hyphen is left where the name is cut.
    ["a-long-name-of-a-service--x", undefined, 35, "a-long-name-of-a-service", "a-long-name-of-a-service"],
    ["a-long-name-of-a-service", undefined, 15, "a-long", "a-long"],
  ])(
    "of %s/%s in %d characters begin with %s, and are searched for by %s",
    (service, child, limit, readable, stem) => {
      const parts = child === undefined ? { service } : { service, child };
      const text = physicalName({ ...parts, limit, owner: "o", address: R });
      expect(text.slice(0, -9)).toBe(readable);
      expect(text.slice(-9)).toMatch(/^-[0-9a-f]{8}$/);
      expect(nameStem(service, limit)).toBe(`${stem}-`);
    },
  );

  it("do not change from one version to the next: what was made is known again by them", () => {
    const web = { service: "web", limit: 32, owner: "holdfast/default/web", address: R };
    expect(physicalName(web)).toBe(physicalName({ ...web, immutable: null }));
    // SHA-256 of no bytes but `{}`, as any other program says.
    expect(digestOf({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    expect(physicalName(web).slice(-8)).toBe(digestOf(["holdfast/default/web", "r", null]).slice(0, 8));
  });

  it("an owner is its installation, namespace and name", () => {
    expect(ownerOf("holdfast", { namespace: "default", name: "web" })).toBe("holdfast/default/web");
    expect(OWN_TAGS).toEqual(["holdfast.dev/owner", "holdfast.dev/resource"]);
  });

  it("a secret is a digest that does not hold it", () => {
    expect(secretDigest("password")).toMatch(/^sha256:[0-9a-f]{16}$/);
    expect(ownerTags("o", R)).toEqual({ "holdfast.dev/owner": "o", "holdfast.dev/resource": "r" });
  });
});
