/**
 * The verdict on every field, held against an oracle that shares nothing with the reconciler: it knows three values, and
 * what was said and seen of the field before. What is there was read from the simulated account; then the spec, AWS or
 * both move, ten thousand times.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Address } from "../../../src/model/address.ts";
import type { FieldVerdict } from "../../../src/model/ledger/verdicts.ts";
import { type Value, valuesEqual } from "../../../src/model/value.ts";
import type { AppliedResource, MadeResource } from "../../../src/ports.ts";
import { driftIn } from "../../../src/reconciler/consistency/drift.ts";
import { fieldConflictsIn } from "../../../src/reconciler/consistency/field-conflicts.ts";
import { ineffectiveWritesIn } from "../../../src/reconciler/consistency/ineffective-writes.ts";
import { withOwnership } from "../../../src/reconciler/core/belonging/ownership.ts";
import type { DriftRules } from "../../../src/reconciler/core/drift-rules.ts";
import { holdsFrom } from "../../../src/reconciler/core/holds.ts";
import type { Observation } from "../../../src/reconciler/core/observation.ts";
import type { DesiredResource } from "../../../src/reconciler/core/resource.ts";
import { coverageOf } from "../../../src/reconciler/coverage.ts";
import { type DecisionInput, decide } from "../../../src/reconciler/decide.ts";
import { desiredOf, KINDS, kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { specIn } from "../../../src/reconciler/kinds/web-service.ts";
import { observe } from "../../../src/reconciler/observe.ts";
import { contextOf } from "../../../src/reconciler/service-context.ts";
import { seededRng } from "../../../src/runtime/seeded-rng.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { converged } from "../world.ts";

const PAIRS = 10_000;

/** What there is before anything moves. */
interface Rest {
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly records: ReadonlyMap<Address, AppliedResource>;
  readonly made: readonly MadeResource[];
  readonly nowMs: number;
  /** Fields that can be compared, each with what it is now. */
  readonly fields: readonly { address: Address; field: string; value: Value }[];
}

/** What happened to one field. */
interface Case {
  readonly address: Address;
  readonly field: string;
  readonly applied: Value;
  readonly desired: Value;
  /** Nothing, where the resource could not be read. */
  readonly observed: Value | undefined;
  readonly rule: "none" | "Report" | "Ignore";
  /** It was put right five times within the last minutes. */
  readonly isFoughtOver: boolean;
  /** AWS has answered three times that it was set to what is desired, and has held what it holds. */
  readonly isAnsweredInVain: boolean;
}

function expectedOf({
  applied,
  desired,
  observed,
  rule,
  isFoughtOver,
  isAnsweredInVain,
}: Case): FieldVerdict {
  if (observed === undefined) return "not compared";
  if (rule === "Ignore") return "ignored";
  if (valuesEqual(desired, observed)) return "same";
  const isEdited = !valuesEqual(applied, desired);
  if (rule === "Report" && !isEdited && !isAnsweredInVain) return "drifted";
  if (isAnsweredInVain) return "ineffective";
  if (valuesEqual(applied, observed)) return "rolling out";
  return isFoughtOver ? "contested" : "drifted";
}

let rest: Rest;

beforeAll(async () => {
  rest = await atRest(await converged());
});

async function atRest(installation: Installation): Promise<Rest> {
  const { store, cloud, clock } = installation;
  const object = store.get(WEB_API)!;
  const service = contextOf("holdfast", WEB_API, specIn(object, []));
  const desired = desiredOf(service);
  const made = store.made(WEB_API);
  const nowMs = clock.nowMs() + 600_000;
  const seen = await clock.resolve(
    observe({
      ...{ cloud: cloud as never, kinds: KINDS, service, desired, made, readsMeant: false, managerTags: [] },
      nowMs: () => clock.nowMs(),
      signal: new AbortController().signal,
    }),
  );
  const observation = withOwnership({
    ...{ kindNamed, observation: seen, desired, made, isObserved: false },
    isSettling: () => false,
  });
  const records = store.applied(WEB_API);
  const fields = desired.flatMap(({ address, kind, fields }) =>
    Object.entries(records.get(address)?.fields ?? {})
      .filter(([field, value]) => fields[field] !== undefined && value !== null)
      // What a sibling gives cannot be another value, and our own tags say whose it is.
      .filter(
        ([field]) => !JSON.stringify(fields[field]).includes('"ref"') && !field.startsWith("tags.holdfast"),
      )
      // Who made it is left with the rest of it, and nothing that anybody declares.
      .filter(([field]) => field !== kindNamed(kind).authorField)
      .map(([field, value]) => ({ address, field, value })),
  );
  return { desired, observation, records, made, nowMs, fields };
}

