/** The rows of rollouts: written before a refresh is begun, and after a read has shown what became of it. */
import { rolloutEvidence } from "../../health/rollout.ts";
import type { Address } from "../../model/address.ts";
import type { TierFacts } from "../../model/health.ts";
import { type Evidence, isRejected, type Rollout } from "../../model/ledger/rollout.ts";
import { LIMITS } from "../../model/limits.ts";
import type { ObjectKey } from "../../model/object.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Input, Store } from "../../ports.ts";
import type { Call, Doable } from "../core/actions.ts";
import type { ObservedResource, TemplateVersion } from "../core/resource.ts";
import { isSameVersion, rolledVersion, templateWanted } from "../core/rollout/wanted.ts";
import type { Pass, PassDependencies } from "../pass.ts";

/** What the read of a pass has shown, in one commit with everything else that it has. */
export function rememberRollouts(store: Store, { service, decisionInput }: Pass): void {
  const known = store.rollouts(service.key);
  for (const row of decisionInput.rollouts ?? [])
    if (!known.some((one) => isSameRow(one, row))) store.putRollout(service.key, row);
}

function isSameRow(one: Rollout, other: Rollout): boolean {
  return one === other || valuesEqual(one as unknown as Value, other as unknown as Value);
}

/** Before a call that begins a refresh is sent: forward a row of its own, back the row of what has failed. */
export function rememberBegun(
  { store, clock }: Pick<PassDependencies, "store" | "clock">,
  { object, service, decisionInput }: Pick<Pass, "object" | "service" | "decisionInput">,
  current: ReadonlyMap<Address, ObservedResource>,
  { address }: Doable,
  call: Call,
): void {
  const to = versionIn(call);
  const group = decisionInput.desired.find((one) => one.address === address);
  const now = current.get(address);
  if (to === undefined || group === undefined || now?.fleet === undefined) return;
  const { kindNamed, desired } = decisionInput;
  const wanted = templateWanted({ kindNamed, desired, current }, group);
  if (wanted === undefined) return;
  const row = store
    .rollouts(service.key)
    .find((one) => one.address === address && one.digest === wanted.digest);
  const { template: from, refresh } = now.fleet;
  const before = refresh?.id === undefined ? {} : { refreshBefore: refresh.id };
  if (call.goesBack === true && row !== undefined && isRejected(row)) {
    const { refreshId: _forward, ...failed } = row;
    store.putRollout(service.key, { ...failed, state: "RollingBack", isBack: true, ...before });
    return;
  }
  const begun: Rollout = {
    address,
    digest: wanted.digest,
    state: "Running",
    generation: object.metadata.generation,
    begunAtMs: clock.nowMs(),
    ...(from === undefined ? {} : { from: rolledVersion(from, wanted.template) }),
    to: wanted.version ?? { ...to, digest: wanted.digest },
    ...before,
    ...(row?.askedBy === undefined ? {} : { askedBy: row.askedBy }),
  };
  if (isSameVersion(begun.to, to)) store.putRollout(service.key, begun);
}

/** Address of a group → generation whose rollout was begun last. */
export function generationsIn(rows: readonly Rollout[]): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap(({ address, generation }) =>
      generation === undefined ? [] : [[address as string, generation] as const],
    ),
  );
}

/** What is seen of the new instances while they fail: when the refresh is over, they are gone. What was seen before is kept. */
export function rememberEvidence(store: Store, service: ObjectKey, facts: TierFacts): void {
  for (const group of facts.groups ?? []) {
    const seen = rolloutEvidence(group, facts);
    const row = store
      .rollouts(service)
      .findLast(({ address, state }) => address === group.key && state === "Running");
    if (row === undefined) continue;
    if (seen.length === 0) continue;
    const evidence = merged(row.evidence ?? [], seen);
    if (!isSameRow(row, { ...row, evidence })) store.putRollout(service, { ...row, evidence });
  }
}

function merged(known: readonly Evidence[], seen: readonly Evidence[]): readonly Evidence[] {
  const all = Map.groupBy([...known, ...seen], ({ why }) => why);
  return [...all].slice(0, LIMITS.rolloutEvidence).map(([why, same]) => ({
    why,
    instances: [...new Set(same.flatMap(({ instances }) => instances))].slice(0, LIMITS.behindShown),
  }));
}

/** The version that a call brings to the instances; `undefined` of a call that begins no refresh. */
function versionIn({ operation, input }: Call): TemplateVersion | undefined {
  if (operation !== "autoscaling:StartInstanceRefresh") return undefined;
  const { DesiredConfiguration } = input as Input<"autoscaling:StartInstanceRefresh">;
  const { LaunchTemplateId: id, Version: version } = DesiredConfiguration?.LaunchTemplate ?? {};
  return id === undefined || version === undefined ? undefined : { id, version };
}
