/**
 * The zoo: one planted bug for each class that the literature and the incident reports know. A bug is a piece of source
 * text and what stands in its place; the product itself never carries it.
 */
export interface PlantedBug {
  readonly name: string;
  /** Where the class is known from: quality anchors of Sieve, Acto, Rainmaker, or an incident. */
  readonly class: string;
  /** From `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const CORE = "reconciler/core";
const KINDS = "reconciler/kinds";

export const ZOO: readonly PlantedBug[] = [
  {
    name: "a failed list is an empty one",
    class: "unknown is taken for empty (Argo CD 18780)",
    file: "reconciler/observe.ts",
    find: "unknownKinds.set(kind.name, reasonOf(error, kind.title));",
    replace: "found.set(kind.name, []);",
  },
  {
    name: "an answer without a list is an empty list",
    class: "unknown is taken for empty (Google, Diskerase)",
    file: "reconciler/observe.ts",
    find: "if (list === undefined) throw malformed(",
    replace: "if (list === undefined) return all;\n        if (list === undefined) throw malformed(",
  },
  {
    name: "only the first page is read",
    class: "pagination is ignored (driftctl 1344)",
    file: "reconciler/observe.ts",
    find: "if (next === undefined) return all;",
    replace: "return all;",
  },
  {
    name: "the tags of others are not looked at",
    class: "no owner check",
    file: `${CORE}/match.ts`,
    find: "if (!resource.owned) {",
    replace: "if (false) {",
  },
  {
    name: "everything on a listener of ours is ours",
    class: "no owner check (rules)",
    file: `${CORE}/match.ts`,
    find: "if (!resource.owned) {",
    replace: 'if (!resource.owned && resource.kind !== "rule") {',
  },
  {
    name: "a successor is proven when it exists",
    class: "deleting before the replacement is ready",
    file: `${CORE}/transition.ts`,
    find: "return healthyTargets(successor) >= Math.max(1, healthyBefore);",
    replace: "return true || healthyBefore > 0;",
  },
  {
    name: "the traffic moves at once",
    class: "a gap in routing",
    file: `${CORE}/way.ts`,
    find: "if (trials.length === 0) return [];",
    replace: "if (trials.length >= 0) return [];",
  },
  {
    name: "a new target group is not tried",
    class: "a gap in routing (first use)",
    file: `${CORE}/transition.ts`,
    find: "const isOver = succession?.isProven ?? healthyTargets(targetGroup) >= needed;",
    replace: "const isOver = succession?.isProven ?? needed >= 0;",
  },
  {
    name: "a target group on trial gets its share",
    class: "a gap in routing (a part of the traffic)",
    file: `${CORE}/traffic.ts`,
    find: "...idle.map(({ arn }) => ({ arn, weight: 0 })),",
    replace: "...idle.map(({ arn }) => ({ arn, weight: 1 })),",
  },
  {
    name: "names are drawn by chance",
    class: "names are not deterministic",
    file: `${CORE}/names.ts`,
    find: "const hash = digestOf([parts.owner, parts.resource, parts.immutable ?? null]).slice(0, 8);",
    replace: "const hash = digestOf([parts.owner, parts.resource, Math.random()]).slice(0, 8);",
  },
  {
    name: "a name does not say what cannot be changed",
    class: "an immutable field is updated in place",
    file: `${CORE}/names.ts`,
    find: "const hash = digestOf([parts.owner, parts.resource, parts.immutable ?? null]).slice(0, 8);",
    replace: "const hash = digestOf([parts.owner, parts.resource]).slice(0, 8);",
  },
  {
    name: "a call is written down after its answer",
    class: "no intent before the effect (Sieve, intermediate state)",
    file: "reconciler/apply.ts",
    find: "  const id = store.openCall({ service, generation, plan: planDigest, resource: action.key, operation });\n  try {\n    const output = await input.cloud.call(operation, call.input as Input<typeof operation>);\n",
    replace:
      "  let id = 0;\n  try {\n    const output = await input.cloud.call(operation, call.input as Input<typeof operation>);\n    id = store.openCall({ service, generation, plan: planDigest, resource: action.key, operation });\n",
  },
  {
    name: "a converged service is never looked at again",
    class: "the requeue is forgotten",
    file: "reconciler/controller.ts",
    find: "    this.#add(\n      key,\n      nowMs + result.requeueAfterMs,",
    replace:
      '    if (result.outcome !== "converged") this.#add(\n      key,\n      nowMs + result.requeueAfterMs,',
  },
  {
    name: "a failed service is not tried again",
    class: "the requeue is forgotten after an error",
    file: "reconciler/controller.ts",
    find: "    this.#add(\n      key,\n      nowMs + result.requeueAfterMs,",
    replace:
      '    if (result.outcome !== "failed") this.#add(\n      key,\n      nowMs + result.requeueAfterMs,',
  },
  {
    name: "a new life waits to be asked",
    class: "state in memory only (crash-only software)",
    file: "reconciler/controller.ts",
    find: "      for (const { metadata } of page.items)\n",
    replace: "      for (const { metadata } of [] as typeof page.items)\n",
  },
  {
    name: "failures are repeated at once",
    class: "no backoff (a storm of retries)",
    file: `${CORE}/backoff.ts`,
    find: "return Math.round(ceiling * (0.1 + 0.9 * random));",
    replace: "return Math.round(0 * ceiling * random);",
  },
  {
    name: "drift counts at the first look",
    class: "a stale read is believed (Sieve, stale state)",
    file: `${CORE}/drift.ts`,
    find: "const isConfirmed = nowMs - firstSeenMs >= CONFIRMATION_MS;",
    replace: "const isConfirmed = nowMs >= firstSeenMs;",
  },
  {
    name: "a write is visible at once",
    class: "a stale read after an own write",
    file: `${CORE}/drift.ts`,
    find: "export const OWN_WRITE_SETTLES_MS = 30_000;",
    replace: "export const OWN_WRITE_SETTLES_MS = 0;",
  },
  {
    name: "suspicion does not hold back",
    class: "a stale read is acted on",
    file: "reconciler/reconcile.ts",
    find: "withheld: drift.withheld });",
    replace: "withheld: new Map() });",
  },
  {
    name: "drift stays open for ever",
    class: "an event that is never closed",
    file: "reconciler/ledger.ts",
    find: 'if (state === "Open") continue;',
    replace: 'if (state !== "Superseded") continue;',
  },
  {
    name: "every pass is an event",
    class: "events that say nothing",
    file: `${CORE}/status.ts`,
    find: "return now !== undefined && conditionOf(before, type)?.status !== now.status ? now : undefined;",
    replace: "return before !== undefined ? now : undefined;",
  },
  {
    name: "the scheduler is overruled",
    class: "two controllers fight over a field",
    file: `${KINDS}/auto-scaling-group.ts`,
    find: "subnets: setOf(wanted.subnetIds ?? spec.subnetIds),",
    replace:
      "minSize: wanted.minSize + 0, maxSize: wanted.minSize, subnets: setOf(wanted.subnetIds ?? spec.subnetIds),",
  },
  {
    name: "tags of others are tidied away",
    class: "what others own is removed",
    file: `${CORE}/diff.ts`,
    find: 'const present = kind.isWhole ? Object.keys(observed).filter((field) => !field.startsWith("tags.")) : [];',
    replace:
      'const present = Object.keys(observed).filter((field) => kind.isWhole || field.startsWith("tags."));',
  },
  {
    name: "rules are moved one at a time",
    class: "steps that AWS judges together are taken apart",
    file: `${CORE}/priorities.ts`,
    find: "input: { RulePriorities: moves.map((move) => ({ RuleArn: move.arn, Priority: move.to })) },",
    replace:
      "input: { RulePriorities: moves.slice(0, 1).map((move) => ({ RuleArn: move.arn, Priority: move.to })) },",
  },
  {
    name: "an orphan rule keeps its priority",
    class: "the successor waits for the predecessor, and it for the successor",
    file: `${CORE}/priorities.ts`,
    find: "moves.push(...movesOutOfTheWay(goals, current, live));",
    replace: "void movesOutOfTheWay;",
  },
  {
    name: "the template changes without a refresh",
    class: "a rollout that never happens",
    file: `${KINDS}/instance-refresh.ts`,
    find: "if (isThere) return",
    replace: "if (isThere || phase !== undefined) return",
  },
  {
    name: "a stopped refresh is a finished one",
    class: "an interrupted rollout is left half-way",
    file: `${KINDS}/instance-refresh.ts`,
    find: "if (isIdle && strays.length > 0)",
    replace: "if (isIdle && strays.length < 0)",
  },
  {
    name: "the version is made again and again",
    class: "a create that does not look first",
    file: `${KINDS}/launch-template.ts`,
    find: "return same.length === 0 ? undefined",
    replace: "return same.length >= 0 ? undefined",
  },
  {
    name: "the user data stands in the status",
    class: "a secret in an output",
    file: `${CORE}/names.ts`,
    find: "export function secretDigest(secret: string): string {",
    replace:
      "export function secretDigest(secret: string): string {\n  if (secret.length > 0) return secret;",
  },
  {
    name: "nothing read is all in sync",
    class: "a condition from the absence of an error",
    file: `${CORE}/status.ts`,
    find: 'return say("Synced", "Unknown", "CannotRead"',
    replace: 'return say("Synced", "True", "InSync"',
  },
  {
    name: "in sync before it is verified",
    class: "a condition that runs ahead of the evidence",
    file: `${CORE}/status.ts`,
    find: 'if (hasActed) return say("Synced", "False", "Applying"',
    replace: 'if (hasActed) return say("Synced", "True", "Applying"',
  },
  {
    name: "orphans do not count",
    class: "resources leak (Sieve)",
    file: `${CORE}/removal.ts`,
    find: ".filter((orphan) => !goesWithItsParent(orphan, orphans))",
    replace: '.filter((orphan) => goesWithItsParent(orphan, orphans) || orphan.kind !== "targetGroup")',
  },
  {
    name: "the finalizer goes while AWS still holds something",
    class: "a leak at deletion",
    file: "reconciler/conclude.ts",
    find: "if (!isKnown || hasActed || first.matching.orphans.length > 0) return false;",
    replace: "if (!isKnown || first.matching.orphans.length > 99) return false;",
  },
  {
    name: "the finalizer goes although nothing could be read",
    class: "a leak at deletion, unknown is taken for empty",
    file: "reconciler/conclude.ts",
    find: "const isKnown = observation.unknownKinds.size + observation.unreadable.size === 0;\n  if (!isKnown",
    replace: "const isKnown = observation.unreadable.size >= 0;\n  if (!isKnown",
  },
  {
    name: "a released resource is released again",
    class: "more calls than the work needs",
    file: "reconciler/apply.ts",
    find: 'if (action.verb === "release") return { action, resource: "gone", requestId };',
    replace: "",
  },
  {
    name: "paused, and writes all the same",
    class: "the brake does not work",
    file: "reconciler/reconcile.ts",
    find: "round < LIMITS.roundsPerPass && !isPaused(object)",
    replace: "round < LIMITS.roundsPerPass",
  },
  {
    name: "another Region",
    class: "the wrong place",
    file: "reconciler/reconcile.ts",
    find: "const cloud = deps.cloudFor(spec.region);",
    replace: 'const cloud = deps.cloudFor(spec.region === "" ? "" : "us-west-2");',
  },
  {
    name: "an alarm is made without its owner",
    class: "owner fields are lost (Mutiny)",
    file: `${KINDS}/alarm.ts`,
    find: "Tags: tagList(tagsIn(fields)),",
    replace: "Tags: tagList({}),",
  },
  {
    name: "an attribute is never taken back",
    class: "a field that is no longer declared",
    file: `${CORE}/diff.ts`,
    find: "const earlier = Object.keys(applied ?? {});",
    replace: "const earlier = Object.keys({ ...(applied === undefined ? {} : {}) });",
  },
  {
    name: "a write is repeated without a look",
    class: "a retry meets its own success (Rainmaker)",
    file: "reconciler/apply.ts",
    find: "const output = await input.cloud.call(operation, call.input as Input<typeof operation>);",
    replace:
      "const send = () => input.cloud.call(operation, call.input as Input<typeof operation>);\n    const output = await send().catch(send);",
  },
  {
    name: "a plan outlives its spec",
    class: "a stale plan is enacted (AWS DynamoDB, October 2025)",
    file: "reconciler/reconcile.ts",
    find: "now.metadata.generation === generation &&",
    replace: "now.metadata.generation >= generation &&",
  },
  {
    name: "one empty answer ends a deletion",
    class: "a leak at deletion, a single read is believed",
    file: "reconciler/conclude.ts",
    find: "if (isEmpty && isConfirmed(object.status?.emptySince, clock.nowMs())) {",
    replace: "if (isEmpty || (isEmpty && isConfirmed(object.status?.emptySince, clock.nowMs()))) {",
  },
  {
    name: "a deletion trusts a list that lags",
    class: "a leak at deletion, a stale read after an own write",
    file: "reconciler/conclude.ts",
    find: "return sinceMs < 0 || sinceMs >= OWN_WRITE_SETTLES_MS;",
    replace: "return sinceMs < 0 || sinceMs >= 0 * OWN_WRITE_SETTLES_MS;",
  },
  {
    name: "what is to be retained is deleted",
    class: "destruction by default (GCVE, UniSuper)",
    file: `${CORE}/removal.ts`,
    find: 'if (input.goal === "Retain")',
    replace: 'if (input.goal === "Retain" && orphans.length === 0)',
  },
  {
    name: "a protected service goes in parts",
    class: "protection that does not protect (Terraform 17599)",
    file: `${CORE}/removal.ts`,
    find: 'if (input.goal === "Delete" && guarded.length > 0) return { actions: [], obstacles };',
    replace: "",
  },
  {
    name: "a clock that jumped back is believed",
    class: "time is taken for monotonic",
    file: "reconciler/record.ts",
    find: "writtenAtMs: Math.min(same?.writtenAtMs ?? 0, nowMs),",
    replace: "writtenAtMs: same?.writtenAtMs ?? 0,",
  },
  {
    name: "a resource that could not be read is gone",
    class: "unknown is taken for missing (VPC Lattice controller 957)",
    file: "reconciler/observe.ts",
    find: "          unreadable.set(item.id, { kind: item.kind, name: item.name, reason: reasonOf(error, kind.title) });\n          return undefined;",
    replace: "          void error;\n          return undefined;",
  },
  {
    name: "a read that is older than our write counts as applied",
    class: "a stale read becomes the record (Sieve, stale state)",
    file: `${CORE}/drift.ts`,
    find: "if (isFresh) for (const field of outdatedIn(comparison, record)) withhold(key, field);",
    replace: "void outdatedIn;",
  },
  {
    name: "a rollout is called drift",
    class: "the cause of a difference is mistaken",
    file: `${CORE}/drift.ts`,
    find: ".filter(({ field, desired }) => valuesEqual(record.fields[field] ?? null, desired))",
    replace: ".filter(({ field, desired }) => valuesEqual !== undefined || record.fields[field] === desired)",
  },
  {
    name: "drift is put right in silence",
    class: "a change that nobody is told of",
    file: "reconciler/ledger.ts",
    find: "      store.putDrift(event);\n",
    replace: "",
  },
  {
    name: "the user data stands in the log",
    class: "a secret in an output",
    file: "reconciler/record.ts",
    find: "operations: action.calls.map((call) => call.operation),",
    replace: "operations: action.calls,",
  },
  {
    name: "what is asked for during a pass is forgotten",
    class: "an event is lost (Sieve, unobserved state)",
    file: `${CORE}/work-queue.ts`,
    find: "const entries = this.#active.has(key) ? this.#again : this.#waiting;",
    replace: "if (this.#active.has(key)) return true;\n    const entries = this.#waiting;",
  },
  {
    name: "a list that lacks what we have made is believed",
    class: "a stale list is believed about what it does not show (Sieve, stale state)",
    file: `${CORE}/doubt.ts`,
    find: "return { ...what, firstSeenMs, isOver: nowMs - firstSeenMs >= CONFIRMATION_MS };",
    replace: "return { ...what, firstSeenMs, isOver: nowMs >= firstSeenMs };",
  },
  {
    name: "a trial begins in the middle of a rollout",
    class: "two safe changes that are not safe together",
    file: `${CORE}/group-way.ts`,
    find: "if (now !== undefined && isRefreshing(now))",
    replace: "if (now !== undefined && isRefreshing === undefined)",
  },
  {
    name: "what a call has not written counts as applied",
    class: "a stale read becomes the record (Sieve, stale state)",
    file: "reconciler/apply.ts",
    find: "if (!isWritten(field) || gradual.includes(field)) continue;",
    replace: "if (isWritten === undefined || gradual.includes(field)) continue;",
  },
  {
    name: "a call that was not answered was not made",
    class: "an effect without an answer (Rainmaker)",
    file: `${CORE}/unanswered.ts`,
    find: "return new Set(keys);",
    replace: "return new Set(keys.slice(keys.length));",
  },
];
