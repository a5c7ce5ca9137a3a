// The window's frame: rail, the chosen screen, the status bar, and what lies over all of them.
import { type ReactNode, useEffect } from "react";
import type { ScreenName } from "../shared/window-command.ts";
import { keepFocus } from "./commands/keep-focus.ts";
import { listenForCommands } from "./commands/listen.ts";
import { ConnectionBanner, SignedOut } from "./components/connection-banner.tsx";
import { Rail } from "./components/rail.tsx";
import { RememberedSplit } from "./components/remembered-split.tsx";
import { SplitPanel, Splitter } from "./components/splitter.tsx";
import { LoadingRows } from "./components/states.tsx";
import { StatusBar } from "./components/status-bar.tsx";
import { CompareDrawer } from "./screens/compare/compare-drawer.tsx";
import { FirstStart } from "./screens/first-start/first-start.tsx";
import { WhatNext } from "./screens/first-start/what-next.tsx";
import { HistoryScreen } from "./screens/history/history-screen.tsx";
import { ReportDrawer } from "./screens/history/report-drawer.tsx";
import { InspectDrawer } from "./screens/inspect/inspect-drawer.tsx";
import { JobsScreen } from "./screens/jobs/jobs-screen.tsx";
import { CommandPalette } from "./screens/palette/command-palette.tsx";
import { ShortcutSheet } from "./screens/palette/shortcut-sheet.tsx";
import { PlanDialog } from "./screens/plan/plan-dialog.tsx";
import { RegistriesScreen } from "./screens/registries/registries-screen.tsx";
import { RegistryDialogs } from "./screens/registries/registry-dialogs.tsx";
import { LogDrawer } from "./screens/settings/log-drawer.tsx";
import { SettingsScreen } from "./screens/settings/settings-screen.tsx";
import { VaultDialogs } from "./screens/settings/vault-dialogs.tsx";
import { DeepLinks } from "./screens/transfer/links/deep-links.tsx";
import { TransferScreen } from "./screens/transfer/transfer-screen.tsx";
import { TransferNews } from "./screens/transfers/transfer-news.tsx";
import { TransfersPanel } from "./screens/transfers/transfers-panel.tsx";
import { TransfersScreen } from "./screens/transfers/transfers-screen.tsx";
import { useApplyAppearance } from "./state/appearance.ts";
import { tellByBrowser } from "./state/browser-notices.ts";
import { useConnection } from "./state/connection.ts";
import { loadEndpoints, useEndpoints } from "./state/endpoints.ts";
import { useNavigation } from "./state/navigation.ts";
import { loadSecrets } from "./state/secrets.ts";
import { loadSettings, useSettings } from "./state/settings.ts";
import { commonText } from "./text/common.ts";

export function App() {
  useApplyAppearance();
  useEffect(listenForCommands, []);
  useEffect(keepFocus, []);
  useEffect(tellByBrowser, []);
  const connection = useConnection();
  const screen = useNavigation((state) => state.screen);
  const open = connection.kind === "open";
  useEffect(() => {
    if (!open) return;
    void loadEndpoints();
    void loadSecrets();
    void loadSettings();
  }, [open]);

  if (connection.kind === "signed-out") return <SignedOut error={connection.error} />;
  return (
    <div className="flex h-full flex-col">
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <Rail />
        <Main screen={screen} />
      </div>
      <WhatNext />
      <StatusBar />
      <TransferNews />
      <PlanDialog />
      <DeepLinks />
      <RegistryDialogs />
      <VaultDialogs />
      <InspectDrawer />
      <CompareDrawer />
      <ReportDrawer />
      <LogDrawer />
      <CommandPalette />
      <ShortcutSheet />
    </div>
  );
}

const screens: Readonly<Record<ScreenName, () => ReactNode>> = {
  transfer: TransferWithQueue,
  transfers: TransfersScreen,
  jobs: JobsScreen,
  history: HistoryScreen,
  registries: RegistriesScreen,
  settings: SettingsScreen,
};

function Main({ screen }: { readonly screen: ScreenName }) {
  const { endpoints, loaded } = useEndpoints();
  const settingsLoaded = useSettings((state) => state.loaded);
  if (!loaded || !settingsLoaded) return <LoadingRows label={commonText.loading} rows={3} />;
  const Screen = endpoints.length === 0 && screen === "transfer" ? FirstStart : screens[screen];
  return (
    <main className="flex min-w-0 flex-1 flex-col">
      <h1 className="hidden-text">
        {commonText.product}: {commonText.screens[screen]}
      </h1>
      <Screen />
    </main>
  );
}

/** The home screen: both panes, and the newest transfers below them. */
function TransferWithQueue() {
  return (
    <RememberedSplit name="window" orientation="vertical" className="min-h-0 flex-1">
      <SplitPanel id="screen" minSize={220}>
        <div className="flex h-full min-w-0 flex-col">
          <TransferScreen />
        </div>
      </SplitPanel>
      <Splitter label={commonText.transfersHeight} direction="horizontal" />
      <SplitPanel id="transfers" defaultSize={220} minSize={36} groupResizeBehavior="preserve-pixel-size">
        <TransfersPanel />
      </SplitPanel>
    </RememberedSplit>
  );
}
