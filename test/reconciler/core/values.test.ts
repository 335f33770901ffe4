import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import { secretDigest } from "../../../src/model/secrets.ts";
import type { Value } from "../../../src/model/value.ts";
import { matched } from "../../../src/reconciler/core/current-and-surplus.ts";
import { differencesOf } from "../../../src/reconciler/core/diff.ts";
import { nameStem, ownerTags, physicalName } from "../../../src/reconciler/core/names.ts";
import {
  joined,
  referencesIn,
  refTo,
  resolved,
  resolvedFields,
  setOf,
  sortedSet,
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

  it("an endpoint that does not know a setting has it at its default", () => {
    const kind = thing({ defaultOf: () => "off" });
    expect(differencesOf(kind, { a: "off" }, {}, undefined)).toEqual([]);
    expect(differencesOf(kind, { a: "on" }, {}, undefined)).toHaveLength(1);
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

  it("a secret is a digest that does not hold it", () => {
    expect(secretDigest("password")).toMatch(/^sha256:[0-9a-f]{16}$/);
    expect(ownerTags("o", R)).toEqual({ "holdfast.dev/owner": "o", "holdfast.dev/resource": "r" });
  });
});
