/** What a spec names in the account, as if our tags stood on it: so the oracle reads what carries none. */
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AccountView, Tags } from "./account-view.ts";
import { type Json, listOf, mapOf } from "./oracle-values.ts";
import type { Known } from "./ours.ts";
import { OWNER, ownerOf, RESOURCE, type Wanted } from "./remains.ts";

/** Address of each child of a map of the spec, by the name that it pins. */
function pinned(children: unknown, path: string): Map<unknown, string> {
  return new Map(
    Object.entries(mapOf(children)).map(([key, child]) => [mapOf(child).name, `${path}.${key}`]),
  );
}

export function labelled(view: AccountView, { name, spec }: Pick<Wanted, "name" | "spec">): AccountView {
  const labels = (tags: Tags, address: string | undefined): Tags =>
    address === undefined ? tags : { ...tags, [OWNER]: ownerOf(name), [RESOURCE]: address };
  const balancer = mapOf(spec.loadBalancer);
  const targetGroups = pinned(spec.targetGroups, "targetGroups");
  const groups = pinned(spec.autoScalingGroups, "autoScalingGroups");
  const alarms = pinned(spec.alarms, "alarms");
  const templates = new Map(
    Object.entries(mapOf(spec.autoScalingGroups)).map(([key, group]) => [
      mapOf(mapOf(group).launchTemplate).name,
      `autoScalingGroups.${key}.launchTemplate`,
    ]),
  );
  return {
    loadBalancers: view.loadBalancers.map((item) => {
      if (item.it.LoadBalancerName !== balancer.name) return item;
      return {
        ...item,
        tags: labels(item.tags, "loadBalancer"),
        listeners: item.listeners.map((listener) => {
          const { Port } = listener.it;
          const wanted = listOf(balancer.listeners)
            .map(mapOf)
            .find((one) => one.port === Port);
          if (wanted === undefined) return listener;
          const address = `loadBalancer.listeners.${Port}`;
          const rules: Json[] = listOf(wanted.rules).map(mapOf);
          return {
            ...listener,
            tags: labels(listener.tags, address),
            rules: listener.rules.map((rule) => {
              const own = rules.find(({ priority }) => String(priority) === rule.it.Priority);
              return own === undefined
                ? rule
                : { ...rule, tags: labels(rule.tags, `${address}.rules.${own.name}`) };
            }),
          };
        }),
      };
    }),
    targetGroups: view.targetGroups.map((item) => ({
      ...item,
      tags: labels(item.tags, targetGroups.get(item.it.TargetGroupName)),
    })),
    groups: view.groups.map((item) => ({
      ...item,
      tags: labels(item.tags, groups.get(item.it.AutoScalingGroupName)),
    })),
    templates: view.templates.map((item) => ({
      ...item,
      tags: labels(item.tags, templates.get(item.it.LaunchTemplateName)),
    })),
    alarms: view.alarms.map((item) => ({ ...item, tags: labels(item.tags, alarms.get(item.it.AlarmName)) })),
  };
}

/** Everything that carries the tags of one service: AWS's id, as the calls for tags name it, and all about it. */
export function taggedIn(view: AccountView, service: string): { id: string; tags: Tags; it: object }[] {
  const listeners = view.loadBalancers.flatMap((item) => item.listeners);
  const all = [
    ...view.loadBalancers.map(({ it, tags }) => ({ id: it.LoadBalancerArn, tags, it })),
    ...listeners.map(({ it, tags }) => ({ id: it.ListenerArn, tags, it })),
    ...listeners.flatMap(({ rules }) => rules.map(({ it, tags }) => ({ id: it.RuleArn, tags, it }))),
    ...view.targetGroups.map(({ it, tags }) => ({ id: it.TargetGroupArn, tags, it })),
    ...view.groups.map(({ it, tags }) => ({ id: it.AutoScalingGroupName, tags, it })),
    ...view.templates.map(({ it, tags }) => ({ id: it.LaunchTemplateId, tags, it })),
    ...view.alarms.map(({ it, tags }) => ({ id: it.AlarmArn, tags, it })),
  ];
  return all
    .filter(({ tags }) => tags[OWNER] === ownerOf(service))
    .map(({ id = "", tags, it }) => ({ id, tags, it }));
}

/** The same, as those know it who watch where requests go. */
export function knownIn(view: AccountView, service: string): Known[] {
  return taggedIn(view, service).map(({ id, tags, it }) => {
    const { LoadBalancerArn = "", DefaultActions, Actions } = it as elb.Listener & elb.Rule;
    const isRule = id.includes(":listener-rule/");
    const listener = id.replace(":listener-rule/", ":listener/").split("/").slice(0, -1).join("/");
    return {
      id,
      owner: ownerOf(service),
      address: tags[RESOURCE] ?? "",
      parent: isRule ? listener : id.includes(":listener/") ? LoadBalancerArn : "",
      actions: DefaultActions ?? Actions ?? [],
    };
  });
}
