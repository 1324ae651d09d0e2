import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { type AccountMapping, areaNames, onlyArea } from "@windlass/account-mapping";
import { type AreaPorts, observeArea } from "@windlass/area-observer";
import {
  createDeployGroup,
  createInstanceRefresher,
  type DeployGroup,
  type InstanceRefresher,
} from "@windlass/asg-orchestrator";
import { type Action, type Effect, emptyLedger, type Plan, planTick, recordEffects } from "@windlass/deployment";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import { createLedgerStore, type LedgerStore } from "@windlass/ledger-store";
import type { Sandbox } from "@windlass/sandbox";

export interface TickPorts extends AreaPorts {
  readonly store: LedgerStore;
  readonly group: DeployGroup;
  readonly refresher: InstanceRefresher;
}

/** What the area's Lambda has in its hands. */
export function lambdaPorts(sandbox: Sandbox, slice: AccountMapping): TickPorts {
  const { area } = onlyArea(slice);
  const { stateBucket: bucket, deployGroup: group, lambdaRole: role } = areaNames(area);
  const settings = { ...sandbox.clientConfig({ account: area.account, role, session: "tick" }), maxAttempts: 1 };
  const client = new AutoScalingClient({ ...settings, region: area.region });
  return {
    store: createLedgerStore({ client: new S3Client({ ...settings, region: area.region }), bucket }),
    heads: createHeadReader({
      client: new ECRClient({ ...settings, region: slice.registry.region }),
      registryId: slice.registry.account,
      fetch: sandbox.fetch,
    }),
    group: createDeployGroup({ client, group }),
    refresher: createInstanceRefresher({ client }),
  };
}

/** One tick: the area's Lambda without its reports. */
export async function tickArea(ports: TickPorts, slice: AccountMapping, now: Date): Promise<Plan> {
  const { name, area } = onlyArea(slice);
  const scope = { workload: slice.workload, area: name, account: area.account };
  const signal = new AbortController().signal;
  const read = await ports.store.readLedger(scope);
  const ledger = read.kind === "ledger" ? read.ledger : emptyLedger(scope, now);
  const { observation } = await observeArea(ports, { ledger, slice, now, signal });
  const plan = planTick(ledger, observation, slice, now);
  const effects: Effect[] = [];
  for (const action of plan.actions) effects.push(...(await perform(ports, action)));
  const after = recordEffects(plan.ledger, effects, now);
  if (read.kind === "missing") await ports.store.createLedger(after);
  else if (after !== ledger) await ports.store.commitLedger(after, read.etag);
  return plan;
}

async function perform({ store, group, refresher }: TickPorts, action: Action): Promise<readonly Effect[]> {
  switch (action.kind) {
    case "launch":
      await store.putAssignment(action.assignment);
      await group.launch(action.assignment.deployment);
      return [];
    case "retire":
      await group.retire();
      return [];
    case "request-cancel":
      await store.putCancel(action.cancel);
      return [];
    case "append-history":
      await store.appendHistory(action.deployment);
      return [{ kind: "history-appended", deployment: action.deployment.id }];
    case "delete-control":
      await store.deleteControl(action.key);
      return [];
    case "start-refresh": {
      const { deployment, image, digest, preferences } = action;
      const started = await refresher.start({ group: action.group, image, digest, preferences });
      if (started.kind !== "started") return [];
      return [{ kind: "refresh-started", deployment, group: action.group, refreshId: started.refreshId }];
    }
    case "close-claim":
    case "terminate":
    case "cancel-refresh":
      throw new Error(`no test comes to ${action.kind}`);
  }
}
