// The renderer's entry: connects to the engine and draws the app.
// First of all imports: schemas look at it when they are made.
import "./api/no-eval.ts";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connection } from "./api/client.ts";
import { queryClient } from "./api/query.ts";
import { tokenOf } from "./api/session.ts";
import { chooseTransport } from "./api/transport.ts";
import { App } from "./app.tsx";
import { globalActions } from "./commands/global.ts";
import { registerActions } from "./commands/registry.ts";
import { ToastRegion } from "./components/toast.tsx";
import { TooltipProvider } from "./components/tooltip.tsx";
import { keepScreen } from "./state/navigation.ts";
import "./styles/index.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root.");

keepScreen(() => window.sessionStorage);
registerActions(globalActions());
connection.start(chooseTransport(window));
// A new start link pasted into the same tab changes only the fragment: begin anew with it.
window.addEventListener("hashchange", () => {
  if (tokenOf(window.location.hash) !== undefined) window.location.reload();
});
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider>
          <ToastRegion>
            <App />
          </ToastRegion>
        </TooltipProvider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
