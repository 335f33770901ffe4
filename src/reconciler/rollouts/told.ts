/** Rollouts and what is behind them, as the status has them. Pure. */

import { warmPoolAddress } from "../../model/address.ts";
import type { BehindRow, Rollout, RolloutRow } from "../../model/ledger/rollout.ts";
import { LIMITS } from "../../model/limits.ts";
import type { WebServiceStatus } from "../../model/status.ts";
import { iso } from "../../model/time.ts";
import { isRecord, type Value } from "../../model/value.ts";
import type { Comparison } from "../core/compare.ts";
import type { FleetInstance } from "../core/resource.ts";
import { runsVersion, templateField } from "../core/rollout/wanted.ts";
import type { Decision } from "../decide.ts";
import { kindNamed } from "../kinds/registry.ts";

const LEAVING = /^(Warmed:)?Terminat/;

export function rolloutsTold(
  rows: readonly Rollout[],
  { comparisons }: Pick<Decision, "comparisons">,
): Pick<WebServiceStatus, "rollouts" | "behind"> {
  const wanted = new Set(comparisons.map(({ desired }) => desired.address));
  const newest = new Map(rows.filter(({ address }) => wanted.has(address)).map((row) => [row.address, row]));
  const rollouts = [...newest.values()].map(rowOf);
  const inPools = new Map(
    comparisons.map(({ desired, observed }) => [desired.address, observed?.pool?.instances ?? []]),
  );
  const behind = comparisons.flatMap((comparison) =>
    behindIn(comparison, inPools.get(warmPoolAddress(comparison.desired.address)) ?? []),
  );
  return {
    ...(rollouts.length === 0 ? {} : { rollouts }),
    ...(behind.length === 0 ? {} : { behind }),
  };
}

function rowOf(rollout: Rollout): RolloutRow {
  const { address, state, generation, from, to, percentageComplete, begunAtMs, endedAtMs } = rollout;
  const { reason, evidence } = rollout;
  return {
    autoScalingGroup: address,
    state,
    ...(generation === undefined ? {} : { generation }),
    ...(from === undefined ? {} : { from }),
    to,
    ...(percentageComplete === undefined ? {} : { percentageComplete }),
    begunAt: iso(begunAtMs),
    ...(endedAtMs === undefined ? {} : { endedAt: iso(endedAtMs) }),
    ...(reason === undefined ? {} : { reason }),
    ...(evidence === undefined ? {} : { evidence: evidence.map((one) => ({ ...one })) }),
  };
}

/** Those that are on their way out are not counted; those that wait in a warm pool serve next, and are. */
function behindIn({ desired, fields, observed }: Comparison, inPool: readonly FleetInstance[]): BehindRow[] {
  const { address } = desired;
  const field = templateField(kindNamed, desired);
  const version = field === undefined ? undefined : versionIn(fields[field]);
  const { instances = [] } = observed?.fleet ?? {};
  if (version === undefined) return [];
  const others = (list: readonly FleetInstance[]) =>
    list
      .filter(({ lifecycleState, template }) => !LEAVING.test(lifecycleState) && template !== undefined)
      .filter((instance) => !runsVersion(instance, version))
      .map(({ instanceId, template, lifecycleState }) => ({
        instanceId,
        version: template?.version ?? "",
        lifecycleState,
      }))
      .sort((one, other) => (one.instanceId < other.instanceId ? -1 : 1));
  const warm = others(inPool);
  const all = [...others(instances), ...warm];
  if (all.length === 0) return [];
  return [
    {
      autoScalingGroup: address,
      version: version.version,
      count: all.length,
      ...(warm.length === 0 ? {} : { inWarmPool: warm.length }),
      instances: all.slice(0, LIMITS.behindShown),
    },
  ];
}

/** What is a number: `1, 2` of a group that stays of two versions is none. */
function versionIn(field: Value | undefined): { readonly id: string; readonly version: string } | undefined {
  if (!isRecord(field)) return undefined;
  const { id, version } = field;
  return typeof id === "string" && typeof version === "string" && /^\d+$/.test(version)
    ? { id, version }
    : undefined;
}
