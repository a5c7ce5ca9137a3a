// Placeholder for the screen of saved registries.
export function RegistriesScreen() {
  return <section aria-label="Registries" className="h-full bg-surface" />;
}
