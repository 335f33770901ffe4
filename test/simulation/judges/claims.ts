/** What the daemon says, held against what is: a condition may only be true on evidence, and only while it is so. */
import { conditionOf } from "../../../src/model/conditions.ts";
import type { WebService } from "../../../src/model/object.ts";
import type { Clock } from "../../../src/ports.ts";
import type { Account } from "../../../src/simulator/account.ts";
import { type AccountView, readAccount } from "./account-view.ts";
import { disagreements } from "./oracle.ts";
import type { Watch } from "./watch.ts";

/** A condition is as true as the answers that it rests on: so long what was said may be acted on. */
export const MISLED_MS = 60_000;
/** From the first read of a pass to its conclusion, unless AWS is slow. */
const PASS_MS = 10_000;
/** So long must nobody have been served before it is a lie that all is well: a pass may have looked just before. */
const UNWELL_MS = 90_000;
/** So long must everybody have been served before it is a lie that nothing is there. */
const WELL_MS = 60_000;

/** What one look has shown a second one confirms, and that comes within this. */
const CONFIRMED_MS = 6_000;

/** By these `Healthy` says that AWS does not have what requests go through, or not yet. */
const SAYS_NOTHING_IS_THERE: ReadonlySet<string> = new Set([
  "LoadBalancerMissing",
  "AutoScalingGroupMissing",
  "NothingForwarded",
  "LoadBalancerProvisioning",
]);

type Status = NonNullable<WebService["status"]>;

export interface ClaimsSettings {
  readonly clock: Clock;
  readonly account: Account;
  readonly watch: Watch;
  readonly stored: (service: string) => WebService | undefined;
  /** When the daemon was last told something that was not true any more. */
  readonly misledAtMs: () => number;
  /** When the oldest of what the daemon knows of a service was asked for. */
  readonly oldestMs: (service: string) => number;
  readonly object: (text: string) => void;
  /** The account as the oracle is to see it, with what is only observed named. */
  readonly shown: (view: AccountView) => AccountView;
  /** What the spec of a service cannot hold. */
  readonly carried: (service: string) => readonly string[];
  /** Nobody but the users does anything: AWS moves by our hand alone. */
  readonly isCalm: boolean;
}

export class Claims {
  readonly #settings: ClaimsSettings;
  readonly #lastWriteMs = new Map<string, number>();
  /** Of each service: what had happened when it was last looked into. */
  readonly #seen = new Map<string, string>();
  /** Of each service: the spec that AWS was last seen to hold. */
  readonly #held = new Map<string, WebService>();
  /** Of each service: since when it is said that nothing has moved, while something has. */
  readonly #overlooked = new Map<string, { readonly sign: string; readonly sinceMs: number }>();
  #disturbances = 0;
  #disturbedAtMs = Number.NEGATIVE_INFINITY;

  constructor(settings: ClaimsSettings) {
    this.#settings = settings;
  }

  /** Somebody does something: what was read before it is said after it. */
  disturb(): void {
    this.#disturbances += 1;
    this.#disturbedAtMs = this.#settings.clock.nowMs();
  }

  /** The daemon is about to change something for a service. */
  writes(service: string): void {
    this.#lastWriteMs.set(service, this.#settings.clock.nowMs());
  }

  hear(service: string, status: Status): void {
    const is = (type: string) => conditionOf(status.conditions, type as never)?.status;
    const { object } = this.#settings;
    if (is("Ready") === "True") {
      for (const type of ["Synced", "Healthy"])
        if (is(type) !== "True") object(`Ready is True while ${type} is ${is(type)}`);
      for (const type of ["Stalled", "Drifted"])
        if (is(type) === "True") object(`Ready is True while ${type} is True`);
    }
    if (is("Synced") === "True") this.#judgeSynced(service, status.observedGeneration);
    if (is("Healthy") === "True") this.#judgeHealthy(service);
    this.#judgeWaiting(service, status);
    const healthy = conditionOf(status.conditions, "Healthy");
    if (healthy !== undefined && SAYS_NOTHING_IS_THERE.has(healthy.reason))
      this.#judgeAbsence(service, healthy.reason);
  }

  #judgeSynced(service: string, generation: number): void {
    const { watch, object } = this.#settings;
    const writtenMs = this.#lastWriteMs.get(service) ?? Number.NEGATIVE_INFINITY;
    if (watch.lookedAtMs <= writtenMs)
      object(`Synced is True for ${service} although nothing was read after the last change`);
    const sign = `${this.#sign()} ${generation}`;
    if (this.#seen.get(service) === sign) return;
    this.#seen.set(service, sign);
    this.#compare(service, generation);
  }

