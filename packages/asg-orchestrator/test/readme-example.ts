import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { createDeployGroup, createInstanceRefresher } from "@windlass/asg-orchestrator";
import { deploymentId, parseImageDigest } from "@windlass/deployment";
import { createSandbox, virtualClock } from "@windlass/sandbox";

// AWS in this process; with AWS itself, only `new AutoScalingClient({ region: "ap-southeast-2" })`.
const clock = virtualClock(Date.UTC(2026, 10, 24, 9));
const sandbox = createSandbox({ clock });
sandbox.account("222222222222").autoScaling().createGroup("windlass-deploy");
sandbox.account("222222222222").autoScaling().createGroup("web", { min: 1 });
await clock.advance(15 * 60_000);
const client = new AutoScalingClient(sandbox.clientConfig({ account: "222222222222" }));

const group = createDeployGroup({ client, group: "windlass-deploy" });
await group.launch(deploymentId(new Date(clock.now()), 1)); // tags the group `windlass:deployment`, then desired capacity 1
await clock.advance(5 * 60_000);
const observed = await group.observe();
// { kind: "group", desired: 1, instances, suspendedProcesses, deploymentTag }
await group.retire(); // desired capacity 0

const refresher = createInstanceRefresher({ client });
const refresh = await refresher.start({
  group: "web",
  image: "dga-web",
  digest: parseImageDigest(`sha256:${"0a".repeat(32)}`),
  preferences: { minHealthyPercentage: 0, maxHealthyPercentage: null, instanceWarmupSeconds: null },
});

export const seen = [observed.kind === "group" && observed.instances.length, refresh.kind];
// [1, "started"]
