import type { FailureView, ImageView } from "@windlass/area-view";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { MenuPlace } from "./cell-menu.tsx";
import { Icon } from "./icon.tsx";
import { deploymentPath, imagePath } from "./route.ts";
import { shortenText, shortVersion } from "./shorten.ts";
import { ProgressBar, StandingMark } from "./small-parts.tsx";

interface BoardCellProps {
  readonly area: string;
  readonly view: ImageView | null;
  /** Row and column. */
  readonly place: string;
  readonly age: string;
  /** Versions that are live in the area before this one and have not been here. */
  readonly ahead: number;
  readonly isShown: boolean;
  readonly onMenu: (place: MenuPlace) => void;
}

/** Drawn again only when something in it is otherwise than before: there are more than a thousand. */
export function BoardCell({ area, view, place, age, ahead, isShown, onMenu }: BoardCellProps): VNode {
  return useMemo(() => {
    const [row, column] = place.split(" ");
    const shown = isShown ? " is-shown" : "";
    if (view === null) {
      const absent = { "data-row": row, "data-column": column, "aria-label": `not known in ${area}` };
      return <div role="gridcell" tabIndex={-1} class={`cell is-absent${shown}`} {...absent} />;
    }
    const version = view.deployment ?? view.live ?? view.head;
    return (
      <div role="gridcell" class={`cell cell-${view.standing}${shown}`}>
        <div class="cell-top">
          <a
            class="cell-link"
            href={imagePath(area, view.image)}
            tabIndex={-1}
            data-row={row}
            data-column={column}
            aria-keyshortcuts="m"
            aria-description={`${view.image} in ${area}`}
          >
            <StandingMark standing={view.standing} />
            {version !== null && <code>{shortVersion(version)}</code>}
          </a>
          {ahead > 0 && view.standing !== "live" && <Ahead count={ahead} />}
          {view.standing !== "deploying" && <span class="age">{age}</span>}
          <button
            type="button"
            class="cell-menu"
            tabIndex={-1}
            aria-haspopup="menu"
            aria-label={`Actions for ${view.image} in ${area}`}
            onClick={({ currentTarget }) => onMenu({ area, view, anchor: currentTarget })}
          >
            <Icon name="menu" />
          </button>
        </div>
        <CellNote area={area} view={view} age={age} ahead={ahead} />
      </div>
    );
  }, [area, view, place, age, ahead, isShown, onMenu]);
}

function Ahead({ count }: { readonly count: number }): VNode {
  const meaning = `${count} ${count === 1 ? "version is" : "versions are"} live in the area before and not here yet`;
  return (
    <span class="ahead" title={meaning}>
      <Icon name="ahead" />
      {count}
      <span class="unseen"> ({meaning})</span>
    </span>
  );
}

interface CellNoteProps {
  readonly area: string;
  readonly view: ImageView;
  readonly age: string;
  readonly ahead: number;
}

function CellNote({ area, view, age, ahead }: CellNoteProps): VNode | null {
  const { deployment, failure, standing, text, live } = view;
  if (standing === "deploying" && deployment !== null) {
    const phase = deployment.cancel === null ? (deployment.phase ?? deployment.state) : "stopping";
    const label = `${phase}${deployment.progress === null ? "" : ` ${deployment.progress}`}`;
    return (
      <div class="cell-note">
        <a href={deploymentPath(area, deployment.deployment)} tabIndex={-1}>
          {label}
        </a>
        <ProgressBar progress={deployment.progress} label={`${view.image} in ${area}: ${label}`} />
        <span class="age">{age}</span>
      </div>
    );
  }
  if (failure !== null && (standing === "failed" || standing === "blocked")) {
    return <FailedNote area={area} failure={failure} />;
  }
  if (standing === "live") {
    if (live?.disturbed === true) return <div class="cell-note">may have been changed since</div>;
    return ahead === 0 ? null : (
      <div class="cell-note">
        <Ahead count={ahead} /> to come
      </div>
    );
  }
  return (
    <div class="cell-note" title={text}>
      {shortenText(text).replace(/^(?:waiting|deploying|blocked|quarantined|held):? /, "")}
    </div>
  );
}

function FailedNote({ area, failure }: { readonly area: string; readonly failure: FailureView }): VNode {
  const { message, outcome, links, deployment } = failure;
  return (
    <div class="cell-note is-links" title={message ?? outcome}>
      <span>{message ?? outcome}</span>
      {links.issue !== null && (
        <a href={links.issue} target="_blank" rel="noreferrer" tabIndex={-1}>
          issue
        </a>
      )}
      <a href={deploymentPath(area, deployment)} tabIndex={-1}>
        log
      </a>
    </div>
  );
}
