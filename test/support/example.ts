import type { WebServiceSpec } from "../../src/reconciler/kinds/web-service.ts";
import { unattendedSpec } from "./example-manifest.ts";

/** A part of a spec as a user sends it: whatever has a default, or stands there already, may be left out. */
type Sent<Part> = Part extends readonly (infer Item)[]
  ? Sent<Item>[]
  : Part extends object
    ? { [Field in keyof Part]?: Sent<Part[Field]> | undefined }
    : Part;

type Spec = Sent<WebServiceSpec>;
type LoadBalancer = NonNullable<Spec["loadBalancer"]>;
type Listener = NonNullable<LoadBalancer["listeners"]>[number];
type Rule = NonNullable<Listener["rules"]>[number];
type TargetGroup = NonNullable<NonNullable<Spec["targetGroups"]>[string]>;
type Group = NonNullable<NonNullable<Spec["autoScalingGroups"]>[string]>;
type LaunchTemplate = NonNullable<Group["launchTemplate"]>;
type ScalingPolicy = NonNullable<NonNullable<Group["scalingPolicies"]>[string]>;
type Alarm = NonNullable<NonNullable<Spec["alarms"]>[string]>;

const HTTPS_PORT = 443;

/** The account has it, as it has the example's own. */
export const SECOND_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/def-456";

/** A scaling policy that adds one instance each time that an alarm sets it off. */
export const ONE_MORE: ScalingPolicy = {
  stepScaling: {
    adjustmentType: "ChangeInCapacity",
    stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
  },
};

export function forwardTo(targetGroup: string) {
  return { forward: { targetGroup } };
}

/** The worked example, `examples/web-api.yaml`, where nobody approves, to be changed by what a test says of it. */
export function example(): Example {
  return new Example(unattendedSpec());
}

/** The same as it is posted: what destroys waits for somebody to approve it. */
export function attendedExample(): Example {
  return example().with({ approval: undefined });
}

/**
 * A spec that grows by what is said of it; every method answers another one, and this one stays.
 * What is given is laid over what stands there field by field, and so are the fields of attributes, of a health check
 * and of a launch template; a list, an action or a policy is taken as it is given. `undefined` takes a field away.
 */
export class Example {
  readonly #spec: Spec;

  constructor(spec: Spec) {
    this.#spec = spec;
  }

  /** As a user posts it: each time a copy. */
  spec(): Spec {
    return JSON.parse(JSON.stringify(this.#spec));
  }

  /** Fields at the top, the tags among them. */
  with(fields: Spec): Example {
    return new Example({ ...this.#spec, ...fields });
  }

  withLoadBalancer(fields: LoadBalancer): Example {
    return this.with({ loadBalancer: laidOver(this.#spec.loadBalancer, fields) });
  }

  /** A listener is found by its port, and added if there is none. */
  withListener(port: number, fields: Listener): Example {
    return this.withLoadBalancer({ listeners: laidOverItem(this.#listeners(), "port", port, fields) });
  }

  withoutListener(port: number): Example {
    return this.withLoadBalancer({ listeners: this.#listeners().filter((one) => one.port !== port) });
  }

  /** One more certificate of the HTTPS listener. */
  withCertificate(arn: string): Example {
    return this.withListener(HTTPS_PORT, { certificates: [...(this.#https().certificates ?? []), arn] });
  }

  /** A rule of the HTTPS listener, found by its name; a new one comes last and answers 404 below its name. */
  withRule(name: string, fields: Rule = {}): Example {
    const rules = this.#https().rules ?? [];
    const isNew = rules.every((rule) => rule.name !== name);
    const fresh: Rule = {
      priority: Math.max(0, ...rules.map(({ priority = 0 }) => priority)) + 10,
      conditions: [{ pathPattern: [`/${name}/*`] }],
      action: { fixedResponse: { statusCode: "404" } },
    };
    const wanted = isNew ? { ...fresh, ...fields } : fields;
    return this.withListener(HTTPS_PORT, { rules: laidOverItem(rules, "name", name, wanted) });
  }

  /** These rules of the HTTPS listener in this order, and no others. */
  withRules(...names: string[]): Example {
    const none = this.withListener(HTTPS_PORT, { rules: [] });
    return names.reduce<Example>((one, name) => one.withRule(name), none);
  }

  withoutRule(name: string): Example {
    const rules = this.#https().rules?.filter((rule) => rule.name !== name);
    return this.withListener(HTTPS_PORT, { rules });
  }

  withTargetGroup(name: string, fields: TargetGroup): Example {
    const targetGroups = { ...this.#spec.targetGroups };
    return this.with({ targetGroups: { ...targetGroups, [name]: laidOver(targetGroups[name], fields) } });
  }

  withGroup(name: string, fields: Group): Example {
    const groups = { ...this.#spec.autoScalingGroups };
    return this.with({ autoScalingGroups: { ...groups, [name]: laidOver(groups[name], fields) } });
  }

  withLaunchTemplate(fields: LaunchTemplate): Example {
    return this.withGroup("web", { launchTemplate: fields });
  }

  withImage(imageId: string): Example {
    return this.withLaunchTemplate({ imageId });
  }

  withPolicy(name: string, policy: ScalingPolicy): Example {
    const { scalingPolicies } = this.#spec.autoScalingGroups?.web ?? {};
    return this.withGroup("web", { scalingPolicies: { ...scalingPolicies, [name]: policy } });
  }

  withAlarm(name: string, fields: Alarm): Example {
    const alarms = { ...this.#spec.alarms };
    return this.with({ alarms: { ...alarms, [name]: laidOver(alarms[name], fields) } });
  }

  #listeners(): Listener[] {
    return this.#spec.loadBalancer?.listeners ?? [];
  }

  #https(): Listener {
    return this.#listeners().find(({ port }) => port === HTTPS_PORT) ?? {};
  }
}

const LAID_OVER_INSIDE = ["attributes", "healthCheck", "launchTemplate"];

function laidOver<Part extends object>(before: Part | undefined, fields: Part): Part {
  const held = new Map<string, object>(Object.entries(before ?? {}));
  const laid = Object.entries(fields).map(([name, value]) => [
    name,
    LAID_OVER_INSIDE.includes(name) ? { ...held.get(name), ...value } : value,
  ]);
  return { ...before, ...Object.fromEntries(laid) };
}

/** The list with `fields` laid over the item whose `key` is `value`, or with one item more. */
function laidOverItem<Item extends object, Key extends keyof Item>(
  items: readonly Item[],
  key: Key,
  value: Item[Key],
  fields: Item,
): Item[] {
  const at = items.findIndex((item) => item[key] === value);
  if (at === -1) return [...items, { [key]: value, ...fields } as Item];
  return items.with(at, laidOver(items[at], fields));
}
