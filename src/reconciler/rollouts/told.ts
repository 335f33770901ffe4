/** Rollouts and what is behind them, as the status has them. Pure. */

import type { BehindRow, Rollout, RolloutRow } from "../../model/ledger/rollout.ts";
import { LIMITS } from "../../model/limits.ts";
import type { WebServiceStatus } from "../../model/status.ts";
import { iso } from "../../model/time.ts";
import { isRecord, type Value } from "../../model/value.ts";
import type { Comparison } from "../core/compare.ts";
import { runsVersion, templateField } from "../core/rollout/wanted.ts";
import type { Decision } from "../decide.ts";
import { kindNamed } from "../kinds/registry.ts";

export function rolloutsTold(
  rows: readonly Rollout[],
  { comparisons }: Pick<Decision, "comparisons">,
): Pick<WebServiceStatus, "rollouts" | "behind"> {
  const wanted = new Set(comparisons.map(({ desired }) => desired.address));
  const newest = new Map(rows.filter(({ address }) => wanted.has(address)).map((row) => [row.address, row]));
  const rollouts = [...newest.values()].map(rowOf);
  const behind = comparisons.flatMap(behindIn);
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

/** Those that are on their way out are not counted. */
function behindIn({ desired, fields, observed }: Comparison): BehindRow[] {
  const { address } = desired;
  const field = templateField(kindNamed, desired);
  const version = field === undefined ? undefined : versionIn(fields[field]);
  const { instances = [] } = observed?.fleet ?? {};
  if (version === undefined) return [];
  const others = instances
    .filter(
      ({ lifecycleState, template }) => !lifecycleState.startsWith("Terminating") && template !== undefined,
    )
    .filter((instance) => !runsVersion(instance, version))
    .map(({ instanceId, template }) => ({ instanceId, version: template?.version ?? "" }))
    .sort((one, other) => (one.instanceId < other.instanceId ? -1 : 1));
  const shown = others.slice(0, LIMITS.behindShown);
  return others.length === 0
    ? []
    : [{ autoScalingGroup: address, version: version.version, count: others.length, instances: shown }];
}

/** What is a number: `1, 2` of a group that stays of two versions is none. */
function versionIn(field: Value | undefined): { readonly id: string; readonly version: string } | undefined {
  if (!isRecord(field)) return undefined;
  const { id, version } = field;
  return typeof id === "string" && typeof version === "string" && /^\d+$/.test(version)
    ? { id, version }
    : undefined;
}
