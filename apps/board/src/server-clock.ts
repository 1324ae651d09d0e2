import { createContext } from "preact";

/** How far the server's clock is ahead of this machine's, in milliseconds: ages are reckoned by the server's. */
export const ServerClock = createContext(0);
