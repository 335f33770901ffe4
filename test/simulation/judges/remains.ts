/** What is ours in the account, and what must not be there: left over, forgotten, or made twice. */
import type { AccountView, Tags } from "./account-view.ts";
import { type Json, mapOf, text } from "./oracle-values.ts";

export const OWNER = "holdfast.dev/owner";
export const RESOURCE = "holdfast.dev/resource";
export const EPOCH = "holdfast.dev/epoch";

/** A service that its user wants. */
export interface Wanted {
  readonly name: string;
  /** As stored: with every default. */
  readonly spec: Json;
  /** Members of its launch templates that no spec can hold, and that came with what was taken over. */
  readonly carried?: readonly string[];
}

export function ownerOf(service: string): string {
  return `holdfast/default/${service}`;
}

/** What AWS gives a load balancer, for the attributes that histories declare and take back. */
const DEFAULTS: Tags = {
  "idle_timeout.timeout_seconds": "60",
  "access_logs.s3.enabled": "false",
  "routing.http.drop_invalid_header_fields.enabled": "false",
};

/** Attributes that nobody declares any more and that are not what AWS gives; only where nobody else has set them. */
export function remnants(view: AccountView, services: readonly Wanted[]): string[] {
  return services.flatMap(({ name, spec }) => {
    const declared = mapOf(mapOf(spec.loadBalancer).attributes);
    const ours = view.loadBalancers.filter((item) => item.tags[OWNER] === ownerOf(name));
    return ours.flatMap(({ attributes }) =>
      Object.entries(DEFAULTS)
        .filter(([key, value]) => declared[key] === undefined && attributes[key] !== value)
        .map(([key]) => `${name}: attribute ${key} is still ${attributes[key]}`),
    );
  });
}

/** What was made twice although once was enough; only where nobody else makes any. */
export function duplicates(view: AccountView): string[] {
  return view.templates
    .filter((template) => template.tags[OWNER]?.startsWith("holdfast/"))
    .flatMap(({ it, versions }) => {
      const contents = versions.map((version) => text(version.LaunchTemplateData));
      return contents
        .filter((content, index) => contents.indexOf(content) !== index)
        .map(() => `two versions of launch template ${it.LaunchTemplateName} are the same`);
    });
}

/** Everything in the account under an owner tag (or alarm name) that `isOurs` takes. */
export function leftovers(view: AccountView, isOurs: (owner: string) => boolean): string[] {
  const marked = (tags: Tags) => tags[OWNER] !== undefined && isOurs(tags[OWNER]);
  return [
    ...view.loadBalancers
      .filter((item) => marked(item.tags))
      .map((item) => `load balancer ${item.it.LoadBalancerName}`),
    ...view.targetGroups
      .filter((item) => marked(item.tags))
      .map((item) => `target group ${item.it.TargetGroupName}`),
    ...view.groups.filter((item) => marked(item.tags)).map((item) => `group ${item.it.AutoScalingGroupName}`),
    ...view.templates
      .filter((item) => marked(item.tags))
      .map((item) => `launch template ${item.it.LaunchTemplateName}`),
    ...view.alarms.filter((item) => marked(item.tags)).map((item) => `alarm ${item.it.AlarmName}`),
  ].map((what) => `${what} is left over`);
}
