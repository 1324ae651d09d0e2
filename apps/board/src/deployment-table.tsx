import type { DeploymentSummary } from "@windlass/area-view";
import type { VNode } from "preact";
import { formatDuration } from "./format-age.ts";
import { OutcomeMark } from "./outcome-mark.tsx";
import { deploymentPath, imagePath } from "./route.ts";
import { ExternalLink, Time, Version } from "./small-parts.tsx";

export interface AreaDeployment extends DeploymentSummary {
  readonly area: string;
}

interface DeploymentTableProps {
  readonly caption: string;
  readonly deployments: readonly AreaDeployment[];
  /** Not where all of them are of one image. */
  readonly withPlace?: boolean;
}

export function DeploymentTable({ caption, deployments, withPlace = false }: DeploymentTableProps): VNode {
  return (
    <table class="table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Decided</th>
          {withPlace && <th scope="col">Area</th>}
          {withPlace && <th scope="col">Image</th>}
          <th scope="col">Outcome</th>
          <th scope="col">Version</th>
          <th scope="col">Plan</th>
          <th scope="col">Took</th>
          {withPlace && <th scope="col">Why</th>}
        </tr>
      </thead>
      <tbody>
        {deployments.map((one) => (
          <DeploymentLine key={`${one.area} ${one.deployment}`} one={one} withPlace={withPlace} />
        ))}
      </tbody>
    </table>
  );
}

function DeploymentLine({ one, withPlace }: { readonly one: AreaDeployment; readonly withPlace: boolean }): VNode {
  const { area, image, plan, seconds } = one;
  return (
    <tr>
      <td data-label="Decided">
        <a href={deploymentPath(area, one.deployment)}>
          <Time at={one.decidedAt} />
        </a>
      </td>
      {withPlace && <td data-label="Area">{area}</td>}
      {withPlace && (
        <td data-label="Image">
          <a href={imagePath(area, image)}>{image}</a>
        </td>
      )}
      <td data-label="Outcome">
        <OutcomeMark state={one.state} noop={one.noop} />
      </td>
      <td data-label="Version">
        <Version version={one} />
      </td>
      <td data-label="Plan" class="number">
        {plan === null ? "" : `+${plan.add} ~${plan.change} −${plan.destroy}`}
      </td>
      <td data-label="Took" class="number">
        {seconds === null ? "" : formatDuration(seconds)}
      </td>
      {withPlace && (
        <td data-label="Why" class="why">
          <Why one={one} />
        </td>
      )}
    </tr>
  );
}

function Why({ one: { failure, links, cancel } }: { readonly one: AreaDeployment }): VNode {
  return (
    <>
      {failure !== null && <span title={failure.hint ?? undefined}>{failure.message} </span>}
      {cancel !== null && <span>{`cancelled by ${cancel.by}: ${cancel.reason} `}</span>}
      {failure !== null && links.issue !== null && <ExternalLink href={links.issue}>issue</ExternalLink>}
    </>
  );
}
