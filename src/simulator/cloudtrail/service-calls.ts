/** The calls that Auto Scaling makes of other services, which CloudTrail records as its own. cloudtrail/service-linked-role */
import { AwsError } from "../account/aws-error.ts";
import type { Parts, ServiceName } from "../services.ts";

type Tell = (
  service: ServiceName,
  operation: string,
  input: object,
  outcome: { output?: object; error?: AwsError },
) => void;

/** The parts as Auto Scaling is given them: what it does to other services is told. */
export function withServiceCalls(parts: Parts, tell: Tell): Parts {
  let wrapped: Pick<Parts, "ec2" | "elb" | "cloudWatch"> | undefined;
  // The parts are there only once the account is complete.
  const own = () => {
    wrapped ??= { ec2: ec2Of(parts, tell), elb: elbOf(parts, tell), cloudWatch: cloudWatchOf(parts, tell) };
    return wrapped;
  };
  return Object.create(parts, {
    ec2: { get: () => own().ec2 },
    elb: { get: () => own().elb },
    cloudWatch: { get: () => own().cloudWatch },
  }) as Parts;
}

function ec2Of({ ec2 }: Parts, tell: Tell): Parts["ec2"] {
  const ofInstance = (operation: string, instanceId: string): void =>
    tell("ec2", operation, { InstanceIds: [instanceId] }, {});
  return {
    ...ec2,
    launch(request) {
      const input = {
        LaunchTemplate: { LaunchTemplateId: request.templateId, Version: String(request.version) },
        MinCount: 1,
        MaxCount: 1,
        SubnetId: request.subnetId,
      };
      try {
        const instance = ec2.launch(request);
        const { instanceId, instanceType, imageId, subnetId } = instance;
        const shown = {
          InstanceId: instanceId,
          InstanceType: instanceType,
          ImageId: imageId,
          SubnetId: subnetId,
        };
        tell("ec2", "RunInstances", input, { output: { Instances: [shown] } });
        return instance;
      } catch (error) {
        if (error instanceof AwsError) tell("ec2", "RunInstances", input, { error });
        throw error;
      }
    },
    terminate(instanceId) {
      ec2.terminate(instanceId);
      ofInstance("TerminateInstances", instanceId);
    },
    stop(instanceId, hibernate) {
      ec2.stop(instanceId, hibernate);
      ofInstance("StopInstances", instanceId);
    },
    start(instanceId) {
      ec2.start(instanceId);
      ofInstance("StartInstances", instanceId);
    },
  };
}

function elbOf({ elb }: Parts, tell: Tell): Parts["elb"] {
  const inputOf = (TargetGroupArn: string, instanceId: string) => ({
    TargetGroupArn,
    Targets: [{ Id: instanceId }],
  });
  return {
    ...elb,
    register(arn, instanceId) {
      elb.register(arn, instanceId);
      tell("elasticloadbalancing", "RegisterTargets", inputOf(arn, instanceId), {});
    },
    deregister(arn, instanceId, drained) {
      elb.deregister(arn, instanceId, drained);
      tell("elasticloadbalancing", "DeregisterTargets", inputOf(arn, instanceId), {});
    },
  };
}

function cloudWatchOf({ cloudWatch }: Parts, tell: Tell): Parts["cloudWatch"] {
  return {
    ...cloudWatch,
    putServiceAlarm(alarm) {
      const put = cloudWatch.putServiceAlarm(alarm);
      const { name, namespace, metricName, threshold, comparisonOperator, alarmActions } = alarm;
      const input = {
        AlarmName: name,
        Namespace: namespace,
        MetricName: metricName,
        Threshold: threshold,
        ComparisonOperator: comparisonOperator,
        AlarmActions: alarmActions,
      };
      tell("cloudwatch", "PutMetricAlarm", input, {});
      return put;
    },
    deleteServiceAlarm(name) {
      cloudWatch.deleteServiceAlarm(name);
      tell("cloudwatch", "DeleteAlarms", { AlarmNames: [name] }, {});
    },
  };
}
