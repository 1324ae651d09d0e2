import { useEffect, useState } from "preact/hooks";
import { parseRoute, type Route } from "./route.ts";

/** The page that the address names; links within the board change it without loading anything. */
export function useRoute(): Route {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const update = () => setRoute(currentRoute());
    const follow = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link === null || !isOwn(link, event)) return;
      event.preventDefault();
      navigate(link.pathname + link.search);
    };
    addEventListener("popstate", update);
    document.addEventListener("click", follow);
    return () => {
      removeEventListener("popstate", update);
      document.removeEventListener("click", follow);
    };
  }, []);
  return route;
}

export function navigate(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}

/** Keeps what a page asks for in its address without a step in the browser's history for each letter. */
export function replaceSearch(search: string): void {
  history.replaceState(null, "", location.pathname + search);
}

function currentRoute(): Route {
  return parseRoute(location.pathname, location.search);
}

function isOwn(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const isHere = link.origin === location.origin && link.target === "" && link.hash === "";
  return isPlain && isHere && !event.defaultPrevented;
}
