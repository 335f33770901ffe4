/** What predictive policies of the simulated account promise to do as AWS's do, and where AWS says so. */
import { type Behaviour, documented } from "../../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const HOW_IT_WORKS =
  "https://docs.aws.amazon.com/autoscaling/application/userguide/aas-predictive-scaling-how-it-works.html";

export const FORECAST_BEHAVIOURS: readonly Behaviour[] = documented("autoscaling", "autoscaling", [
  [
    "forecast-history",
    "From a day of data on, and of two weeks at most, the load of each of the next 48 hours is forecast, from the moment that the policy is put.",
    `${API}/API_PredictiveScalingMetricSpecification.html`,
  ],
  ["forecast-renewed", "A forecast is renewed every six hours.", HOW_IT_WORKS],
  [
    "forecast-correlation",
    "The capacity of an hour keeps the scaling metric at its target under the load that is forecast, by how both of them and the capacity went together.",
    `${GUIDE}/predictive-scaling-customized-metric-specification.html`,
  ],
  [
    "forecast-scales-out",
    "At the beginning of each hour a policy in ForecastAndScale raises the desired capacity to what is forecast, within the sizes of the group, and never lowers it.",
    `${GUIDE}/ec2-auto-scaling-predictive-scaling.html`,
  ],
  [
    "forecast-buffer-time",
    "It does so SchedulingBufferTime before the hour, 300 s unless told otherwise.",
    `${API}/API_PredictiveScalingConfiguration.html`,
  ],
  [
    "forecast-raises-maximum",
    "With IncreaseMaxCapacity the maximum becomes what is forecast and MaxCapacityBuffer percent more, where that is above it, and is not lowered again.",
    `${API}/API_PredictiveScalingConfiguration.html`,
  ],
  [
    "forecast-and-dynamic",
    "Of what a forecast and the other policies want, the most counts: none of those scales in below it within the hour.",
    `${GUIDE}/ec2-auto-scaling-predictive-scaling.html`,
  ],
  [
    "forecast-past",
    "What was forecast can be asked for later, 30 days of it at once.",
    `${GUIDE}/predictive-scaling-overriding-forecast-capacity.html`,
  ],
  [
    "forecast-range",
    "The start of a range of forecasts belongs to it, and its end does not.",
    `${API}/API_GetPredictiveScalingForecast.html`,
  ],
]);