  /** While a load balancer waits to be replaced, what it and all behind it were made to be is what they are, or drift is told. */
  #judgeWaiting(service: string, status: Status): void {
    const { clock, account, object, shown, stored, carried } = this.#settings;
    const now = stored(service);
    const is = (type: string) => conditionOf(status.conditions, type as never)?.status;
    if (now === undefined || status.observedGeneration !== now.metadata.generation) return;
    if (is("Synced") === "True") this.#held.set(service, now);
    const held = this.#held.get(service);
    const isWaiting = status.plan?.approval?.effects.some(({ effect }) => effect === "loadBalancerReplaced");
    const nowMs = clock.nowMs();
    const isNews = nowMs - Math.max(this.#settings.misledAtMs(), this.#disturbedAtMs) < PASS_MS;
    if (held === undefined || isWaiting !== true || is("Drifted") !== "False" || isNews) return;
    if (besideScheme(held) !== besideScheme(now)) return;
    const wanted = { name: service, spec: held.spec, carried: carried(service) };
    // A child that is gone comes with the replacement, and is not told before: docs/operations.md.
    const [said] = disagreements(shown(readAccount(account)), [wanted]).filter(
      (text) =>
        text.startsWith(`${service}:`) && !/version of|desires|state: wanted|there are 0 of/.test(text),
    );
    const sign = this.#sign();
    const known = this.#overlooked.get(service);
    if (said === undefined || known?.sign !== sign) {
      this.#overlooked.set(service, { sign, sinceMs: said === undefined ? Number.POSITIVE_INFINITY : nowMs });
    } else if (nowMs - known.sinceMs > CONFIRMED_MS) {
      object(`Drifted is False for ${service}, whose replacement waits, while ${said}`);
    }
  }

  #sign(): string {
    return `${this.#disturbances} ${this.#settings.watch.effects}`;
  }

  /** The oracle looks, too, unless somebody has just moved something. */
  #compare(service: string, generation: number): void {
    const { clock, account, object, isCalm } = this.#settings;
    if (clock.nowMs() - this.#settings.misledAtMs() < MISLED_MS) return;
    if (clock.nowMs() - this.#disturbedAtMs < PASS_MS) return;
    // It is as old as was promised, and says so: see freshness.ts.
    if (this.#settings.oldestMs(service) <= this.#disturbedAtMs) {
      this.#seen.delete(service);
      return;
    }
    const stored = this.#settings.stored(service);
    if (
      stored === undefined ||
      stored.metadata.deletionTimestamp !== undefined ||
      stored.metadata.generation !== generation
    )
      return;
    const wanted = { name: service, spec: stored.spec, carried: this.#settings.carried(service) };
    const said = disagreements(this.#settings.shown(readAccount(account)), [wanted]).filter((text) =>
      text.startsWith(`${service}:`),
    );
    // Instances come and go by themselves, and load balancers with their zones; whether the settings are right does not.
    const settings = said.filter((text) => isCalm || !/version of|desires|state: wanted/.test(text));
    if (settings.length > 0) object(`Synced was True while ${settings[0]}`);
  }

  /** Whoever is served all the time is served by something: also in a cutover, and while the service is being deleted. */
  #judgeAbsence(service: string, reason: string): void {
    const { clock, watch, object } = this.#settings;
    if (clock.nowMs() - this.#settings.misledAtMs() < MISLED_MS) return;
    watch.serving.sample();
    const sinceMs = watch.serving.wellSinceMs(service);
    if (sinceMs !== undefined && clock.nowMs() - sinceMs > WELL_MS)
      object(`Healthy says ${reason} of ${service}, whose listeners reach somebody for ${WELL_MS / 1000} s`);
  }

  #judgeHealthy(service: string): void {
    const { clock, watch, object } = this.#settings;
    if (clock.nowMs() - this.#settings.misledAtMs() < MISLED_MS) return;
    watch.serving.sample();
    const sinceMs = watch.serving.unwellSinceMs(service);
    if (sinceMs !== undefined && clock.nowMs() - sinceMs > UNWELL_MS)
      object(`Healthy is True for ${service}, where a listener has reached nobody for ${UNWELL_MS / 1000} s`);
  }
}

/** What a spec asks for beside the scheme of its load balancer. */
function besideScheme({ spec }: WebService): string {
  const { loadBalancer } = spec as { loadBalancer?: object };
  return JSON.stringify({ ...(spec as object), loadBalancer: { ...loadBalancer, scheme: "" } });
}
