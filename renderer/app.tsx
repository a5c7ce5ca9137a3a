// The window's frame: rail, the chosen screen, the transfers at the bottom, and what lies over all of them.
import { useEffect, useState } from "react";
import { ConnectionBanner, SignedOut } from "./components/connection-banner.tsx";
import { Rail, type ScreenName } from "./components/rail.tsx";
import { RememberedSplit } from "./components/remembered-split.tsx";
import { SplitPanel, Splitter } from "./components/splitter.tsx";
import { LoadingRows } from "./components/states.tsx";
import { FirstStart } from "./screens/first-start/first-start.tsx";
import { PlanDialog } from "./screens/plan/plan-dialog.tsx";
import { RegistriesScreen } from "./screens/registries/registries-screen.tsx";
import { TransferScreen } from "./screens/transfer/transfer-screen.tsx";
import { TransfersPanel } from "./screens/transfers/transfers-panel.tsx";
import { useApplyTheme } from "./state/appearance.ts";
import { useConnection } from "./state/connection.ts";
import { loadEndpoints, useEndpoints } from "./state/endpoints.ts";
import { loadSettings, useSettings } from "./state/settings.ts";
import { commonText } from "./text/common.ts";

export function App() {
  useApplyTheme();
  const connection = useConnection();
  const [screen, setScreen] = useState<ScreenName>("transfer");
  const open = connection.kind === "open";
  useEffect(() => {
    if (!open) return;
    void loadEndpoints();
    void loadSettings();
  }, [open]);

  if (connection.kind === "signed-out") return <SignedOut />;
  return (
    <div className="flex h-full flex-col">
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <Rail screen={screen} onScreen={setScreen} />
        <Main screen={screen} />
      </div>
      <PlanDialog />
    </div>
  );
}

function Main({ screen }: { readonly screen: ScreenName }) {
  const { endpoints, loaded } = useEndpoints();
  const settingsLoaded = useSettings((state) => state.loaded);
  if (!loaded || !settingsLoaded) return <LoadingRows label={commonText.loading} rows={3} />;
  const isFirstStart = endpoints.length === 0 && screen === "transfer";
  return (
    <main className="flex min-w-0 flex-1 flex-col">
      <h1 className="hidden-text">{commonText.product}</h1>
      {isFirstStart ? (
        <FirstStart />
      ) : (
        <RememberedSplit name="window" orientation="vertical" className="min-h-0 flex-1">
          <SplitPanel id="screen" minSize={220}>
            <div className="flex h-full min-w-0 flex-col">
              {screen === "registries" ? <RegistriesScreen /> : <TransferScreen />}
            </div>
          </SplitPanel>
          <Splitter label={commonText.transfersHeight} direction="horizontal" />
          <SplitPanel id="transfers" defaultSize={220} minSize={36} groupResizeBehavior="preserve-pixel-size">
            <TransfersPanel />
          </SplitPanel>
        </RememberedSplit>
      )}
    </main>
  );
}
