import "./styles/board.css";
import { render } from "preact";
import { App } from "./app.tsx";

const root = document.getElementById("board");
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
}