/** Something else of the same sort. */
function otherThan(value: Value, nth: number): Value {
  if (typeof value === "number") return value + nth;
  if (typeof value === "boolean") return nth === 1 ? !value : `${value}-${nth}`;
  if (typeof value === "string") return `${value}-${nth}`;
  if (Array.isArray(value)) return [...value, `more-${nth}`];
  return { ...value, [`more-${nth}`]: nth };
}

/** As the pass does it, without its calls. */
function verdictOf(one: Case): FieldVerdict {
  const { address, field, desired, observed } = one;
  const { nowMs } = rest;
  const record = rest.records.get(address)!;
  const records = new Map(rest.records).set(address, {
    ...record,
    writtenAtMs: nowMs - 300_000,
    suspectedAtMs: { [field]: nowMs - 10_000 },
    ...(one.isAnsweredInVain && observed !== undefined
      ? {
          unseen: {
            [field]: {
              ...{ operation: "x", wanted: desired, was: observed, answered: 3, sentAtMs: nowMs - 60_000 },
            },
          },
        }
      : {}),
  });
  const there = rest.observation.resources.find((resource) => resource.address === address)!;
  const others = rest.observation.resources.filter((resource) => resource !== there);
  const input: DecisionInput = {
    // What would be done about it is not asked: no kind makes a call of a made-up value.
    ...{ kindNamed, made: rest.made, listLacks: [], holds: [], goal: "Retain" },
    desired: rest.desired.map((resource) =>
      resource.address === address
        ? { ...resource, fields: { ...resource.fields, [field]: desired } }
        : resource,
    ),
    observation:
      observed === undefined
        ? {
            ...rest.observation,
            resources: others,
            unreadable: [{ id: there.id, kind: there.kind, name: there.name, reason: "it failed" }],
          }
        : {
            ...rest.observation,
            resources: [...others, { ...there, fields: { ...there.fields, [field]: observed } }],
          },
    applied: new Map([...records].map(([at, { fields }]) => [at, fields])),
    drift: { rules: rulesOf(one), records, isUnseen: () => one.isAnsweredInVain },
  };
  const decision = decide(input);
  const { comparisons } = decision;
  const drift = driftIn({ kindNamed, comparisons, applied: records, nowMs });
  const corrections = one.isFoughtOver
    ? [1, 2, 3, 4, 5].map((ago) => ({
        ...{ address, of: { change: "Modified", field } as const, after: otherThan(one.applied, 3) },
        ...{ firstSeenMs: nowMs - ago * 60_000 - 5_000, closedMs: nowMs - ago * 60_000 },
      }))
    : [];
  const { findings } = drift;
  const conflicts = fieldConflictsIn({ findings, corrections, open: [], requestedMs: undefined, nowMs });
  const ineffective = ineffectiveWritesIn({ comparisons, applied: records, generation: 1, nowMs });
  const coverage = coverageOf(decision, input.applied, {
    findings: drift.findings,
    holds: holdsFrom([...drift.holds, ...conflicts.holds, ...ineffective.holds]),
    records,
  });
  const row = coverage.resources.find((resource) => resource.address === address)!;
  if (row.reason !== undefined) return row.verdict ?? "not compared";
  const different = row.different.find(({ member }) => member === field);
  const left = row.leftToOthers.find(({ member }) => member === field);
  return different?.verdict ?? left?.verdict ?? "same";
}

function rulesOf({ address, field, rule }: Case): DriftRules {
  return { policy: "Correct", rules: rule === "none" ? [] : [{ resource: address, field, policy: rule }] };
}

describe("the verdict on a field", () => {
  it(`is right of ${PAIRS} pairs of what the spec and somebody else have done to it`, {
    timeout: 180_000,
  }, () => {
    const rng = seededRng(10);
    const oneOf = <T>(items: readonly T[]): T => items[Math.floor(rng.next() * items.length)]!;
    const wrong: unknown[] = [];
    const counts = new Map<FieldVerdict, number>();
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const { address, field, value } = oneOf(rest.fields);
      const desired = oneOf([value, otherThan(value, 1)]);
      const one: Case = {
        ...{ address, field, applied: value, desired },
        observed: oneOf([value, otherThan(value, 1), otherThan(value, 2), undefined]),
        rule: oneOf(["none", "none", "Report", "Ignore"]),
        isFoughtOver: oneOf([false, false, true]),
        isAnsweredInVain: oneOf([false, false, false, true]),
      };
      const expected = expectedOf(one);
      counts.set(expected, (counts.get(expected) ?? 0) + 1);
      const verdict = verdictOf(one);
      if (verdict !== expected) wrong.push({ ...one, expected, verdict });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    // Every verdict is among them, and none is rare.
    expect([...counts.values()].filter((count) => count > 100)).toHaveLength(7);
  });
});
